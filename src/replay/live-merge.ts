import {
  type HistoryEvent,
  isEmpty,
  type Lane,
  laneKey,
  Merge,
  type MergeOptions,
  type OpenTape,
} from './causal-order.ts';

/** What makes it necessary to read a run again from its start while it is followed. */
type Reason = 'late-cause' | 'sorted-device' | 'new-device' | 'other-run' | 'changed-file' | 'dispute';

/** Thrown where what was read so far cannot be gone on from: the run is to be read again from its start. */
export class StartAnew extends Error {
  override readonly name = 'StartAnew';
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(`the run must be read again: ${reason}`);
    this.reason = reason;
  }
}

/** How often a lane was found to wait for the same thing. */
interface Wait {
  readonly at: HistoryEvent;
  looks: number;
}

/**
 * Merges logs that are still being written. A tape that has nothing more is dry and not at its end, and a cause that is not there may still be
 * written: what waits for it stays. What is lost is told from what is late by patience alone, in looks at the files; where a cause turns up that
 * was waited for no more, the order that was given without it is wrong, and `StartAnew` is thrown.
 */
export class LiveMerge extends Merge {
  private readonly waits = new Map<Lane, Wait>();
  private sortedAreOut = false;

  constructor(options: MergeOptions) {
    super([], options);
  }

  /** Reads a tape, too, from now on. */
  add(tape: Pick<OpenTape, 'read' | 'close'>): void {
    this.tapes = [...this.tapes, { read: () => tape.read(), close: () => tape.close(), ...freshState() }];
  }

  /** Whatever was dry may have grown. */
  wake(): void {
    for (const tape of this.tapes) tape.open = true;
  }

  /** Whether there is more to read, although nothing more is read because too much waits already. */
  get isClogged(): boolean {
    return this.tapes.some(({ open }) => open);
  }

  /** Hands over the lanes that are sorted in memory, once all that is there was read. Returns whether there are any. */
  releaseSorted(): boolean {
    if (this.sortedAreOut) return false;
    this.sortedAreOut = true;
    const sorted = this.ordered.filter(({ key }) => this.options.sorted.has(key));
    for (const { sequence } of sorted) sequence.end();
    return sorted.length > 0;
  }

  /** Counts one look at the files in which nothing came that any lane waits for. */
  growOlder(): void {
    for (const lane of this.ordered) {
      const at = isEmpty(lane) ? lane.sequence.held() : lane.queue[lane.head];
      const wait = this.waits.get(lane);
      if (at === undefined) this.waits.delete(lane);
      else if (wait?.at === at) wait.looks++;
      else this.waits.set(lane, { at, looks: 0 });
    }
  }

  /**
   * Goes on without what was waited for through that many looks: a missing line becomes a gap, then a missing cause is done without. What
   * another lane has and cannot release itself is waited for, unless all wait for each other. Returns whether anything was let go.
   */
  letGo(patience: number): boolean {
    const ripe = this.ordered.filter((lane) => (this.waits.get(lane)?.looks ?? -1) >= patience);
    const gaps = ripe.filter((lane) => isEmpty(lane) && lane.sequence.held() !== undefined);
    for (const lane of gaps) {
      this.waits.delete(lane);
      lane.sequence.end();
    }
    return gaps.length > 0 || this.unblock(ripe.filter((lane) => !isEmpty(lane)));
  }

  /** Goes on although something is waited for, because too much waits already. Returns whether anything does. */
  override giveUp(): boolean {
    return this.unblock(this.ordered.filter((lane) => !isEmpty(lane)));
  }

  /** Whether a cause was waited for no more, and now it is there. */
  gaveUpOn(event: HistoryEvent): boolean {
    if (event.type === 'write') return (this.hopeless.get(event.device) ?? 0) >= event.originSeq;
    return event.type === 'publish' && this.hopeless.has(`snapshot ${event.snapshot}`);
  }

  protected override canReadOn(): boolean {
    return true;
  }

  /** A lane that was sorted and handed over cannot take another event. */
  protected override take(...[tape, batch]: Parameters<Merge['take']>): void {
    const { sorted } = this.options;
    if (this.sortedAreOut && batch.events.some((event) => sorted.has(laneKey(event))))
      throw new StartAnew('sorted-device');
    super.take(tape, batch);
  }

  protected override endTape(tape: OpenTape): void {
    tape.open = false;
  }

  private unblock(blocked: readonly Lane[]): boolean {
    const rooted = blocked.filter((lane) => !this.isCauseAtHand(headOf(lane)));
    const lanes = rooted.length > 0 ? rooted : blocked.slice(0, 1);
    for (const lane of lanes) {
      this.waits.delete(lane);
      this.abandon(headOf(lane), lane);
    }
    return lanes.length > 0;
  }

  /** Whether the cause may stand behind something else that waits, in the lane where it is to be. */
  private isCauseAtHand(event: HistoryEvent): boolean {
    if (event.type !== 'replication')
      return this.ordered.some((lane) => lane.queue.some((other) => isPublishOf(other, event)));
    const origin = this.lanes.get(event.origin);
    return origin !== undefined && (!isEmpty(origin) || origin.sequence.held() !== undefined);
  }

  /** Every effect of an origin that is waited for now is done without at once: a device that is gone leaves many. */
  private abandon(event: HistoryEvent, waiting: Lane): void {
    if (event.type !== 'replication') {
      const cause = this.awaited(event, waiting);
      if (cause !== undefined) this.hopeless.set(cause, Number.POSITIVE_INFINITY);
      return;
    }
    const { origin } = event;
    let last = event.originSeq;
    for (const { queue, head } of this.ordered) {
      for (const other of queue.slice(head)) {
        if (other.type === 'replication' && other.origin === origin) last = Math.max(last, other.originSeq);
      }
    }
    this.hopeless.set(origin, last);
  }
}

function freshState(): Pick<OpenTape, 'lanes' | 'open' | 'batchesRead'> {
  return { lanes: new Set(), open: true, batchesRead: 0 };
}

function headOf({ queue, head }: Lane): HistoryEvent {
  return queue[head] as HistoryEvent;
}

function isPublishOf(event: HistoryEvent, other: HistoryEvent): boolean {
  return event.type === 'publish' && other.type === 'import' && event.snapshot === other.snapshot;
}
