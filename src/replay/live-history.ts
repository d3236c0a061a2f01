import { getOrCreate } from '../base/order.ts';
import type { EventBatch } from '../events/reader.ts';
import type { Tail } from '../events/sources/tail.ts';
import type { HistoryEvent, OpenTape } from './causal-order.ts';
import { batchesOf, beginReading, byBeginning, type HistoryOptions, type Reading, tapeOf } from './history.ts';
import { LiveMerge, StartAnew } from './live-merge.ts';
import type { Run, RunFile } from './run.ts';

/** A log of a run that is followed. One without a tail is read once, as it is: a format of which nothing is known until it is at its end. */
export interface LiveFile {
  readonly file: RunFile;
  readonly tail: Tail | undefined;
}

/** The devices of each identity, as far as they are known by now. What is settled for all of them is forgotten, so that one more changes much. */
export class KnownDevices {
  private readonly devices = new Map<string, Set<string>>();
  private newest = '';

  /** How many devices an identity has. */
  readonly countOf = (identity: string): number => this.devices.get(identity)?.size ?? 1;

  /** Takes down a device. Returns whether its identity was thought to have fewer devices. */
  meet(device: string, identity: string): boolean {
    if (device === this.newest) return false;
    this.newest = device;
    const ofIdentity = getOrCreate(this.devices, identity, () => new Set());
    if (ofIdentity.has(device)) return false;
    ofIdentity.add(device);
    return ofIdentity.size > 1;
  }
}

/** The logs of one device: the earliest that has anything is read first. */
class LiveTape implements Pick<OpenTape, 'read' | 'close'> {
  private files: readonly LiveLog[] = [];

  add(log: LiveLog): void {
    this.files = [...this.files, log].sort((left, right) => byBeginning(left.file, right.file));
  }

  async read(): Promise<EventBatch | undefined> {
    for (const file of this.files) {
      const batch = await file.next();
      if (batch) return batch;
    }
    return undefined;
  }

  async close(): Promise<void> {}
}

/** A log that is read as it grows. */
class LiveLog {
  readonly file: RunFile;
  private readonly tail: Tail | undefined;
  private readonly batches: AsyncIterator<EventBatch>;
  private pending: Promise<IteratorResult<EventBatch>> | undefined;

  constructor(run: Run, { file, tail }: LiveFile) {
    this.file = file;
    this.tail = tail;
    this.batches = batchesOf(run, tail ? { ...file, source: tail } : file)[Symbol.asyncIterator]();
  }

  /** The next batch; `undefined` where there is none now. */
  async next(): Promise<EventBatch | undefined> {
    this.pending ??= this.batches.next();
    const next = await (this.tail ? Promise.race([this.pending, this.tail.dry()]) : this.pending);
    if (!next) return undefined;
    this.pending = undefined;
    return next.done ? undefined : next.value;
  }
}

/** The history of a run that is being written: goes on where it stopped, as often as it is asked to. */
export class LiveHistory {
  readonly reading: Reading;
  private readonly merge: LiveMerge;
  private readonly tapes = new Map<string, LiveTape>();

  constructor(run: Run, devices: KnownDevices, options: HistoryOptions) {
    const { reading, listener } = beginReading(run, options);
    this.reading = reading;
    this.merge = new LiveMerge({
      ...listener,
      accepts: (event) => {
        if (!listener.accepts(event)) return false;
        if (event.stream === undefined && devices.meet(event.device, event.identity)) throw new StartAnew('new-device');
        return true;
      },
    });
  }

  /** Reads another log, too. */
  add(run: Run, added: LiveFile): void {
    getOrCreate(this.tapes, tapeOf(added.file), () => {
      const tape = new LiveTape();
      this.merge.add(tape);
      return tape;
    }).add(new LiveLog(run, added));
  }

  /**
   * Reads all that is there, and hands on what has its turn. What waits for something through `patience` calls is then no longer held
   * up. Returns whether anything was handed on. Throws `StartAnew` or `Disorder` where the history must be read from its start.
   */
  async readOn(patience: number, take: (event: HistoryEvent) => void, stop: AbortSignal): Promise<boolean> {
    const { merge } = this;
    let taken = false;
    const drain = async () => {
      while (!stop.aborted) {
        const events = merge.advance();
        for (const event of events) {
          if (merge.gaveUpOn(event)) throw new StartAnew('late-cause');
          take(event);
        }
        taken ||= events.length > 0;
        if (events.length > 0 || (await merge.readOn())) continue;
        if (!merge.isClogged || !merge.giveUp()) return;
      }
    };
    merge.wake();
    await drain();
    if (merge.releaseSorted()) await drain();
    merge.growOlder();
    while (!stop.aborted && merge.letGo(patience)) await drain();
    return taken;
  }
}
