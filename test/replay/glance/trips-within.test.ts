import fc from 'fast-check';
import { expect, test } from 'vitest';
import { longestChain, unionLength } from '../../../src/base/intervals.ts';
import { TripsWithin } from '../../../src/replay/glance/operations/trips-within.ts';

const trip = fc.record({ start: fc.nat({ max: 30 }), took: fc.nat({ max: 9 }) });

test('trips in any order come to what they come to as intervals', () => {
  const within = new TripsWithin();
  fc.assert(
    fc.property(fc.array(trip, { maxLength: 12 }), fc.constantFrom(0, 1, 5), (trips, slack) => {
      within.clear();
      const intervals = trips.map(({ start, took }) => ({ start, end: start + took }));
      for (const { start, end } of intervals) within.add(start, end);
      expect(within.count).toBe(trips.length);
      expect(within.tripsUs()).toBe(trips.reduce((sum, { took }) => sum + took, 0));
      expect(within.unionUs()).toBe(unionLength(intervals));
      expect(within.chainUs(slack)).toBe(longestChain(intervals, slack).length);
    }),
    { numRuns: 1_000 },
  );
});
