import { describe, expect, test } from 'vitest';
import { bar, sparkline } from '../../src/report/bars.ts';
import { formatDuration, formatShare } from '../../src/report/duration.ts';
import type { ReportOptions } from '../../src/report/reporter.ts';
import { widthOf } from '../../src/report/table.ts';
import { topAsText } from '../../src/report/top.ts';
import { type TopOptions, topCounters } from '../../src/top.ts';
import { dump, filesOf, type Line, operation, request, section } from '../counters/log.ts';
import { type Files, inFolder } from '../story.ts';
import { expectGolden } from './golden.ts';

const page: ReportOptions = { width: 80, color: false, all: false, paths: ['run-1'], flags: [] };

async function told(files: Files, question: Omit<TopOptions, 'paths'> = {}, options: Partial<ReportOptions> = {}) {
  const reports = await inFolder(files, 'run-1', (folder) => topCounters({ limit: 10, ...question, paths: [folder] }));
  return topAsText(reports, { ...page, ...options });
}

/** A device that pays once a window; it dumps its counters every ten seconds, and not as it ends. */
function payer(windows: number, slower: number): Line[] {
  const lines = Array.from({ length: windows }, (_, index): readonly Line[] => {
    const at = 10_000 * index;
    const trips = [request('pin', at + 3000, 250 * slower, `o${index}`), request('pin', at + 3400, 500, `o${index}`)];
    return [
      ...operation('pay', `o${index}`, [at + 1000, at + 6000 + 100 * index], trips),
      dump(at + 10_000, 10_000, {
        'profile.load.totalMs': [40 + index, 14_000 + 900 * index, 2000],
        'orbitdb.putEntry.bundle': [12, 110.25 * slower, 31],
        'flushScheduler.flushToIpfs.waitForThePreviousOneToSettle': [1, 0.22],
        'bundles.known': [index + 3],
        'proof.verifyLocally': [56_517],
      }),
    ];
  });
  return [['device.start', 0], ...lines.flat(), ['device.end', windows * 10_000 + 4000, { quiescent: true }]];
}

const soak = filesOf({
  'bob-peer1': payer(10, 1),
  'bob-peer2': payer(9, 2),
  'bob-peer3': [
    ['device.start', 20_000],
    ['device.end', 23_000, { quiescent: true }],
  ],
  script: [section('§C.1', 0, 'bob pays'), section('§C.2', 52_500, 'bob pays again'), section('§D', 80_000, 'idle')],
});

const question = {
  against: 'bundles.known',
  identities: ['proof.verifyLocally == 1073823', 'pin == op:pay + 20', 'pin == dag/put'],
};

describe('the tables', () => {
  test('of a soak', async () => expectGolden('top.80.txt', await told(soak, question)));
  test('of a soak, by section', async () =>
    expectGolden('top.section.txt', await told(soak, { grouping: 'section', limit: 2 })));
  test('of a soak, by operation', async () =>
    expectGolden('top.op.txt', await told(soak, { grouping: 'op', limit: 3 })));
  test('in colour', async () => expectGolden('top.color.txt', await told(soak, question, { color: true })));

  test('of a run that says nothing of time', async () => {
    const text = await told(filesOf({ peer1: [['device.start', 0]] }), { identities: ['a == b'] });
    expect(text).toContain('nothing here says how long anything took');
    expect(text).toContain('? a == b   not checked: a does not occur; b does not occur');
    expect(topAsText([], page)).toBe('no runs\n');
  });

  test('of hundreds of counters with names of any kind stay on their page', async () => {
    const names = Array.from({ length: 200 }, (_, index) => `counter.${'step.'.repeat(index % 9)}${index}`);
    names.push('\u001b[31mred', 'пример', 'a b', '');
    const counters = Object.fromEntries(
      names.map((name, index) => [name, index % 3 ? [index + 1, index * 7.125] : [index]]),
    );
    const text = await told(filesOf({ peer1: [['device.start', 0], dump(1000, 1000, counters)] }), { limit: 300 });
    for (const line of text.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
    expect(text).toContain('\\x1b[31mred');
    expect(await told(filesOf({ peer1: [dump(1000, 1000, counters)] }))).toContain('… and 126 more names (-n 136)');
  });
});

test.each([
  [0, '0'],
  [0.0004, '<1 µs'],
  [0.22, '220 µs'],
  [0.9994, '999 µs'],
  [0.9996, '1.0 ms'],
  [9.94, '9.9 ms'],
  [9.96, '10 ms'],
  [38, '38 ms'],
  [999.4, '999 ms'],
  [999.6, '1.0 s'],
  [412_600, '412.6 s'],
  [999_949, '999.9 s'],
  [1_234_400, '1,234 s'],
  [-11, '−11 ms'],
])('%d ms is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

test.each([
  [0, '0 %'],
  [0.0004, '<0.1 %'],
  [0.011, '1.1 %'],
  [0.0996, '10 %'],
  [0.72, '72 %'],
  [1, '100 %'],
])('%d is %s', (share, text) => expect(formatShare(share)).toBe(text));

test('a bar has what is there at all, and no more than its width', () => {
  expect([0, 0.001, 50, 97, 100].map((value) => bar(value, 100, 10))).toEqual([
    '',
    '▏',
    '█████',
    '█████████▊',
    '██████████',
  ]);
  expect(bar(5, 0, 10)).toBe('');
});

test('a sparkline has a column for each step', () => {
  expect(sparkline([0, 1, 4, 8, 0])).toBe(' ▂▅█ ');
  expect(sparkline([0, 0])).toBe('  ');
  expect(sparkline([])).toBe('');
});
