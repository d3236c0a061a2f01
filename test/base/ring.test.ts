import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from '../../src/base/ring.ts';

/** A piece is taken and filled, or one of those that are there is given back. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ take: fc.nat({ max: 900 }) }) },
  { weight: 3, arbitrary: fc.record({ giveBack: fc.nat({ max: 3 }) }) },
);

test('each piece holds what was put into it, whichever others are taken and given back', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const ring = new Ring();
      const pieces: { readonly key: number; readonly count: number; readonly filling: number }[] = [];
      for (const [filling, each] of steps.entries()) {
        if ('take' in each) {
          const key = ring.take(each.take);
          ring.integers.fill(filling, ring.at(key), ring.at(key) + each.take);
          pieces.push({ key, count: each.take, filling });
        } else {
          const [gone] = pieces.splice(each.giveBack, 1);
          if (gone) ring.giveBack(gone.key);
        }
        for (const { key, count, filling: put } of pieces) {
          const at = ring.at(key);
          expect(at % 2).toBe(0);
          expect(ring.integers.subarray(at, at + count).every((value) => value === put)).toBe(true);
        }
      }
    }),
  );
});

test('its length follows what is in use, however much went through it', () => {
  const ring = new Ring();
  const keys: number[] = [];
  for (let piece = 0; piece < 100_000; piece += 1) {
    keys.push(ring.take(100 + (piece % 7)));
    // Now and then out of order.
    if (keys.length > 10) ring.giveBack(keys.splice(piece % 3, 1)[0] as number);
  }
  expect(ring.integers.length).toBeLessThanOrEqual(4096);
});

test('integers and numbers are the same memory', () => {
  const ring = new Ring();
  for (let piece = 0; piece < 300; piece += 1) {
    const key = ring.take(8);
    ring.numbers[ring.at(key) / 2] = piece + 0.5;
    expect(new Float64Array(ring.integers.slice(ring.at(key), ring.at(key) + 2).buffer)[0]).toBe(piece + 0.5);
  }
});
