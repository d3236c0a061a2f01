import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equalSteps, partAt, piecesOf, shareOut } from '../../src/replay/counters/scale.ts';

const cuts = fc
  .uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 6 })
  .map((some) => some.sort((a, b) => a - b));
const interval = fc.tuple(fc.integer({ min: -20, max: 120 }), fc.integer({ min: 0, max: 90 }));

describe('piecesOf', () => {
  test.each([
    [[10, 20], 12, 15, [[1, 3]]],
    [
      [10, 20],
      5,
      25,
      [
        [0, 5],
        [1, 10],
        [2, 5],
      ],
    ],
    [[10, 20], 5, 10, [[0, 5]]],
    [[10, 20], 10, 20, [[1, 10]]],
    [[10, 20], 10, 10, [[1, 0]]],
    [[], 3, 9, [[0, 6]]],
  ])('of %j, from %i to %i', (scale, start, end, expected) => {
    expect(piecesOf(scale, start, end).map(({ part, length }) => [part, length])).toEqual(expected);
  });

  test('parts an interval without a gap, in ascending parts', () => {
    fc.assert(
      fc.property(cuts, interval, (scale, [start, length]) => {
        const pieces = piecesOf(scale, start, start + length);
        expect(pieces.reduce((sum, piece) => sum + piece.length, 0)).toBe(length);
        let at = start;
        for (const piece of pieces) {
          expect(partAt(scale, at)).toBe(piece.part);
          at += piece.length;
        }
        expect(pieces.length === 1 || pieces.every((piece) => piece.length > 0)).toBe(true);
      }),
    );
  });
});

describe('shareOut', () => {
  test('hands out everything, in shares that are never negative, by length', () => {
    const pieces = fc.array(fc.record({ part: fc.nat(9), length: fc.nat(1e9) }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.nat(Number.MAX_SAFE_INTEGER), pieces, (amount, some) => {
        const shares = shareOut(amount, some);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(amount);
        expect(shares.every((share) => Number.isSafeInteger(share) && share >= 0)).toBe(true);
      }),
    );
    expect(
      shareOut(100, [
        { part: 0, length: 1 },
        { part: 1, length: 3 },
      ]),
    ).toEqual([25, 75]);
  });
});

test('equal steps reach from end to end', () => {
  expect(equalSteps(0, 100, 4)).toEqual([25, 50, 75]);
  expect(piecesOf(equalSteps(0, 0, 4), 0, 0)).toEqual([{ part: 3, length: 0 }]);
});
