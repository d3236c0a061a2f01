import { type Interval, toMicroseconds } from '../../base/intervals.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { durationOf, isRetry, isTrip, kindOf, type Step, type Trip } from './step.ts';

/** How often one kind of round trip was made, and the time in it: summed, so that concurrent trips add up. */
export interface KindTally {
  /** First attempts. */
  trips: number;
  retries: number;
  timeUs: number;
}

/** A logical operation on one device, with what it and the operations nested in it did. */
export interface Operation {
  readonly opId: string;
  readonly device: string;
  /** `null` where only steps name it, and no line of its own. */
  name: string | null;
  start: ReplayEvent<'op.start'> | null;
  end: ReplayEvent<'op.end'> | null;
  parent: Operation | null;
  /** In the order of the log; at most `mostSteps`, the rest is only counted. */
  readonly steps: Step[];
  omitted: number;
  writes: number;
  /** First attempts of round trips. */
  trips: number;
  retries: number;
  /** Trips and retries that are its own by inference. */
  inferred: number;
  /** Of the steps that are only counted: by kind, the trips among them. */
  omittedTrips: Map<string, KindTally> | null;
}

/** An operation that is summed up, and of which events can be made. */
export interface SampledOperation extends Pick<Operation, 'writes'> {
  readonly wallUs: number | null;
  /** How long each of its verifies took. */
  readonly verifyUs: readonly number[];
  unfold(): Operation;
}

/** How many steps of one operation are kept for questions about their times. */
const mostSteps = 10_000;

/** An operation of which nothing is known but its name in the log. */
export function newOperation(device: string, opId: string): Operation {
  return {
    opId,
    device,
    name: null,
    start: null,
    end: null,
    parent: null,
    steps: [],
    omitted: 0,
    writes: 0,
    trips: 0,
    retries: 0,
    inferred: 0,
    omittedTrips: null,
  };
}

/** Counts a step for the operation and for every one that it is nested in. */
export function addStep(operation: Operation, step: Step): void {
  for (let at: Operation | null = operation; at; at = at.parent) countStep(at, step);
}

/** Nests an operation in another: what it did so far counts there, too. A circle is no nesting. */
export function nest(child: Operation, parent: Operation): void {
  for (let at: Operation | null = parent; at; at = at.parent) if (at === child) return;
  if (child.parent) return;
  child.parent = parent;
  for (let at: Operation | null = parent; at; at = at.parent) absorb(at, child);
}

/** Adds everything that one operation did to another. */
export function absorb(into: Operation, from: Operation): void {
  for (const step of from.steps) keep(into, step);
  into.omitted += from.omitted;
  into.writes += from.writes;
  into.trips += from.trips;
  into.retries += from.retries;
  into.inferred += from.inferred;
  if (from.omittedTrips) into.omittedTrips ??= new Map();
  for (const [kind, tally] of from.omittedTrips ?? [])
    addTally(into.omittedTrips as Map<string, KindTally>, kind, tally);
}

/** The trips of an operation by their kinds. */
export function kindsOf({ steps, omittedTrips }: Operation): ReadonlyMap<string, KindTally> {
  const kinds = new Map<string, KindTally>();
  for (const step of steps) if (isTrip(step)) addTrip(kinds, step);
  for (const [kind, tally] of omittedTrips ?? []) addTally(kinds, kind, tally);
  return kinds;
}

/** Adds to the tally of a kind. */
export function addTally(kinds: Map<string, KindTally>, kind: string, { trips, retries, timeUs }: KindTally): void {
  const tally = kinds.get(kind);
  if (tally === undefined) {
    kinds.set(kind, { trips, retries, timeUs });
    return;
  }
  tally.trips += trips;
  tally.retries += retries;
  tally.timeUs += timeUs;
}

/** All trips of some kinds together. */
export function totalOf(kinds: ReadonlyMap<string, KindTally>): KindTally {
  const total = { trips: 0, retries: 0, timeUs: 0 };
  for (const { trips, retries, timeUs } of kinds.values()) {
    total.trips += trips;
    total.retries += retries;
    total.timeUs += timeUs;
  }
  return total;
}

/** Adds one round trip to the tally of its kind. */
export function addTrip(kinds: Map<string, KindTally>, trip: Trip): void {
  const kind = kindOf(trip.event);
  const tally = kinds.get(kind);
  if (tally === undefined) {
    kinds.set(kind, tallyOf(trip));
    return;
  }
  if (isRetry(trip.event)) tally.retries++;
  else tally.trips++;
  tally.timeUs += durationOf(trip);
}

/** One round trip as a tally of its kind. */
export function tallyOf(step: Step & { readonly event: { readonly attempt: number } }): KindTally {
  const retries = step.event.attempt > 1 ? 1 : 0;
  return { trips: 1 - retries, retries, timeUs: durationOf(step) };
}

/** How long the operation took, by its last line, in µs; `null` where it never ended. */
export function wallOf({ end }: Operation): number | null {
  return end && Number.isFinite(end.durationMs) ? Math.max(0, toMicroseconds(end.durationMs)) : null;
}

/** When the operation was under way, in µs on its device's clock; `null` where its lines have no time, or it never ended. */
export function spanOf(operation: Operation): Interval | null {
  const wall = wallOf(operation);
  const time = operation.end?.time ?? null;
  if (wall === null || time === null) return null;
  const end = toMicroseconds(time);
  return { start: end - wall, end };
}

/** Whether one line at its end says all of it, with a start that lies before: then lines before that one may belong to it. */
export function isToldAtItsEnd({ start, end }: Operation): boolean {
  return start !== null && end !== null && start.line === end.line && start.file.path === end.file.path;
}

function countStep(operation: Operation, step: Step): void {
  keep(operation, step);
  if (step.event.type === 'write') operation.writes++;
  if (!isTrip(step)) return;
  if (isRetry(step.event)) operation.retries++;
  else operation.trips++;
  if (step.inferred) operation.inferred++;
}

function keep(operation: Operation, step: Step): void {
  if (operation.steps.length < mostSteps) operation.steps.push(step);
  else {
    operation.omitted++;
    if (isTrip(step)) {
      operation.omittedTrips ??= new Map();
      addTrip(operation.omittedTrips, step);
    }
  }
}
