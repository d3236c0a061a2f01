import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unionLength } from '../../src/base/intervals.ts';
import { cover, coveredLength, coveredWithin, noCoverage } from '../../src/replay/counters/coverage.ts';

const intervals = fc.array(
  fc.tuple(fc.nat(200), fc.nat(30)).map(([start, length]) => ({ start, end: start + length })),
  { maxLength: 40 },
);

test('what is covered does not depend on the order, and is never more than the wall', () => {
  fc.assert(
    fc.property(intervals, fc.nat(200), fc.nat(60), (some, from, length) => {
      const [there, back] = [noCoverage(), noCoverage()];
      for (const { start, end } of some) cover(there, start, end);
      for (const { start, end } of some.toReversed()) cover(back, start, end);
      expect(coveredLength(there)).toBe(unionLength(some));
      expect(coveredLength(back)).toBe(unionLength(some));
      expect(coveredLength(there)).toBeLessThanOrEqual(230);
      const within = some
        .map(({ start, end }) => ({ start: Math.max(start, from), end: Math.min(end, from + length) }))
        .filter(({ start, end }) => end > start);
      expect(coveredWithin(there, from, from + length)).toBe(unionLength(within));
    }),
  );
});

test('many separate intervals are added up and let go; one that reaches back makes it an upper bound', () => {
  const coverage = noCoverage();
  for (let at = 0; at < 20_000; at++) cover(coverage, at * 10, at * 10 + 3);
  expect(coveredLength(coverage)).toBe(60_000);
  expect(coverage.starts.length).toBeLessThanOrEqual(4096);
  expect(coverage.exact).toBe(true);
  cover(coverage, 0, 200_000);
  expect(coverage.exact).toBe(false);
  expect(coveredLength(coverage)).toBeGreaterThanOrEqual(200_000);
});
