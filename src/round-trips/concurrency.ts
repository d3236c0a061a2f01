import { slackUs } from '../base/intervals.ts';
import { getOrCreate } from '../base/order.ts';
import type { TimedStep } from '../replay/operations/step.ts';
import type { ConcurrencyLevel } from '../results-round-trips.ts';
import { spreadOf } from './spread.ts';

/**
 * How long trips took by how many were under way on their device when they began, themselves included: 1, 2, 3–4, 5–8, … A
 * level that no trip met has no line; where no trips ever overlap there is none at all.
 */
export function concurrencyOf(stepsByDevice: ReadonlyMap<string, readonly TimedStep[]>): ConcurrencyLevel[] {
  const byLevel = new Map<number, number[]>();
  for (const steps of stepsByDevice.values()) {
    const trips = steps.filter(({ isTrip }) => isTrip).sort((left, right) => left.start - right.start);
    for (const { atOnce, tookUs } of encountersOf(trips)) {
      getOrCreate(byLevel, Math.ceil(Math.log2(atOnce)), () => []).push(tookUs);
    }
  }
  const levels = [...byLevel].sort(([left], [right]) => left - right);
  if ((levels.at(-1)?.[0] ?? 0) === 0) return [];
  return levels.flatMap(([level, tookUs]) => {
    const time = spreadOf(tookUs);
    return time ? [{ from: level === 0 ? 1 : 2 ** (level - 1) + 1, to: 2 ** level, time }] : [];
  });
}

/** Each trip, with how many were under way when it began; those that begin at one time see each other. */
function encountersOf(trips: readonly TimedStep[]): { readonly atOnce: number; readonly tookUs: number }[] {
  const encounters: { atOnce: number; tookUs: number }[] = [];
  let underWay: TimedStep[] = [];
  for (let next = 0; next < trips.length; ) {
    const start = trips[next]?.start ?? 0;
    let after = next;
    while (trips[after]?.start === start) after++;
    const together = trips.slice(next, after);
    underWay = underWay.filter(({ end }) => end > start + slackUs);
    for (const { tookUs } of together) encounters.push({ atOnce: underWay.length + together.length, tookUs });
    underWay.push(...together);
    next = after;
  }
  return encounters;
}
