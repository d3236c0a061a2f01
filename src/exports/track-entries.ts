import { sortedEntries } from '../base/order.ts';
import type { EventName, ReplayEvent } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Entry, Span } from './entry.ts';
import { durationOf, isMoment, momentOf } from './nanoseconds.ts';
import { OperationTree, type UnplacedSpan } from './operation-tree.ts';

type Readers = {
  readonly [Name in EventName]?: (entries: TrackEntries, event: ReplayEvent<Name>) => void;
};

interface OpenOperation {
  readonly event: ReplayEvent<'op.start'>;
  readonly opId: string;
  readonly index: number;
  readonly start: bigint;
  readonly timed: boolean;
}

const nothing = {};

type Interval = Pick<Span, 'start' | 'end' | 'timed'>;
type Line = Pick<ReplayEvent, 'incarnation' | 'seq' | 'file' | 'line'>;

/** Makes what is exported of the events of one track, in their order. Holds what is open, and what waits to be placed. */
export class TrackEntries {
  readonly #tree: OperationTree;
  readonly #emit: (entry: Entry) => void;
  readonly #open = new Map<string, OpenOperation>();
  #section: { readonly event: ReplayEvent<'section'>; readonly index: number; readonly from: Interval } | undefined;
  #incarnation = 0;
  #spans = 0;
  /** The time of the newest line that has one. */
  #newest: number | undefined;
  readonly #began: bigint;

  /** `began`: where lines stand that come before the first one with a time. */
  constructor(began: bigint, emit: (entry: Entry) => void) {
    this.#began = began;
    this.#emit = emit;
    this.#tree = new OperationTree(emit);
  }

  take(event: HistoryEvent): void {
    if (event.incarnation !== this.#incarnation) this.end();
    this.#incarnation = event.incarnation;
    const read = readers[event.type as EventName] as ((entries: TrackEntries, event: HistoryEvent) => void) | undefined;
    read?.(this, event);
    if (event.type !== 'gap' && isMoment(event.time)) this.#newest = event.time;
  }

  /** The process of the device is over: what is open ends with its last line. */
  end(): void {
    const now = this.#now;
    for (const operation of this.#open.values()) this.#breakOff(operation, now);
    this.#open.clear();
    this.#endSection(now);
    this.#tree.giveUp();
  }

  beginOperation(event: ReplayEvent<'op.start'>): void {
    const { opId, parentOpId, time } = event;
    if (opId === undefined) return;
    const start = momentOf(time) ?? this.#now;
    const earlier = this.#open.get(opId);
    if (earlier) this.#breakOff(earlier, start);
    this.#open.delete(opId);
    const index = this.#spans++;
    this.#open.set(opId, { event, opId, index, start, timed: momentOf(time) !== undefined });
    this.#tree.begin({ ...placeOf(event), opId, index }, parentOpId);
  }

  endOperation(event: ReplayEvent<'op.end'>): void {
    const { opId, op: name, ok, durationMs } = event;
    if (opId === undefined) return;
    const open = this.#open.get(opId);
    this.#open.delete(opId);
    const index = open?.index ?? this.#spans++;
    if (!open) this.#tree.begin({ ...placeOf(event), opId, index }, undefined);
    const told = this.#intervalOf(event, durationMs);
    const interval =
      told.timed || !open?.timed ? told : { start: open.start, end: open.start + durationOf(durationMs), timed: true };
    const parentOpId = open?.event.parentOpId;
    this.#tree.end(
      spanOf(open?.event ?? event, interval, {
        type: 'op',
        name,
        index,
        opId,
        parentOpId,
        durationMs,
        ok,
        about: nothing,
      }),
    );
  }

  /** A round trip, a write or a snapshot: one line at its end says all of it. Without a duration it is no span. */
  step(
    event: ReplayEvent<'verify' | 'request' | 'write' | 'publish'>,
    said: Pick<Span, 'type' | 'name' | 'about'> & Partial<Pick<Span, 'ok' | 'attempt' | 'bytes' | 'blocks'>>,
  ): void {
    const { opId, durationMs } = event;
    if (durationMs === undefined) return;
    const index = this.#spans++;
    const { type, name, ok, attempt, bytes, blocks, about } = said;
    const interval = this.#intervalOf(event, durationMs);
    this.#tree.step(
      spanOf(event, interval, { type, name, index, opId, durationMs, ok: ok ?? null, attempt, bytes, blocks, about }),
    );
  }

