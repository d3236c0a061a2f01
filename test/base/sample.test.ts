import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSample, offer, sampled } from '../../src/base/sample.ts';
import { hashOf } from '../../src/replay/counters/span.ts';

test('a sample is the same in whatever order the items come, and of one in several parts', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(1000), { maxLength: 80 }), fc.integer({ min: 1, max: 20 }), (hashes, size) => {
      const take = (some: readonly number[]) => {
        const sample = newSample<string>(size);
        for (const hash of some) offer(sample, hash, `item ${hash}`);
        return sampled(sample);
      };
      expect(take(hashes.toReversed())).toEqual(take(hashes));
      expect(take(hashes)).toEqual(
        hashes
          .toSorted((left, right) => left - right)
          .slice(0, size)
          .map((hash) => `item ${hash}`),
      );
    }),
  );
});

test('an event’s hash follows from where it stands, and from nothing else', () => {
  const at = (device: string, incarnation: number, seq: number, stream?: string) =>
    hashOf({ device, incarnation, seq, stream });
  const hashes = [
    at('a', 1, 1),
    at('a', 1, 2),
    at('a', 2, 1),
    at('b', 1, 1),
    at('a', 1, 1, 'x'),
    at('a', 11, 1),
    at('a', 1, 11),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(at('a', 1, 1)).toBe(hashes[0]);
  expect(hashes.every(Number.isSafeInteger)).toBe(true);
});
