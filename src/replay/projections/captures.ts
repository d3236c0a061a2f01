import { getOrCreate } from '../../base/order.ts';
import type { EventName, ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { Mark } from '../mark.ts';
import { defineProjection, type EventContext } from '../projection.ts';

/** Lines of a device that are not there, or cannot be used. What they could say is unknown. */
export interface Hole {
  /** The first event after the hole, or the line that cannot be used. */
  readonly before: Mark<HistoryEvent>;
  readonly incarnation: number;
  /** The missing range of `seq`, inclusive; `to` is `null` where it has no known end. */
  readonly from: number;
  readonly to: number | null;
  /** The type of the lines in it, where that is known. */
  readonly hides: EventName | 'anything';
  readonly phase: number;
  /**
   * An incarnation without an orderly stop at the end of a file, with the next one in another: the process may have
   * crashed, or the file may be cut off. It can take back an accusation, and makes nothing doubtful by itself.
   */
  readonly soft: boolean;
}

/** One start of a device's process, as its log shows it. */
export interface Incarnation {
  readonly incarnation: number;
  events: number;
  firstSeq: number;
  lastSeq: number;
  readonly gaps: { readonly from: number; readonly to: number | null }[];
  end: Mark<ReplayEvent<'device.end'>> | null;
}

/** A type that the contract does not know: how many lines there are of it, and the first one. */
export interface UnknownType {
  count: number;
  readonly first: HistoryEvent;
}

/** What was captured of one device. */
export interface Capture {
  readonly device: string;
  identity: string;
  events: number;
  /** Grows with each `clear`. */
  phase: number;
  last: HistoryEvent;
  readonly incarnations: Incarnation[];
  readonly holes: Hole[];
  readonly types: Map<string, number>;
  /** Types that the contract does not know, with the first line of each. */
  readonly unknown: Map<string, UnknownType>;
}

/** Which devices, incarnations and types of lines a run has, and where lines are missing. An observer's lines do not count. */
export const captures = defineProjection<Map<string, Capture>>({
  name: 'captures',
  initial: () => new Map(),
  each(states, event, context) {
    if (event.stream !== undefined || event.type === 'gap') return;
    const capture = captureOf(states, event);
    const before = capture.incarnations.at(-1);
    const incarnation = incarnationOf(capture, event.incarnation, event.seq);
    if (before && before !== incarnation && before.end === null && capture.last.file.path !== event.file.path) {
      const hole = holeAt(event, before.lastSeq + 1, null, 'anything', capture, context);
      capture.holes.push({ ...hole, incarnation: before.incarnation, soft: true });
    }
    capture.events++;
    capture.last = event;
    if (capture.identity === '') capture.identity = event.identity;
    incarnation.events++;
    incarnation.lastSeq = event.seq;
    capture.types.set(event.type, (capture.types.get(event.type) ?? 0) + 1);
  },
  on: {
    gap(states, gap, context) {
      if (gap.stream !== undefined) return;
      const capture = captureOf(states, gap);
      const { gaps } = incarnationOf(capture, gap.incarnation, gap.from);
      gaps.push({ from: gap.from, to: gap.to });
      capture.holes.push(holeAt(gap, gap.from, gap.to, 'anything', capture, context));
    },
    unreadable(states, event, context) {
      const capture = captureOf(states, event);
      capture.holes.push(holeAt(event, event.seq, event.seq, event.hides, capture, context));
    },
    unknown(states, event) {
      getOrCreate(captureOf(states, event).unknown, event.unknownType, () => ({ count: 0, first: event })).count++;
    },
    clear(states, event) {
      captureOf(states, event).phase++;
    },
    'device.end'(states, event, context) {
      incarnationOf(captureOf(states, event), event.incarnation, event.seq).end = context.mark(event);
    },
  },
});

/** How a device's log ends: `none` where its last line is no `device.end`. */
export function endOf({ last }: Capture): 'quiescent' | 'orderly' | 'none' {
  if (last.type !== 'device.end') return 'none';
  return last.quiescent ? 'quiescent' : 'orderly';
}

function captureOf(states: Map<string, Capture>, event: HistoryEvent): Capture {
  const { device, identity } = event;
  let capture = states.get(device);
  if (capture === undefined) {
    capture = {
      ...{ device, identity, events: 0, phase: 0, last: event },
      ...{ incarnations: [], holes: [], types: new Map(), unknown: new Map() },
    };
    states.set(device, capture);
  }
  return capture;
}

/** Incarnations come in order, so the one at hand is the last or a new one. */
function incarnationOf({ incarnations }: Capture, incarnation: number, seq: number): Incarnation {
  let latest = incarnations.at(-1);
  if (latest?.incarnation !== incarnation) {
    latest = { incarnation, events: 0, firstSeq: seq, lastSeq: seq, gaps: [], end: null };
    incarnations.push(latest);
  }
  return latest;
}

function holeAt(
  event: HistoryEvent,
  from: number,
  to: number | null,
  hides: Hole['hides'],
  { phase }: Capture,
  context: EventContext,
): Hole {
  return { before: context.mark(event), incarnation: event.incarnation, from, to, hides, phase, soft: false };
}
