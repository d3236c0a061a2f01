import { byText } from '../base/order.ts';
import type { EventHeader, LoggedEvent, UnreadableEvent } from '../events/event.ts';

/**
 * A hole in a device's sequence: the events `from`…`to` of one incarnation are missing. It stands in the history where
 * they would, with the header of the event after it. `to` is `null` where whole incarnations are missing,
 * of which `incarnation` is the last.
 */
export interface Gap extends EventHeader {
  readonly type: 'gap';
  readonly from: number;
  readonly to: number | null;
}

/** The same place in a sequence, taken twice with different content. */
export interface SequenceConflict {
  readonly kept: LoggedEvent;
  readonly other: LoggedEvent;
}

/** A line that says again what another line said: same place in the sequence, same content. */
export interface SequenceDuplicate {
  readonly kept: LoggedEvent;
  readonly repeated: LoggedEvent;
}

/** Events in the order of one device's sequence, and what was wrong with the order in which they were logged. */
export interface Sequence {
  /** Takes the next event as logged. */
  push(event: LoggedEvent): void;
  /** No event will follow: whatever was held back is released. */
  end(): void;
  /** An event that is held back because one before it is missing; `undefined` where there is none. */
  held(): LoggedEvent | undefined;
}

/** Where a sequence hands its events, in order. */
export interface SequenceOutput {
  release(event: LoggedEvent | Gap): void;
  conflict(conflict: SequenceConflict): void;
  duplicate(duplicate: SequenceDuplicate): void;
}

/** Thrown by a streaming sequence that meets an event whose place has passed: the log must be read again with this one sorted. */
export class Disorder extends Error {
  override readonly name = 'Disorder';
  readonly key: string;

  constructor(key: string) {
    super(`${key}: lines are out of order beyond what is held back`);
    this.key = key;
  }
}

/** How many events a streaming sequence holds back while it waits for a missing one. */
const holdback = 4096;
/** How many of the events that it released it remembers: a power of two. Whoever ships logs sends them once more in such batches. */
const remembered = 1024;

/**
 * Orders one device's events in bounded memory, as long as lines stand nearly in order, as they do in a log that is
 * appended to. An event that comes too late throws `Disorder`, and so does one that comes twice unless its file says
 * just the same shortly before: then `sortedSequence` has the answer.
 */
export function streamingSequence(key: string, output: SequenceOutput): Sequence {
  const cursor = new Cursor(output);
  const recent: LoggedEvent[] = [];
  let released = 0;
  let held: LoggedEvent[] = [];

  function release(event: LoggedEvent): void {
    recent[released++ & (remembered - 1)] = event;
    cursor.release(event);
  }

  function repeat(repeated: LoggedEvent): void {
    const kept = recent.find((event) => bySequence(event, repeated) === 0);
    if (kept?.file !== repeated.file || content(kept) !== content(repeated)) throw new Disorder(key);
    output.duplicate({ kept, repeated });
  }

  function drain(force: boolean): void {
    held.sort(bySequence);
    let taken = 0;
    while (taken < held.length) {
      const next = held[taken] as LoggedEvent;
      if (cursor.isPast(next)) repeat(next);
      else if (cursor.isNext(next) || (force && taken === 0)) release(next);
      else break;
      taken++;
    }
    held = held.slice(taken);
  }

  return {
    push(event) {
      if (held.length === 0 && cursor.isNext(event)) {
        release(event);
        return;
      }
      if (cursor.isPast(event)) {
        repeat(event);
        return;
      }
      held.push(event);
      if (cursor.isNext(event)) drain(false);
      else if (held.length >= holdback) drain(true);
    },
    end() {
      while (held.length > 0) drain(true);
    },
    held: () => held[0],
  };
}

