import { nearestRank, quantile, type Sorted } from '../base/statistics.ts';
import type { CountSpread, Spread } from '../results-round-trips.ts';

/** Microseconds as the milliseconds of a report. */
export function toMs(us: number): number {
  return us / 1000;
}

/** Where times lie, from microseconds; `null` for none. */
export function spreadOf(us: readonly number[]): Spread | null {
  if (us.length === 0) return null;
  const sorted = inOrder(us);
  const sum = sumOf(sorted);
  const at = (q: number) => toMs(Math.round(quantile(sorted, q)));
  return { count: us.length, meanMs: toMs(Math.round(sum / us.length)), p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

/** Where counts lie; of none, all is zero. */
export function countSpreadOf(counts: readonly number[]): CountSpread {
  if (counts.length === 0) return { total: 0, p50: 0, p95: 0, max: 0 };
  const sorted = inOrder(counts);
  const total = sumOf(sorted);
  return { total, p50: nearestRank(sorted, 0.5), p95: nearestRank(sorted, 0.95), max: nearestRank(sorted, 1) };
}

/** There may be as many as operations in the log; whole numbers that are not too large are in order in half of the time. */
function inOrder(values: readonly number[]): Sorted {
  const whole = new Int32Array(values);
  const isWhole = values.every((value, index) => value === whole[index]);
  return (isWhole ? whole : new Float64Array(values)).sort();
}

function sumOf(values: Sorted): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) sum += values[index] as number;
  return sum;
}