  section(event: ReplayEvent<'section'>): void {
    const from = this.#intervalOf(event, 0);
    this.#endSection(from.start);
    this.#section = { event, index: this.#spans++, from };
  }

  failedAssertion(event: ReplayEvent<'assertion'>): void {
    const { name, detail, opId } = event;
    this.#emit({ kind: 'assertion', name, detail, opId, ...this.#intervalOf(event, 0), ...placeOf(event) });
  }

  counters(event: ReplayEvent<'counters'>): void {
    const { windowMs } = event;
    const counters = sortedEntries(new Map(Object.entries(event.counters)));
    this.#emit({ kind: 'counters', windowMs, counters, ...this.#intervalOf(event, windowMs), ...placeOf(event) });
  }

  #breakOff({ event, opId, index, start, timed }: OpenOperation, end: bigint): void {
    const { op: name, parentOpId } = event;
    const interval = { start, end: end < start ? start : end, timed };
    this.#tree.end(
      spanOf(event, interval, { type: 'op', name, index, opId, parentOpId, unfinished: true, about: nothing }),
    );
  }

  #endSection(end: bigint): void {
    if (!this.#section) return;
    const { event, index, from } = this.#section;
    this.#section = undefined;
    const interval = { ...from, end: end < from.start ? from.start : end };
    this.#emit(
      spanOf(event, interval, { type: 'section', name: `${event.section} ${event.title}`, index, about: nothing }),
    );
  }

  get #now(): bigint {
    return momentOf(this.#newest ?? null) ?? this.#began;
  }

  /** `time` is the end. A line without a time stands where the line before it was, and what it tells of begins there. */
  #intervalOf({ time }: Pick<ReplayEvent, 'time'>, durationMs: number): Interval {
    const duration = durationOf(durationMs);
    const end = momentOf(time);
    if (end === undefined) {
      const start = this.#now;
      return { start, end: start + duration, timed: false };
    }
    return { start: end < duration ? 0n : end - duration, end, timed: true };
  }
}

/** What is read of each type of line; others say nothing that a tool for times could show. */
const readers: Readers = {
  'op.start': (entries, event) => entries.beginOperation(event),
  'op.end': (entries, event) => entries.endOperation(event),
  verify(entries, event) {
    const { attempt, ok, effect, cid, gateway } = event;
    entries.step(event, { type: 'verify', name: 'verify', attempt, ok, about: { effect, cid, gateway } });
  },
  request(entries, event) {
    const { kind, attempt, ok, bytes, blocks, requestId } = event;
    entries.step(event, { type: 'request', name: kind, attempt, ok, bytes, blocks, about: { requestId } });
  },
  write(entries, event) {
    const { effect, key, kind, bytes, cid } = event;
    const name = kind === undefined ? 'write' : `write ${kind}`;
    entries.step(event, { type: 'write', name, bytes, about: { effect, key, cid } });
  },
  publish(entries, event) {
    entries.step(event, { type: 'publish', name: 'publish', about: { snapshot: event.snapshot } });
  },
  section: (entries, event) => entries.section(event),
  assertion(entries, event) {
    if (!event.ok) entries.failedAssertion(event);
  },
  counters: (entries, event) => entries.counters(event),
};

/** Field by field, for there are millions of them: an object that is put together of others takes ten times as long. */
function spanOf(
  line: Line,
  { start, end, timed }: Interval,
  own: Pick<Span, 'type' | 'name' | 'index' | 'about'> & Partial<Span>,
): UnplacedSpan {
  const { type, name, index, opId, parentOpId, durationMs, ok, unfinished, attempt, bytes, blocks, about } = own;
  return {
    kind: 'span',
    type,
    name,
    index,
    opId,
    parentOpId,
    parent: null,
    durationMs: durationMs ?? null,
    ok: ok ?? null,
    unfinished: unfinished ?? false,
    attempt,
    bytes,
    blocks,
    about,
    start,
    end,
    timed,
    incarnation: line.incarnation,
    seq: line.seq,
    file: line.file,
    line: line.line,
  };
}

function placeOf({ incarnation, seq, file, line }: Line): Line {
  return { incarnation, seq, file, line };
}
