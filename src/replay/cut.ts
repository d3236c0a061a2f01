import { ReplayError } from '../base/errors.ts';
import type { CausalClock } from './causal-clock.ts';
import { type HistoryEvent, laneKey } from './causal-order.ts';

/** A point of a run, as a user names it: an event of a device, or a time on the devices' own clocks. */
export type Point =
  | { readonly kind: 'event'; readonly device: string; readonly incarnation: number; readonly seq: number }
  | { readonly kind: 'time'; readonly time: number };

/** Reads `device:incarnation:seq`, or an ISO time. Throws a `ReplayError` that shows both forms. */
export function parsePoint(text: string): Point {
  const event = /^(?<device>.+):(?<incarnation>[1-9]\d*):(?<seq>[1-9]\d*)$/.exec(text)?.groups;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return { kind: 'time', time };
  if (event) {
    return {
      kind: 'event',
      device: event.device as string,
      incarnation: Number(event.incarnation),
      seq: Number(event.seq),
    };
  }
  throw new ReplayError(
    `${text}: expected a point of the run`,
    'name device:incarnation:seq, e.g. bob-peer2:2:97, or a time, e.g. 2026-05-30T22:03:16.123Z',
  );
}

/** Decides, event by event in the order of the history, what lies inside a consistent cut. */
export interface Cut {
  includes(event: HistoryEvent): boolean;
}

/** The causal past of one event: that event, and whatever its device knew then. `known` counts the events of each lane. */
export function causalPast(known: ReadonlyMap<string, number>): Cut {
  const passed = new Map<string, number>();
  return {
    includes(event) {
      const lane = laneKey(event);
      const position = (passed.get(lane) ?? 0) + 1;
      passed.set(lane, position);
      return position <= (known.get(lane) ?? 0);
    },
  };
}

/**
 * What every device had logged by a time on its own clock. A device whose clock is ahead could then hold what was not
 * written yet: it is cut before the first line whose cause lies outside, so that the cut is consistent.
 */
export function until(time: number): Cut {
  const stopped = new Set<string>();
  const outside = new Set<string>();
  return {
    includes(event) {
      const lane = laneKey(event);
      if (!stopped.has(lane) && ((event.time !== null && event.time > time) || outside.has(causeOf(event))))
        stopped.add(lane);
      if (!stopped.has(lane)) return true;
      if (event.type === 'write') outside.add(`effect ${event.effect}`);
      if (event.type === 'publish') outside.add(`snapshot ${event.snapshot}`);
      return false;
    },
  };
}

function causeOf(event: HistoryEvent): string {
  if (event.type === 'replication') return `effect ${event.effect}`;
  return event.type === 'import' ? `snapshot ${event.snapshot}` : '';
}

/** Watches a history for one event, and keeps what its device knew there. */
export class PointFinder {
  private readonly point: Point & { kind: 'event' };
  known: ReadonlyMap<string, number> | undefined;
  /** The range of `seq` that the device's incarnation has, for the message when the event is not there. */
  seen: { readonly first: number; last: number } | undefined;

  constructor(point: Point & { kind: 'event' }) {
    this.point = point;
  }

  take(event: HistoryEvent, clock: CausalClock): void {
    const { device, incarnation, seq } = this.point;
    if (
      event.type === 'gap' ||
      event.stream !== undefined ||
      event.device !== device ||
      event.incarnation !== incarnation
    )
      return;
    this.seen = { first: this.seen?.first ?? event.seq, last: event.seq };
    if (event.seq === seq) this.known = clock.knowledge(event);
  }
}
