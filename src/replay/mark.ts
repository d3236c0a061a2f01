import type { HistoryEvent } from './causal-order.ts';

/**
 * What a device knew at one of its events: for each lane (by index) how many of its events happened before.
 * Shorter clocks are as if filled up with zeros.
 */
export type VectorClock = readonly number[];

/** An event with its place in the happens-before order: what evidence is made of. */
export interface Mark<Event extends HistoryEvent = HistoryEvent> {
  readonly event: Event;
  /** The lane that the event stands in, and its position there, from 1. */
  readonly lane: number;
  readonly position: number;
  readonly clock: VectorClock;
}

/** Whether `left` happened before `right`, by program order, an effect or a snapshot. False for concurrent events. */
export function happensBefore(left: Mark, right: Mark): boolean {
  if (left.lane === right.lane) return left.position < right.position;
  return (right.clock[left.lane] ?? 0) >= left.position;
}

/** What two clocks know together, as a clock of its own. */
export function join(left: VectorClock, right: VectorClock): VectorClock {
  const joined = left.slice();
  for (let lane = 0; lane < right.length; lane++) {
    joined[lane] = Math.max(joined[lane] ?? 0, right[lane] ?? 0);
  }
  return joined;
}
