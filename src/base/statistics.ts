/** A point of a scatter: `y` is what is asked to grow with `x`. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A straight line: `y = intercept + slope · x`. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/** What lies between two bounds, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How an interval is drawn by resampling. */
export interface BootstrapOptions {
  /** How many samples are drawn, with replacement, each as large as what was given. */
  readonly resamples: number;
  /** The share of them that lies inside of the interval: 0.95. */
  readonly level: number;
  readonly seed: number;
}

/** Numbers, none smaller than the one before it. */
export type Sorted = readonly number[] | Float64Array | Int32Array;

/** As many pairs as 2,000 points have: past them, slopes of pairs are drawn and not all taken. */
const mostPairs = 2_000_000;

/** Below this many points an interval by resampling says nothing: it would be as wide as the points lie, or too narrow. */
const fewestToResample = 3;

/**
 * A generator of numbers in [0, 1), the same for one seed on every machine and every Node (mulberry32). Good for sampling,
 * not for secrets.
 */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/**
 * The value below which the share `q` of the sorted numbers lies, between two neighbours in proportion: `quantile(x, 0.5)` is
 * the median. Throws for no numbers, of which there is no quantile: whoever asks must have said so before.
 */
export function quantile(sorted: Sorted, q: number): number {
  if (sorted.length === 0) throw new Error('quantile: no numbers');
  const place = Math.min(1, Math.max(0, q)) * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low === high ? low : low + (high - low) * (place - below);
}

/**
 * The line through points by the median of the slopes between pairs (Theil and Sen): up to 29 % of the points may lie anywhere.
 * `null` where there are not two different `x`. Past `pairs` pairs, that many are drawn, the same ones for the same points in
 * whatever order. Costs the sorting of the pairs: 2,000 points take about half a second, so ask for fewer pairs in a loop.
 */
export function theilSen(
  points: readonly Point[],
  { pairs = mostPairs }: { readonly pairs?: number } = {},
): Line | null {
  const sorted = [...points].sort((left, right) => left.x - right.x || left.y - right.y);
  const slopes = slopesOf(sorted, pairs);
  if (slopes.length === 0) return null;
  const slope = quantile(slopes.sort(), 0.5);
  const residuals = Float64Array.from(sorted, ({ x, y }) => y - slope * x).sort();
  return { slope, intercept: quantile(residuals, 0.5) };
}

/**
 * Where a statistic of the items may lie, by drawing from them with replacement: the middle `level` of what comes out. `null` with
 * fewer than three items, or where more than half of the draws have no answer. It supposes that the items do not depend on each
 * other; that they come in one order for one answer is the caller's care.
 */
export function bootstrapInterval<Item>(
  items: readonly Item[],
  statistic: (items: readonly Item[]) => number | null,
  { resamples, level, seed }: BootstrapOptions,
): Interval | null {
  if (items.length < fewestToResample) return null;
  const random = createRandom(seed);
  const found: number[] = [];
  for (let resample = 0; resample < resamples; resample++) {
    const value = statistic(items.map(() => items[Math.floor(random() * items.length)] as Item));
    if (value !== null && Number.isFinite(value)) found.push(value);
  }
  if (found.length * 2 <= resamples) return null;
  found.sort((left, right) => left - right);
  const outside = (1 - level) / 2;
  return { low: quantile(found, outside), high: quantile(found, 1 - outside) };
}

/** The slopes of all pairs of points, or of `most` of them drawn; a pair of one `x` has none. The points are sorted by `x`. */
function slopesOf(sorted: readonly Point[], most: number): Float64Array {
  const { length } = sorted;
  if (new Set(sorted.map(({ x }) => x)).size < 2) return new Float64Array();
  const slopes: number[] = [];
  const add = (left: Point, right: Point) => {
    if (left.x !== right.x) slopes.push((right.y - left.y) / (right.x - left.x));
  };
  if ((length * (length - 1)) / 2 <= most) {
    for (let left = 0; left < length; left++)
      for (let right = left + 1; right < length; right++) add(sorted[left] as Point, sorted[right] as Point);
    return Float64Array.from(slopes);
  }
  const random = createRandom(length);
  const anyPoint = () => sorted[Math.floor(random() * length)] as Point;
  for (let pair = 0; pair < most; pair++) add(anyPoint(), anyPoint());
  // Where nearly all points share one `x`, none of the drawn pairs may have a slope: the outermost points always have one.
  if (slopes.length === 0) add(sorted[0] as Point, sorted[length - 1] as Point);
  return Float64Array.from(slopes);
}
