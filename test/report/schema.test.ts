import { expect, test } from 'vitest';
import { reporters } from '../../src/report/index.ts';
import { reportSchema } from '../../src/report/schema.ts';
import type { RunReport } from '../../src/results.ts';
import { aborted, clean, crowded, finding, hostile, lostUpdate, notChecked, report, resurrected } from './fixtures.ts';
import { schemaFaults } from './schema-faults.ts';

const all = [resurrected, lostUpdate, clean, notChecked, aborted, crowded, hostile];

test.each(all.map((story) => [story.run, story]))('the report of %s is as the schema says', (_run, story) => {
  expect(faults(printed([story]))).toEqual([]);
});

test('so are several reports, and none', () => {
  expect(faults(printed(all))).toEqual([]);
  expect(faults([])).toEqual([]);
});

test('so are places in a JSON document and fractions of a millisecond', () => {
  const at = { file: 'trace.json', item: 7, device: 'bob-peer1', incarnation: 1, seq: 9, time: 1_748_642_400_123.5 };
  const evidence = [{ file: 'trace.json', item: 7, role: 'writes e1' }];
  expect(faults(printed([report({ findings: [finding({ at, evidence })] })]))).toEqual([]);
});

test.each<[string, (report: Record<string, unknown>) => void]>([
  ['a missing key', (broken) => delete broken.verdict],
  ['an unknown verdict', (broken) => Object.assign(broken, { verdict: 'fine' })],
  [
    'an amount that is a number',
    (broken) =>
      Object.assign(broken, { devices: [{ ...clean.devices[0], balances: [{ coin: 'UCT', amount: 1, tokens: 1 }] }] }),
  ],
  [
    'a finding without a place',
    (broken) => Object.assign(broken, { findings: [finding({ evidence: [{ file: 'x', role: 'y' } as never] })] }),
  ],
  [
    'a code that is no word',
    (broken) => Object.assign(broken, { findings: [finding({ code: 'Gremlins!' as never })] }),
  ],
])('%s is not', (_what, breakIt) => {
  const broken = structuredClone(clean) as unknown as Record<string, unknown>;
  breakIt(broken);
  expect(faults(broken)).not.toEqual([]);
});

function printed(reports: readonly RunReport[]): unknown {
  const json = reporters.find(({ name }) => name === 'json');
  return JSON.parse(json?.print(reports, { width: 80, color: false, all: false, paths: [], flags: [] }) ?? '');
}

function faults(value: unknown): string[] {
  return schemaFaults(value, reportSchema);
}
