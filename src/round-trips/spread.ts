import { nearestRank, quantile } from '../base/statistics.ts';
import type { CountSpread, Spread } from '../results-round-trips.ts';

/** Microseconds as the milliseconds of a report. */
export function toMs(us: number): number {
  return us / 1000;
}

/** Where times lie, from microseconds; `null` for none. */
export function spreadOf(us: readonly number[]): Spread | null {
  if (us.length === 0) return null;
  const sorted = new Float64Array(us).sort();
  const sum = sorted.reduce((total, value) => total + value, 0);
  const at = (q: number) => toMs(Math.round(quantile(sorted, q)));
  return { count: us.length, meanMs: toMs(Math.round(sum / us.length)), p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}

/** Where counts lie; of none, all is zero. */
export function countSpreadOf(counts: readonly number[]): CountSpread {
  if (counts.length === 0) return { total: 0, p50: 0, p95: 0, max: 0 };
  const sorted = new Float64Array(counts).sort();
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return { total, p50: nearestRank(sorted, 0.5), p95: nearestRank(sorted, 0.95), max: nearestRank(sorted, 1) };
}
