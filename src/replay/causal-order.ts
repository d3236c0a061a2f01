import type { LoggedEvent } from '../events/event.ts';
import type { EventBatch } from '../events/reader.ts';
import {
  type Gap,
  type Sequence,
  type SequenceConflict,
  type SequenceDuplicate,
  sortedSequence,
  streamingSequence,
} from './sequence.ts';

/** What a history is made of: events, and the holes between them. */
export type HistoryEvent = LoggedEvent | Gap;

/** Files that follow one another: the logs of one device, or a single file of several devices. */
export type Tape = AsyncIterable<EventBatch>;

/** What the merge tells beside the events. */
export interface MergeOptions {
  /** Lanes known to be out of order, which are sorted in memory instead of streamed. */
  readonly sorted: ReadonlySet<string>;
  /** Every batch as it was read, before its events are ordered. */
  onBatch(batch: EventBatch): void;
  onConflict(conflict: SequenceConflict): void;
  onDuplicate(duplicate: SequenceDuplicate): void;
  /** Whether an event belongs to this run; one that does not is set aside. */
  accepts(event: LoggedEvent): boolean;
}

/** The order that an event stands in: its device's own, or that of the observer's file which reports it. */
export function laneKey({ stream, device }: { readonly stream: string | undefined; readonly device: string }): string {
  return stream ?? device;
}

/** How many events of one lane are emitted before the next has its turn, so that lanes stay abreast of each other. */
const turn = 1024;
/** How many events a batch of the history holds at most. */
const batchSize = 8192;
/** How many events may wait for a cause that is still to be read; beyond it the history goes on without that cause. */
const largestBacklog = 1 << 18;

/**
 * Merges tapes into one history: each lane in its own order, an effect written before it is received, a snapshot
 * published before it is imported. Clocks play no part. Where a cause is not in the logs, the order goes on without it.
 *
 * Consumers must not depend on the order of concurrent events: it follows from how the logs are cut into batches.
 * Throws `Disorder` where a lane is so far out of order that it must be in `options.sorted`.
 */
export async function* causalOrder(
  tapes: readonly Tape[],
  options: MergeOptions,
): AsyncGenerator<readonly HistoryEvent[]> {
  const merge = new Merge(tapes.map(openTape), options);
  try {
    for (;;) {
      const events = merge.advance();
      if (events.length > 0) yield events;
      else if (!(await merge.readOn()) && !merge.giveUp()) return;
    }
  } finally {
    await merge.close();
  }
}

/** The events of one device, or of one observer, on their way through a merge. */
export interface Lane {
  readonly key: string;
  readonly sequence: Sequence;
  readonly tapes: Set<OpenTape>;
  queue: HistoryEvent[];
  head: number;
  /** The highest `originSeq` that this lane has emitted. */
  written: number;
  sequenceEnded: boolean;
}

/** A tape as a merge reads it. */
export interface OpenTape {
  /** The next batch; `undefined` where there is none. */
  read(): Promise<EventBatch | undefined>;
  close(): Promise<unknown>;
  readonly lanes: Set<Lane>;
  /** Whether it is worth reading. */
  open: boolean;
  batchesRead: number;
}

function openTape(tape: Tape): OpenTape {
  const batches = tape[Symbol.asyncIterator]();
  return {
    async read() {
      const { done, value } = await batches.next();
      return done ? undefined : value;
    },
    close: async () => batches.return?.(),
    ...{ lanes: new Set(), open: true, batchesRead: 0 },
  };
}

/** What of a merge was read and waits for its turn. `LiveMerge` differs in that logs may grow, so that nothing is over. */
export class Merge {
  protected tapes: readonly OpenTape[];
  protected readonly options: MergeOptions;
  protected readonly lanes = new Map<string, Lane>();
  protected ordered: readonly Lane[] = [];
  /** Causes that are waited for no more: of an origin up to a number, and snapshots. */
  protected readonly hopeless = new Map<string, number>();
  private readonly snapshots = new Set<string>();
  private backlog = 0;

  constructor(tapes: readonly OpenTape[], options: MergeOptions) {
    this.options = options;
    this.tapes = tapes;
  }

  /** Emits what can be emitted without reading on. */
  advance(): HistoryEvent[] {
    const out: HistoryEvent[] = [];
    let progress = true;
    while (progress && out.length < batchSize) {
      progress = false;
      for (const lane of this.ordered) {
        const before = out.length;
        this.emit(lane, out);
        progress ||= out.length > before;
      }
    }
    this.backlog -= out.length;
    return out;
  }

