import { nearestRanks, type Occurrences, sumOf } from '../base/occurrences.ts';
import { quantile, type Sorted } from '../base/statistics.ts';
import type { CountSpread, Spread } from '../results-round-trips.ts';

/** Microseconds as the milliseconds of a report. */
export function toMs(us: number): number {
  return us / 1000;
}

/** Where times lie, from microseconds; `null` for none. */
export function spreadOf(us: readonly number[]): Spread | null {
  if (us.length === 0) return null;
  const sorted = inOrder(us);
  let sum = 0;
  for (let index = 0; index < sorted.length; index += 1) sum += sorted[index] as number;
  const at = (q: number) => toMs(Math.round(quantile(sorted, q)));
  return { count: us.length, meanMs: toMs(Math.round(sum / us.length)), p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

/** Where counts lie; of none, all is zero. */
export function countSpreadOf(counts: Occurrences): CountSpread {
  if (counts.size === 0) return { total: 0, p50: 0, p95: 0, max: 0 };
  const [p50 = 0, p95 = 0, max = 0] = nearestRanks(counts, [0.5, 0.95, 1]);
  return { total: sumOf(counts), p50, p95, max };
}

/** There may be as many as operations in the log; whole numbers that are not too large are in order in half of the time. */
function inOrder(values: readonly number[]): Sorted {
  const whole = new Int32Array(values);
  for (let index = 0; index < whole.length; index += 1) {
    if (whole[index] !== values[index]) return new Float64Array(values).sort();
  }
  return whole.sort();
}
