import { describe, expect, test } from 'vitest';
import { cutAsText } from '../../src/report/cut.ts';
import { explanationAsText } from '../../src/report/explanation.ts';
import { reporters } from '../../src/report/index.ts';
import { inspectionsAsText } from '../../src/report/inspection.ts';
import { cutAsJson, explanationAsJson, inspectionsAsJson } from '../../src/report/json.ts';
import type { ReportOptions } from '../../src/report/reporter.ts';
import type { RunReport } from '../../src/results.ts';
import {
  aborted,
  clean,
  crowded,
  cut,
  explanation,
  hostile,
  inspection,
  lostUpdate,
  notChecked,
  report,
  resurrected,
} from './fixtures.ts';
import { expectGolden } from './golden.ts';

const stories = { resurrected, 'lost-update': lostUpdate, clean, 'not-checked': notChecked, aborted, crowded, hostile };

describe.each(Object.entries(stories))('the story of %s', (name, story) => {
  test.each([80, 120])('as text of %i columns', (width) => {
    expectGolden(`${name}.${width}.txt`, print('text', [story], { width }));
  });

  test('as text with everything', () => {
    expectGolden(`${name}.all.txt`, print('text', [story], { all: true }));
  });

  test('in a line per finding', () => {
    expectGolden(`${name}.quiet.txt`, print('quiet', [story]));
  });
});

test('the story as JSON', () => {
  const printed = print('json', [resurrected]);
  expectGolden('resurrected.json', printed);
  expect(JSON.parse(printed)).toEqual(resurrected);
});

test('the story as NDJSON', () => {
  expectGolden('lost-update.ndjson', print('ndjson', [lostUpdate]));
});

test('NDJSON leaves nothing out', () => {
  const lines = print('ndjson', [crowded, clean])
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  const reports = lines
    .filter(({ type }) => type === 'verdict')
    .map(({ type, ...rest }) => ({
      ...rest,
      findings: lines
        .filter((line) => line.type === 'finding' && line.run === rest.run)
        .map(({ type, run, ...finding }) => finding),
    }));
  expect(reports).toEqual([crowded, clean]);
});

test('the story in colour', () => {
  const printed = print('text', [resurrected], { color: true });
  expectGolden('resurrected.color.txt', printed);
  expect(withoutColor(printed)).toBe(print('text', [resurrected]));
});

test.each(Object.entries(stories))('colour changes nothing else in %s', (_name, story) => {
  expect(withoutColor(print('text', [story], { color: true, all: true }))).toBe(print('text', [story], { all: true }));
});

test('several runs', () => {
  const runs = [resurrected, clean, notChecked];
  expectGolden('series.txt', print('text', runs, { paths: ['runs/'], flags: ['--mapping', 'my rules.json'] }));
  expectGolden('series.quiet.txt', print('quiet', runs));
  expect(JSON.parse(print('json', runs))).toEqual(runs);
});

test('no runs at all are not silence', () => {
  expect(print('text', [])).toBe('? no runs\n');
  expect(print('json', [])).toBe('[]\n');
});

test('quiet is silent only where all held', () => {
  expect(print('quiet', [clean])).toBe('');
  expect(print('quiet', [report({ verdict: 'not-checked' })])).toBe('run - not-checked - - - - - -\n');
});

test('quiet points at the line where the devices part', () => {
  expect(print('quiet', [resurrected])).toBe(
    'run-1 F1 violated resurrected bob UCT bob-peer2 +100 bob-peer1.ndjson:419\n',
  );
});

test.each([80, 120])('lines of %i columns fit, but for what cannot be broken', (width) => {
  for (const story of [resurrected, lostUpdate, clean, notChecked, aborted]) {
    const lines = print('text', [story], { width }).split('\n');
    expect(lines.filter((line) => [...line].length > width)).toEqual([]);
  }
});