  /** Reads one batch of a tape that can help. Returns false where there is none. */
  async readOn(): Promise<boolean> {
    const open = this.tapes.filter((tape) => tape.open);
    const starving = open.filter((tape) => tape.lanes.size === 0 || [...tape.lanes].some(isEmpty));
    const tape = leastRead(starving) ?? (this.backlog < largestBacklog ? leastRead(open) : undefined);
    if (tape === undefined) return false;
    tape.batchesRead++;
    const batch = await tape.read();
    if (batch === undefined) this.endTape(tape);
    else this.take(tape, batch);
    return true;
  }

  /** Stops waiting for the cause that the first blocked lane waits for. Returns false where no lane waits. */
  giveUp(): boolean {
    const lane = this.ordered.find((candidate) => !isEmpty(candidate));
    const cause = lane && this.awaited(lane.queue[lane.head] as HistoryEvent, lane);
    if (cause === undefined) return false;
    this.hopeless.set(cause, Number.POSITIVE_INFINITY);
    return true;
  }

  async close(): Promise<void> {
    for (const tape of this.tapes) await tape.close();
  }

  private emit(lane: Lane, out: HistoryEvent[]): void {
    const { queue } = lane;
    const last = Math.min(queue.length, lane.head + turn);
    while (lane.head < last) {
      const event = queue[lane.head] as HistoryEvent;
      if (this.awaited(event, lane) !== undefined) break;
      if (event.type === 'write') lane.written = Math.max(lane.written, event.originSeq);
      else if (event.type === 'publish') this.snapshots.add(event.snapshot);
      out.push(event);
      lane.head++;
    }
    if (lane.head === queue.length || lane.head >= batchSize) {
      lane.queue = queue.slice(lane.head);
      lane.head = 0;
    }
  }

  /** The cause that must be emitted before this event, by a name for `hopeless`; `undefined` where nothing is missing. */
  protected awaited(event: HistoryEvent, lane: Lane): string | undefined {
    if (event.type === 'replication') {
      const origin = this.lanes.get(event.origin);
      if (origin === lane || (this.hopeless.get(event.origin) ?? 0) >= event.originSeq) return undefined;
      const missing = origin ? origin.written < event.originSeq && !this.hasEnded(origin) : this.canReadOn();
      return missing ? event.origin : undefined;
    }
    if (event.type === 'import' && !this.snapshots.has(event.snapshot)) {
      const cause = `snapshot ${event.snapshot}`;
      const elsewhere = this.canReadOn() || this.ordered.some((other) => other !== lane && !this.hasEnded(other));
      return elsewhere && !this.hopeless.has(cause) ? cause : undefined;
    }
    return undefined;
  }

  protected canReadOn(): boolean {
    return this.tapes.some((tape) => tape.open);
  }

  private hasEnded(lane: Lane): boolean {
    return lane.sequenceEnded && isEmpty(lane);
  }

  protected take(tape: OpenTape, batch: EventBatch): void {
    this.options.onBatch(batch);
    let lane: Lane | undefined;
    for (const event of batch.events) {
      if (!this.options.accepts(event)) continue;
      if (lane?.key !== laneKey(event)) {
        lane = this.laneOf(event);
        tape.lanes.add(lane);
        lane.tapes.add(tape);
        lane.sequenceEnded = false;
      }
      lane.sequence.push(event);
    }
  }

  protected endTape(tape: OpenTape): void {
    tape.open = false;
    const lastTape = !this.canReadOn();
    for (const lane of lastTape ? this.ordered : tape.lanes) {
      const mayGrow = this.options.sorted.has(lane.key) || [...lane.tapes].some((other) => other.open);
      if (lane.sequenceEnded || (!lastTape && mayGrow)) continue;
      lane.sequence.end();
      lane.sequenceEnded = true;
    }
  }

  private laneOf(event: LoggedEvent): Lane {
    const key = laneKey(event);
    return this.lanes.get(key) ?? this.newLane(key);
  }

  private newLane(key: string): Lane {
    const output = {
      release: (released: HistoryEvent) => {
        lane.queue.push(released);
        this.backlog++;
      },
      conflict: this.options.onConflict,
      duplicate: this.options.onDuplicate,
    };
    const sequence = this.options.sorted.has(key) ? sortedSequence(output) : streamingSequence(key, output);
    const lane: Lane = { key, sequence, tapes: new Set(), queue: [], head: 0, written: 0, sequenceEnded: false };
    this.lanes.set(key, lane);
    this.ordered = [...this.ordered, lane].sort((left, right) => (left.key < right.key ? -1 : 1));
    return lane;
  }
}

/** The tape that lags behind, so that devices stay abreast and what is under way between them stays small. */
function leastRead(tapes: readonly OpenTape[]): OpenTape | undefined {
  return tapes.reduce<OpenTape | undefined>(
    (least, tape) => (least === undefined || tape.batchesRead < least.batchesRead ? tape : least),
    undefined,
  );
}

/** Whether nothing of the lane waits for its turn. */
export function isEmpty(lane: Lane): boolean {
  return lane.head === lane.queue.length;
}
