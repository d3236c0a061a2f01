import { type HistoryEvent, laneKey } from './causal-order.ts';
import { join, type Mark, type VectorClock } from './mark.ts';

interface LaneClock {
  readonly key: string;
  readonly index: number;
  readonly identity: string;
  /** How many of its events have passed. */
  position: number;
  /** What it knows of the others; its own entry counts for nothing. Replaced where it learns, so that its marks share it. */
  others: VectorClock;
  /** The highest `originSeq` of each origin whose clock this lane has joined. */
  readonly joined: Map<string, number>;
}

interface Message {
  readonly clock: VectorClock;
  /** How many devices of the identity have still to receive it; at 0 it is forgotten. */
  waiting: number;
}

/** A mark that makes its clock when it is asked for: marks are many, and few of them are ever compared. */
class LaneMark<Event extends HistoryEvent> implements Mark<Event> {
  readonly event: Event;
  readonly lane: number;
  readonly position: number;
  private readonly others: VectorClock;

  constructor(event: Event, { index, position, others }: LaneClock) {
    this.event = event;
    this.lane = index;
    this.position = position;
    this.others = others;
  }

  get clock(): VectorClock {
    return clockAt(this.lane, this.position, this.others);
  }
}

/**
 * Keeps a vector clock per lane while a history passes: program order, effects and snapshots, never time.
 * Bounded by what is under way: the clock of an effect is dropped once every device of its identity received it.
 */
export class CausalClock {
  private readonly devicesOf: (identity: string) => number;
  private readonly lanes = new Map<string, LaneClock>();
  private readonly effects = new Map<string, Message>();
  private readonly snapshots = new Map<string, VectorClock>();
  /** The lane of the event taken last: events of one lane come in rows. */
  private lane: LaneClock | undefined;
  private marked: Mark | undefined;

  /** `devicesOf` says how many devices of an identity the run has, so that it is known when everybody heard of an effect. */
  constructor(devicesOf: (identity: string) => number) {
    this.devicesOf = devicesOf;
  }

  /** Takes the next event of the history. */
  advance(event: HistoryEvent): void {
    const lane = this.laneOf(event);
    lane.position++;
    switch (event.type) {
      case 'write':
        this.effects.set(event.effect, {
          clock: clockAt(lane.index, lane.position, lane.others),
          waiting: Math.max(this.devicesOf(lane.identity) - 1, 1),
        });
        break;
      case 'replication':
        if (event.origin !== event.device) this.receive(lane, event.effect, event.origin, event.originSeq);
        break;
      case 'publish':
        this.snapshots.set(event.snapshot, clockAt(lane.index, lane.position, lane.others));
        break;
      case 'import': {
        const clock = this.snapshots.get(event.snapshot);
        if (clock) lane.others = join(lane.others, clock);
        break;
      }
      default:
    }
  }

  /** The event that was just taken, with what its device knew then; the same mark for whoever asks. */
  mark<Event extends HistoryEvent>(event: Event): Mark<Event> {
    if (this.marked?.event !== event) this.marked = new LaneMark(event, this.laneOf(event));
    return this.marked as Mark<Event>;
  }

  /** How many events of each lane happened before this lane's newest event, or are that event. */
  knowledge(event: HistoryEvent): ReadonlyMap<string, number> {
    const { clock } = this.mark(event);
    return new Map([...this.lanes].map(([key, { index }]) => [key, clock[index] ?? 0]));
  }

  private receive(lane: LaneClock, effect: string, origin: string, originSeq: number): void {
    const message = this.effects.get(effect);
    if (!message || (lane.joined.get(origin) ?? 0) >= originSeq) return;
    lane.joined.set(origin, originSeq);
    lane.others = join(lane.others, message.clock);
    message.waiting--;
    if (message.waiting <= 0) this.effects.delete(effect);
  }

  private laneOf(event: HistoryEvent): LaneClock {
    const key = laneKey(event);
    if (this.lane?.key === key) return this.lane;
    let lane = this.lanes.get(key);
    if (lane === undefined) {
      const { identity } = event;
      lane = { key, index: this.lanes.size, identity, position: 0, others: [], joined: new Map() };
      this.lanes.set(key, lane);
    }
    this.lane = lane;
    return lane;
  }
}

function clockAt(lane: number, position: number, others: VectorClock): VectorClock {
  const clock = others.slice();
  while (clock.length < lane) clock.push(0);
  clock[lane] = position;
  return clock;
}
