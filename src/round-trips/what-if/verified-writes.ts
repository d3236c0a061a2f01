import { type Interval, slackUs } from '../../base/intervals.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { intervalOf, isRetry, type Step } from '../../replay/operations/step.ts';

/** A write that was found durable within its operation, and the trips that it took to find out. */
export interface VerifiedWrite {
  readonly event: ReplayEvent<'write'>;
  readonly written: Interval;
  /** From the first trip to the first that said ok, retries and the time between them included. */
  readonly verification: Interval;
  readonly trips: ReadonlySet<ReplayEvent<'verify'>>;
  /** How many of them are first attempts. */
  readonly attempts: number;
  /** Whether the write was not over before it was verified: a program may time both together. */
  readonly isVerifiedWithin: boolean;
}

interface TimedTrip extends Interval {
  readonly event: ReplayEvent<'verify'>;
}

/**
 * The writes among the steps that were verified there, each with its trips: by their effect, else by the address of their
 * content, which names the last write of it so far. A trip that began before its write, or after the write was found durable,
 * stays as it is; so do those of a write of which none said ok.
 */
export function verifiedWritesOf(steps: readonly Step[]): VerifiedWrite[] {
  const writes = new Map<string, ReplayEvent<'write'>>();
  const byContent = new Map<string, ReplayEvent<'write'>[]>();
  for (const { event } of steps) {
    if (event.type !== 'write') continue;
    if (!writes.has(event.effect)) writes.set(event.effect, event);
    if (event.cid !== undefined) getOrCreate(byContent, event.cid, () => []).push(event);
  }
  const trips = new Map<ReplayEvent<'write'>, TimedTrip[]>();
  for (const step of steps) {
    const { event } = step;
    const interval = intervalOf(step);
    if (event.type !== 'verify' || !interval) continue;
    const { effect = '', cid = '' } = event;
    const write =
      writes.get(effect) ?? byContent.get(cid)?.findLast((other) => startOf(other) <= interval.start + slackUs);
    if (write) getOrCreate(trips, write, () => []).push({ ...interval, event });
  }
  return [...writes.values()].flatMap((write) => verifiedWriteOf(write, trips.get(write) ?? []));
}

function verifiedWriteOf(event: ReplayEvent<'write'>, trips: readonly TimedTrip[]): VerifiedWrite[] {
  const written = intervalOf({ event, inferred: false });
  if (!written || trips.some(({ start }) => start + slackUs < written.start)) return [];
  const found = trips.filter(({ event: { ok } }) => ok).toSorted((left, right) => left.end - right.end)[0];
  if (!found) return [];
  const needed = trips.filter((trip) => trip === found || trip.start < found.end);
  const verification = { start: Math.min(...needed.map(({ start }) => start)), end: found.end };
  return [
    {
      ...{ event, written, verification },
      trips: new Set(needed.map((trip) => trip.event)),
      attempts: needed.filter((trip) => !isRetry(trip.event)).length,
      isVerifiedWithin: verification.start < written.end - slackUs && verification.end <= written.end + slackUs,
    },
  ];
}

/** How long something took, in µs. */
export function lengthOf({ start, end }: Interval): number {
  return end - start;
}

function startOf(event: ReplayEvent<'write'>): number {
  return intervalOf({ event, inferred: false })?.start ?? Number.POSITIVE_INFINITY;
}
