import { quantile } from '../base/statistics.ts';
import { extentOf, type Process } from '../replay/projections/timeline.ts';
import type { LostWindow } from '../results-top.ts';

/** A process that dumped just before it ended lost nothing worth a word: so much of a window may lie after its last dump. */
const negligible = 0.01;

/**
 * What processes did after their last dump, longest first: counters are cleared at each dump and nothing is dumped at exit, so
 * that nobody counted it. None where the run has no counters at all.
 */
export function lostWindows(processes: readonly Process[]): LostWindow[] {
  if (processes.every(({ windows }) => windows.length === 0)) return [];
  return processes.flatMap((process) => lostBy(process) ?? []).sort((left, right) => right.unseenMs - left.unseenMs);
}

function lostBy(process: Process): LostWindow | undefined {
  const { device, incarnation, windows, lastDump, countedUs } = process;
  const extent = extentOf(process);
  if (extent === null) return undefined;
  const unseenUs = extent.to - (lastDump ?? extent.from);
  const windowUs = windows.length === 0 ? null : Math.round(quantile(windows.toSorted(ascending), 0.5));
  if (unseenUs <= 0 || (windowUs !== null && unseenUs <= windowUs * negligible)) return undefined;
  const seenUs = windows.reduce((sum, length) => sum + length, 0);
  return {
    device,
    incarnation,
    unseenMs: unseenUs / 1000,
    windowMs: windowUs === null ? null : windowUs / 1000,
    estimateMs: seenUs === 0 ? null : Math.round((countedUs * unseenUs) / seenUs) / 1000,
  };
}

function ascending(left: number, right: number): number {
  return left - right;
}
