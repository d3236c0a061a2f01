import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/base/statistics.ts';
import { growthOf } from '../../src/counters/growth.ts';

/** Points at 1, 2, … `count`, with noise of up to `noise` to either side. */
function points(count: number, y: (x: number) => number, noise = 0, seed = 1) {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => ({ x: index + 1, y: y(index + 1) + noise * (2 * random() - 1) }));
}

describe('growth', () => {
  test.each([1, 2, 3, 4, 5])('is linear where y = 3x and some noise (seed %i)', (seed) => {
    const { shape, slope } = growthOf(points(40, (x) => 3 * x, 4, seed));
    expect(shape).toBe('linear');
    expect(slope?.value).toBeCloseTo(3, 0);
    expect(slope?.low).toBeLessThanOrEqual(3);
    expect(slope?.high).toBeGreaterThanOrEqual(3);
  });

  test.each([0, 1, 2, 3])('is quadratic where y = x² (seed %i)', (seed) => {
    const { shape, square } = growthOf(points(40, (x) => x * x, seed === 0 ? 0 : 30, seed));
    expect(shape).toBe('quadratic');
    expect(square).toBeCloseTo(1, 1);
  });

  test('is not decided in noise, or in one of many seeds by chance', () => {
    const shapes = Array.from({ length: 60 }, (_, seed) => growthOf(points(40, () => 100, 100, seed + 1)).shape);
    expect(shapes.filter((shape) => shape !== 'not-decided').length).toBeLessThanOrEqual(3);
  });

  test('is none where the height stays', () => {
    expect(growthOf(points(40, () => 100, 2)).shape).toBe('flat');
    expect(growthOf(points(12, () => 0)).shape).toBe('flat');
  });

  test('falls where it falls', () => expect(growthOf(points(30, (x) => 500 - 5 * x, 3)).shape).toBe('falls'));

  test('has no shape where the points stand too close to tell', () => {
    const near = points(30, (x) => x, 0).map(({ x }, index) => ({ x: 100 + x / 10, y: x + (index % 2) }));
    expect(growthOf(near)).toMatchObject({ shape: 'grows', square: null });
  });

  test.each([
    [points(7, (x) => x), 'needs 8'],
    [points(20, (x) => x).map(({ y }) => ({ x: 5, y })), 'the other hardly varies'],
    [[], 'needs 8'],
  ])('is not decided with too little', (some, reason) => {
    expect(growthOf(some)).toMatchObject({ shape: 'not-decided', slope: null, reason });
  });

  test('does not depend on the order of the points', () => {
    const some = points(30, (x) => x * 2, 20);
    expect(growthOf(some.toReversed())).toEqual(growthOf(some));
  });
});
