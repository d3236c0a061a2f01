import { slackUs } from '../base/intervals.ts';
import type { TimedStep } from '../replay/operations/step.ts';
import type { ConcurrencyLevel } from '../results-round-trips.ts';
import { spreadOf } from './spread.ts';

/**
 * How long trips took by how many were under way on their device when they began, themselves included: 1, 2, 3–4, 5–8, … A
 * level that no trip met has no line; where no trips ever overlap there is none at all.
 */
export function concurrencyOf(stepsByDevice: ReadonlyMap<string, readonly TimedStep[]>): ConcurrencyLevel[] {
  const byLevel: number[][] = [];
  for (const steps of stepsByDevice.values()) {
    const trips = steps.filter(({ isTrip }) => isTrip).sort((left, right) => left.start - right.start);
    addEncounters(byLevel, trips);
  }
  if (byLevel.length <= 1) return [];
  return byLevel.flatMap((tookUs, level) => {
    const time = spreadOf(tookUs);
    return time ? [{ from: level === 0 ? 1 : 2 ** (level - 1) + 1, to: 2 ** level, time }] : [];
  });
}

/** Adds each trip's time to the level of how many were under way when it began; those that begin at one time see each other. */
function addEncounters(byLevel: number[][], trips: readonly TimedStep[]): void {
  let ends: number[] = [];
  for (let next = 0; next < trips.length; ) {
    const start = trips[next]?.start ?? 0;
    let after = next;
    while (trips[after]?.start === start) after++;
    ends = ends.filter((end) => end > start + slackUs);
    const level = Math.ceil(Math.log2(ends.length + after - next));
    while (byLevel.length <= level) byLevel.push([]);
    for (const { tookUs, end } of trips.slice(next, after)) {
      byLevel[level]?.push(tookUs);
      ends.push(end);
    }
    next = after;
  }
}
