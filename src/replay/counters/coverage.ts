/** The union of intervals of one clock, in whole microseconds; plain data, kept small by adding up what is long past. */
export interface Coverage {
  /** The intervals that may still grow, apart from each other and ascending. */
  readonly starts: number[];
  readonly ends: number[];
  /** What was covered by intervals that were let go, and until when. */
  folded: number;
  foldedUntil: number;
  /** False once an interval reached back to before what was let go: then the length is an upper bound. */
  exact: boolean;
}

/** How many separate intervals are kept; beyond it the older half is added up and let go. */
const mostIntervals = 4096;

/** Nothing covered. */
export function noCoverage(): Coverage {
  return { starts: [], ends: [], folded: 0, foldedUntil: Number.NEGATIVE_INFINITY, exact: true };
}

/** Adds an interval. Cheap where intervals come nearly in the order of their ends, as they do in a log. */
export function cover(coverage: Coverage, start: number, end: number): void {
  if (end <= start) return;
  const { starts, ends } = coverage;
  if (start < coverage.foldedUntil) coverage.exact = false;
  // The intervals that touch the new one lie between `from` and `to`.
  let from = ends.length;
  while (from > 0 && (ends[from - 1] as number) >= start) from--;
  let to = from;
  let [low, high] = [start, end];
  while (to < starts.length && (starts[to] as number) <= high) {
    low = Math.min(low, starts[to] as number);
    high = Math.max(high, ends[to] as number);
    to++;
  }
  if (from === ends.length) {
    starts.push(low);
    ends.push(high);
  } else {
    starts.splice(from, to - from, low);
    ends.splice(from, to - from, high);
  }
  if (starts.length > mostIntervals) fold(coverage);
}

/** How much is covered. */
export function coveredLength({ starts, ends, folded }: Coverage): number {
  return starts.reduce((sum, start, index) => sum + (ends[index] as number) - start, folded);
}

/** How much of an interval is covered, as far as it was not let go. */
export function coveredWithin({ starts, ends }: Coverage, start: number, end: number): number {
  return starts.reduce(
    (sum, from, index) => sum + Math.max(0, Math.min(end, ends[index] as number) - Math.max(start, from)),
    0,
  );
}

function fold(coverage: Coverage): void {
  const half = mostIntervals / 2;
  const starts = coverage.starts.splice(0, half);
  const ends = coverage.ends.splice(0, half);
  for (const [index, start] of starts.entries()) coverage.folded += (ends[index] as number) - start;
  coverage.foldedUntil = ends.at(-1) as number;
}