test('no control character of a log reaches the terminal', () => {
  for (const name of ['text', 'quiet']) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(print(name, [hostile], { all: true })).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  }
});

test('a run that came through a pipe has no next command', () => {
  expect(print('text', [resurrected], { paths: ['-'] })).not.toContain('next:');
  expect(print('text', [resurrected], { paths: ["it's here/"] })).toContain("next: replay explain 'it'\\''s here/' F1");
});

test('an inspection', () => {
  expectGolden('inspection.80.txt', inspectionsAsText([inspection], options({})));
  expectGolden('inspection.120.txt', inspectionsAsText([inspection], options({ width: 120 })));
  expect(JSON.parse(inspectionsAsJson([inspection]))).toEqual(inspection);
  expect(JSON.parse(inspectionsAsJson([inspection, inspection]))).toEqual([inspection, inspection]);
});

test('an explanation', () => {
  expectGolden('explanation.80.txt', explanationAsText(explanation, options({})));
  expectGolden('explanation.all.txt', explanationAsText(explanation, options({ all: true, width: 120 })));
  expectGolden('explanation.color.txt', explanationAsText(explanation, options({ color: true })));
  expect(JSON.parse(explanationAsJson(explanation))).toEqual(explanation);
});

test('a long explanation keeps its beginning, its end and what the finding names', () => {
  const [line] = explanation.lines;
  const lines = Array.from({ length: 100 }, (_, index) => ({ ...line, line: index + 1, evidence: index === 50 }));
  const told = { ...explanation, lines: lines as typeof explanation.lines, linesOmitted: 7 };
  const text = explanationAsText(told, options({}));
  expect(text.match(/bob-peer1\.ndjson:\d+/g)?.length).toBe(31);
  expect(text).toContain('bob-peer1.ndjson:51 ');
  expect(text).toContain('69 lines between them left out (--all)');
  expect(text).toContain('… and 7 more lines of the same effects and tokens');
  expect(explanationAsText(told, options({ all: true })).match(/bob-peer1\.ndjson:\d+/g)?.length).toBe(100);
});

test('a finding without a stage, a line or a place is told all the same', () => {
  const bare = {
    ...explanation,
    finding: { ...explanation.finding, stage: null, blame: null, at: null },
    lines: [],
    counterfactual: { ...explanation.counterfactual, outcome: 'none' as const, sentence: 'no counterfactual: why' },
  };
  const text = explanationAsText(bare, options({}));
  expect(text).toContain('no line of the run bears on it');
  expect(text).not.toMatch(/stage|wrong side|replayed and judged|next:/);
});

test('a cut', () => {
  expectGolden('cut.80.txt', cutAsText(cut, options({})));
  expectGolden('cut.all.txt', cutAsText(cut, options({ all: true, width: 120 })));
  expect(JSON.parse(cutAsJson(cut))).toEqual(cut);
});

test.each(reporters.map(({ name }) => name))('%s of what is found while a run is written', (name) => {
  const early = reporters.find((candidate) => candidate.name === name)?.printEarly;
  const known = { id: '', follows: null, consequences: 0 };
  const story = { ...lostUpdate, findings: lostUpdate.findings.map((finding) => ({ ...finding, ...known })) };
  const news = (['found', 'taken-back'] as const).map((what) => early?.(story, what, options({})) ?? '').join('');
  expectGolden(`early.${name}.txt`, news);
});

function print(name: string, reports: readonly RunReport[], some: Partial<ReportOptions> = {}): string {
  const reporter = reporters.find((candidate) => candidate.name === name);
  return (
    reporter?.print(reports, options({ paths: reports.map(({ run }) => `${run}/`), ...some })) ?? 'no such reporter'
  );
}

function options(some: Partial<ReportOptions>): ReportOptions {
  return { width: 80, color: false, all: false, paths: ['run-1/'], flags: [], ...some };
}

function withoutColor(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is taken out
  return text.replace(/\x1b\[\d+m/g, '');
}
