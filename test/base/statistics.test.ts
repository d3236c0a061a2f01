import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bootstrapInterval, createRandom, quantile, theilSen } from '../../src/base/statistics.ts';

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 });
const points = fc.array(fc.record({ x: fc.integer({ min: 0, max: 20 }), y: fc.integer({ min: -100, max: 100 }) }), {
  maxLength: 40,
});

describe('createRandom', () => {
  test('draws the same numbers for one seed, in [0, 1), and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1)[0]).toBe(0.6270739405881613);
    const many = Array.from({ length: 10_000 }, createRandom(7));
    expect(many.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(many.reduce((sum, number) => sum + number, 0) / many.length).toBeCloseTo(0.5, 1);
  });
});

describe('quantile', () => {
  test.each([
    [[5], 0.95, 5],
    [[1, 2], 0.5, 1.5],
    [[1, 2, 3], 0.5, 2],
    [[0, 10], 0.95, 9.5],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
    [[1, 2, 3], 7, 3],
  ])('of %j at %d is %d', (sorted, q, expected) => expect(quantile(sorted, q)).toBeCloseTo(expected, 12));

  test('lies among the numbers and grows with the share', () => {
    fc.assert(
      fc.property(
        numbers,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, a, b) => {
          const sorted = all.sort((left, right) => left - right);
          const [low, high] = [quantile(sorted, Math.min(a, b)), quantile(sorted, Math.max(a, b))];
          expect(low).toBeLessThanOrEqual(high);
          expect(low).toBeGreaterThanOrEqual(sorted[0] as number);
          expect(high).toBeLessThanOrEqual(sorted.at(-1) as number);
        },
      ),
    );
  });

  test('of nothing is a fault of the caller', () => expect(() => quantile([], 0.5)).toThrow('no numbers'));
});

describe('theilSen', () => {
  test('finds a line, whatever a fifth of the points say', () => {
    const line = Array.from({ length: 20 }, (_, x) => ({ x, y: x % 5 === 0 ? 10_000 : 3 * x + 7 }));
    expect(theilSen(line)).toEqual({ slope: 3, intercept: 7 });
  });

  test('has no answer where all stand at one x', () => {
    expect([theilSen([]), theilSen([{ x: 1, y: 2 }])]).toEqual([null, null]);
    expect(theilSen(Array.from({ length: 5000 }, (_, y) => ({ x: 1, y })))).toBeNull();
  });

  test('does not depend on the order of the points, drawn pairs or all', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 50 }), (all, pairs) => {
        const turned = [...all].reverse();
        expect(theilSen(turned)).toEqual(theilSen(all));
        expect(theilSen(turned, { pairs })).toEqual(theilSen(all, { pairs }));
      }),
    );
  });

  test('comes near with pairs drawn from many points', () => {
    const random = createRandom(3);
    const many = Array.from({ length: 5000 }, (_, x) => ({ x, y: 2 * x + 100 * (random() - 0.5) }));
    expect(theilSen(many, { pairs: 10_000 })?.slope).toBeCloseTo(2, 1);
  });

  test('has an answer where one point of many stands apart', () => {
    const many = Array.from({ length: 3000 }, (_, index) => ({ x: index === 0 ? 1 : 0, y: index === 0 ? 5 : 0 }));
    expect(theilSen(many, { pairs: 1 })).toEqual({ slope: 5, intercept: 0 });
  });
});

describe('bootstrapInterval', () => {
  const median = (items: readonly number[]) =>
    quantile(
      [...items].sort((left, right) => left - right),
      0.5,
    );
  const options = { resamples: 400, level: 0.95, seed: 1 };

  test('holds the truth about as often as it says', () => {
    let held = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const items = Array.from({ length: 40 }, createRandom(seed));
      const interval = bootstrapInterval(items, median, { ...options, seed });
      if (interval && interval.low <= 0.5 && interval.high >= 0.5) held++;
    }
    expect(held).toBeGreaterThanOrEqual(88);
  });

  test('is the same for one seed', () => {
    const items = [1, 5, 2, 8, 3, 9];
    expect(bootstrapInterval(items, median, options)).toEqual(bootstrapInterval(items, median, options));
  });

  test('has no answer for two items, or where most draws have none', () => {
    expect(bootstrapInterval([1, 2], median, options)).toBeNull();
    expect(bootstrapInterval([1, 2, 3], () => null, options)).toBeNull();
    expect(bootstrapInterval([1, 2, 3], () => Number.NaN, options)).toBeNull();
  });
});
