import { bootstrapInterval, type Point, quantile, theilSen } from '../base/statistics.ts';
import type { GrowthRow } from '../results-top.ts';

/** What is made of points: how `y` grows with `x`. */
export type Grown = Pick<GrowthRow, 'points' | 'shape' | 'slope' | 'square' | 'reason'>;

/** How sure an answer must be: tables have many rows, and one in twenty would be wrong by chance at the usual 0.95. */
export const growthLevel = 0.99;

const fewestPoints = 8;
const fewestPlaces = 3;
const resamples = 400;
const pairs = 800;
/** A rise over all that was seen of less than this share of the usual height is none. */
const flatShare = 0.2;

/**
 * Whether `y` grows with `x`, by a slope that no few outliers can turn and an interval for it by resampling; and then whether a straight
 * line or a square fits better, if the better one is so in nearly every resample. Where points do not suffice, that is the answer.
 */
export function growthOf(given: readonly Point[]): Grown {
  const points = given.toSorted((left, right) => left.x - right.x || left.y - right.y);
  const undecided = (reason: string): Grown => ({
    ...{ points: points.length, shape: 'not-decided', slope: null, square: null, reason },
  });
  if (points.length < fewestPoints) return undecided(`needs ${fewestPoints}`);
  if (new Set(points.map(({ x }) => x)).size < fewestPlaces) return undecided('the other hardly varies');
  const line = theilSen(points, { pairs });
  const interval = bootstrapInterval(points, (some) => theilSen(some, { pairs })?.slope ?? null, {
    ...{ resamples, level: growthLevel, seed: 1 },
  });
  if (line === null || interval === null) return undecided('the other hardly varies');
  const slope = { value: line.slope, low: interval.low, high: interval.high };
  const grown = (shape: Grown['shape'], square: number | null = null, reason: string | null = null): Grown => ({
    ...{ points: points.length, shape, slope, square, reason },
  });
  if (slope.low <= 0 && slope.high >= 0)
    return isFlat(points, slope) ? grown('flat') : grown('not-decided', null, 'the interval holds 0');
  if (slope.high < 0) return grown('falls');
  const { shape, square } = shapeOf(points);
  return grown(shape, shape === 'quadratic' ? square : null);
}

function isFlat(points: readonly Point[], { low, high }: { readonly low: number; readonly high: number }): boolean {
  const width = (points.at(-1) as Point).x - (points[0] as Point).x;
  const heights = points.map(({ y }) => y).sort((left, right) => left - right);
  return Math.max(-low, high) * width <= flatShare * quantile(heights, 0.5);
}

/** Which fits: a line in `x` or one in `x²`, both of two parameters, by the sum of what they leave over. */
function shapeOf(points: readonly Point[]): {
  readonly shape: 'linear' | 'quadratic' | 'grows';
  readonly square: number;
} {
  const balance = (some: readonly Point[]) => {
    const [straight, square] = [misfit(some), misfit(squared(some))];
    if (straight === null || square === null) return null;
    return straight === square ? 0 : (straight - square) / (straight + square);
  };
  const interval = bootstrapInterval(points, balance, { resamples, level: growthLevel, seed: 2 });
  const square = theilSen(squared(points), { pairs })?.slope ?? 0;
  if (interval === null || (interval.low <= 0 && interval.high >= 0)) return { shape: 'grows', square };
  return { shape: interval.high < 0 ? 'linear' : 'quadratic', square };
}

function squared(points: readonly Point[]): Point[] {
  return points.map(({ x, y }) => ({ x: x * x, y }));
}

function misfit(points: readonly Point[]): number | null {
  const line = theilSen(points, { pairs });
  return line && points.reduce((sum, { x, y }) => sum + Math.abs(y - line.intercept - line.slope * x), 0);
}
