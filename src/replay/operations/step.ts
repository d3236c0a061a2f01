import { type Interval, toMicroseconds } from '../../base/intervals.ts';
import type { ReplayEvent } from '../../events/event.ts';

/** A network round trip. */
export type TripEvent = ReplayEvent<'verify' | 'request'>;

/** One thing that an operation does: a write, a round trip, a snapshot that it publishes. */
export interface Step {
  readonly event: TripEvent | ReplayEvent<'write' | 'publish'>;
  /** Whether it belongs to its operation because that was the only one open, and not because the line says so. */
  readonly inferred: boolean;
}

/** A step that is a round trip. */
export interface Trip extends Step {
  readonly event: TripEvent;
}

/** When a step was under way, for those who ask nothing else of it. */
export interface TimedStep extends Interval {
  /** As its line has it: a line may say less than nothing. */
  readonly tookUs: number;
  readonly incarnation: number;
  readonly isTrip: boolean;
}

/** Whether the step is a round trip. */
export function isTrip(step: Step): step is Trip {
  return step.event.type === 'verify' || step.event.type === 'request';
}

/** The kind of every `verify`. A request may call itself so, and is counted with them. */
export const verifyKind = 'verify';

/** The word under which trips are counted: `verify`, or the kind of a request. */
export function kindOf(event: TripEvent): string {
  return event.type === 'verify' ? verifyKind : event.kind;
}

/** Whether the trip repeats one that failed: such are counted apart. */
export function isRetry({ attempt }: TripEvent): boolean {
  return attempt > 1;
}

/** How long the step took, in µs; 0 where its line does not say. */
export function durationOf({ event }: Step): number {
  return toMicroseconds(event.durationMs ?? 0);
}

/** The step by its times alone; `null` for a line without a time. */
export function timedStepOf(step: Step): TimedStep | null {
  const interval = intervalOf(step);
  const { incarnation } = step.event;
  return interval && { ...interval, tookUs: durationOf(step), incarnation, isTrip: isTrip(step) };
}

/** When the step was under way, in µs on its device's clock: an event's time is its end. `null` for a line without a time. */
export function intervalOf(step: Step): Interval | null {
  const { time } = step.event;
  if (time === null) return null;
  const end = toMicroseconds(time);
  return { start: end - durationOf(step), end };
}
