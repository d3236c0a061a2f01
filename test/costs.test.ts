import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { roundTripsAsText } from '../src/report/round-trips.ts';
import { countRoundTrips, parseBudgets, type RoundTripOptions } from '../src/round-trips.ts';
import { filesOf, goldenText, samplesFolder } from './samples/golden.ts';
import { payments } from './samples/payments.ts';
import { tell } from './story/tell.ts';

const stories = new URL('./samples/costs/', import.meta.url);
const codes = readdirSync(stories)
  .filter((name) => name.endsWith('.story'))
  .map((name) => name.slice(0, -'.story'.length));

/** The reports on a sample, and what a person reads at 80 columns. */
async function answerTo(sample: string, options: Omit<RoundTripOptions, 'paths'>) {
  const reports = await countRoundTrips({ ...options, paths: [join(samplesFolder, sample)] });
  const paths = [join('logs-sample', sample)];
  return { reports, text: roundTripsAsText(reports, { width: 80, color: false, all: false, paths, flags: [] }) };
}

describe('the sample round-trips', () => {
  test('is what our program of payments writes', async () => {
    expect(await filesOf('round-trips', payments())).toEqual(payments());
  });

  test.each(['op', 'window=50ms', 'blocks'])('gets its expected answer, with --what-if %s', async (whatIf) => {
    const { text } = await answerTo('round-trips', { whatIf });
    expect(text).toBe(await goldenText(`round-trips.what-if-${whatIf.replace('=', '-')}`, text));
  });

  test('has the trips that the program made', async () => {
    const { reports } = await answerTo('round-trips', {});
    const lines = Object.values(payments())
      .join('')
      .split('\n')
      .filter((line) => /"type":"(verify|request)"/.test(line));
    const { trips, retries, byOperation } = reports[0]?.roundTrips ?? {};
    expect(trips).toBe(lines.filter((line) => line.includes('"attempt":1,')).length);
    expect(retries).toBe(2);
    expect(byOperation?.map(({ op, operations }) => `${op} ${operations}`).sort()).toEqual([
      'clear-outbox 4',
      'deliver-invoice 9',
      'pay 18',
    ]);
  });
});

describe.each(codes)('the catalogue’s %s', (code) => {
  const told = readFileSync(new URL(`${code}.story`, stories), 'utf8');
  const [run = '', innocent = ''] = told.split('=== innocent\n');
  const budgets = parseBudgets([...told.matchAll(/^# budget: (.+)$/gm)].map(([, budget]) => budget as string));

  test.each([
    ['run', run, 'violated'],
    ['innocent', innocent, 'held'],
  ])('has its %s, and its expected answer', async (kind, story, verdict) => {
    const name = join('catalogue', code, kind);
    const files = tell(story);
    expect(await filesOf(name, files)).toEqual(files);
    const { reports, text } = await answerTo(name, { budgets });
    expect(text).toBe(await goldenText(name, text));
    expect(reports.map((report) => report.verdict)).toEqual([verdict]);
    const violated = reports.flatMap(({ findings }) => findings).filter((finding) => finding.verdict === 'violated');
    expect(violated.map((finding) => finding.code)).toEqual(verdict === 'violated' ? [code] : []);
  });
});
