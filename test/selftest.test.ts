import { expect, test } from 'vitest';
import { confusion, type Row, shortcomings } from './selftest/matrix.ts';
import { faultNames } from './simulator/index.ts';

test('the judge finds what the simulator did, says what and where, and accuses nobody else', {
  timeout: 120_000,
}, async () => {
  const rows: Row[] = [];
  for await (const row of confusion({ seed: 1, runs: 6, clean: 60 })) rows.push(row);
  expect(rows.map(({ fault }) => fault)).toEqual(['none', ...faultNames]);
  expect(rows.flatMap(shortcomings)).toEqual([]);
});
