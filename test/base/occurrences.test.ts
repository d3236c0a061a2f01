import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countWhere, nearestRanks, note, type Occurrences, sumOf } from '../../src/base/occurrences.ts';

test('numbers that were noted are counted, summed and ranked as the list of them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -3, max: 12 }), { minLength: 1, maxLength: 40 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (numbers, ranks) => {
        const occurrences: Occurrences = new Map();
        for (const number of numbers) note(occurrences, number);
        const sorted = numbers.toSorted((left, right) => left - right);
        expect(sumOf(occurrences)).toBe(numbers.reduce((sum, number) => sum + number, 0));
        expect(countWhere(occurrences, (number) => number > 4)).toBe(numbers.filter((number) => number > 4).length);
        expect(nearestRanks(occurrences, [...ranks, 0, 1])).toEqual(
          [...ranks, 0, 1].map((rank) => sorted[Math.max(0, Math.ceil(rank * sorted.length) - 1)]),
        );
      },
    ),
  );
  expect(() => nearestRanks(new Map(), [0.5])).toThrow('no numbers');
});