/** Orders one device's events whatever their order in the files, by keeping all of them until the end. */
export function sortedSequence(output: SequenceOutput): Sequence {
  const events: LoggedEvent[] = [];
  return {
    push(event) {
      events.push(event);
    },
    held: () => undefined,
    end() {
      const cursor = new Cursor(output);
      events.sort((left, right) => bySequence(left, right) || byOriginality(left, right));
      for (let first = 0; first < events.length; ) {
        const kept = events[first] as LoggedEvent;
        let next = first + 1;
        let disputed = false;
        for (; next < events.length && bySequence(kept, events[next] as LoggedEvent) === 0; next++) {
          const other = events[next] as LoggedEvent;
          if (content(kept) === content(other)) output.duplicate({ kept, repeated: other });
          else output.conflict({ kept, other });
          disputed ||= content(kept) !== content(other);
        }
        cursor.release(disputed ? holeInsteadOf(kept) : kept);
        first = next;
      }
    },
  };
}

/** Releases events in order and puts a gap wherever one is missing. */
class Cursor {
  private incarnation = 0;
  private seq = 0;
  private readonly output: SequenceOutput;

  constructor(output: SequenceOutput) {
    this.output = output;
  }

  isNext({ incarnation, seq }: LoggedEvent): boolean {
    return incarnation === this.incarnation ? seq === this.seq + 1 : incarnation === this.incarnation + 1 && seq === 1;
  }

  isPast({ incarnation, seq }: LoggedEvent): boolean {
    return incarnation < this.incarnation || (incarnation === this.incarnation && seq <= this.seq);
  }

  release(event: LoggedEvent): void {
    if (event.incarnation > this.incarnation) {
      const missing = event.incarnation > this.incarnation + 1;
      this.incarnation = missing ? event.incarnation - 1 : event.incarnation;
      this.seq = 0;
      if (missing) this.gap(event, null);
      this.incarnation = event.incarnation;
    }
    if (event.seq > this.seq + 1) this.gap(event, event.seq - 1);
    this.seq = event.seq;
    this.output.release(event);
  }

  private gap(before: LoggedEvent, to: number | null): void {
    this.output.release(gapBefore(before, { incarnation: this.incarnation, from: this.seq + 1, to }));
  }
}

/** A hole with the header of the event behind it. */
export function gapBefore(
  event: LoggedEvent,
  { incarnation, from, to }: Pick<Gap, 'incarnation' | 'from' | 'to'>,
): Gap {
  const { device, identity, time, opId, run, mono, file, line, stream } = event;
  const header = { device, identity, time, opId, run, mono, file, line, stream };
  return { type: 'gap', ...header, incarnation, seq: from, from, to };
}

function bySequence(left: LoggedEvent, right: LoggedEvent): number {
  return left.incarnation - right.incarnation || left.seq - right.seq;
}

/**
 * Of two files that say the same, one must count as the original: the one that names the device, then the shorter path,
 * then the first by name. What matters is that the answer does not depend on the order in which files are listed.
 */
function byOriginality(left: LoggedEvent, right: LoggedEvent): number {
  if (left.file === right.file) return left.line - right.line;
  return compareOriginality(left.device, left.file.path, right.file.path);
}

/** Orders two paths of a device's logs so that the more original one comes first. */
export function compareOriginality(device: string, left: string, right: string): number {
  const named = Number(right.includes(device)) - Number(left.includes(device));
  return named || left.length - right.length || byText(left, right);
}

/** Of two lines for one place, neither can be believed. */
function holeInsteadOf(event: LoggedEvent): UnreadableEvent {
  const { device, identity, incarnation, seq, time, opId, run, mono, file, line, stream } = event;
  const header = { device, identity, incarnation, seq, time, opId, run, mono, file, line, stream };
  return { type: 'unreadable', hides: 'anything', ...header };
}

/** Everything that a line says, without where it stands. */
function content(event: LoggedEvent): string {
  return JSON.stringify(event, (key, value: unknown) => {
    if (key === 'file' || key === 'line' || key === 'stream') return undefined;
    return typeof value === 'bigint' ? value.toString() : value;
  });
}
