import { getOrCreate } from '../base/order.ts';
import { type HistoryEvent, laneKey } from './causal-order.ts';
import { join, type Mark, type VectorClock } from './mark.ts';

interface LaneClock {
  readonly index: number;
  readonly identity: string;
  readonly now: number[];
  /** The highest `originSeq` of each origin whose clock this lane has joined. */
  readonly joined: Map<string, number>;
}

interface Message {
  readonly clock: VectorClock;
  /** How many devices of the identity have still to receive it; at 0 it is forgotten. */
  waiting: number;
}

/**
 * Keeps a vector clock per lane while a history passes by: program order, effects and snapshots, never time.
 * Bounded by what is under way: the clock of an effect is dropped once every device of its identity received it.
 */
export class CausalClock {
  private readonly devicesOf: (identity: string) => number;
  private readonly lanes = new Map<string, LaneClock>();
  private readonly effects = new Map<string, Message>();
  private readonly snapshots = new Map<string, VectorClock>();

  /** `devicesOf` says how many devices of an identity the run has, so that it is known when everybody heard of an effect. */
  constructor(devicesOf: (identity: string) => number) {
    this.devicesOf = devicesOf;
  }

  /** Takes the next event of the history. */
  advance(event: HistoryEvent): void {
    const lane = this.laneOf(event);
    lane.now[lane.index] = (lane.now[lane.index] ?? 0) + 1;
    switch (event.type) {
      case 'write':
        this.effects.set(event.effect, {
          clock: lane.now.slice(),
          waiting: Math.max(this.devicesOf(lane.identity) - 1, 1),
        });
        break;
      case 'replication':
        if (event.origin !== event.device) this.receive(lane, event.effect, event.origin, event.originSeq);
        break;
      case 'publish':
        this.snapshots.set(event.snapshot, lane.now.slice());
        break;
      case 'import': {
        const clock = this.snapshots.get(event.snapshot);
        if (clock) join(lane.now, clock);
        break;
      }
      default:
    }
  }

  /** The event that was just taken, with what its device knew then. */
  mark<Event extends HistoryEvent>(event: Event): Mark<Event> {
    const { index, now } = this.laneOf(event);
    return { event, lane: index, position: now[index] ?? 0, clock: now.slice() };
  }

  /** How many events of each lane happened before this lane's newest event, or are that event. */
  knowledge(event: HistoryEvent): ReadonlyMap<string, number> {
    const { now } = this.laneOf(event);
    return new Map([...this.lanes].map(([key, { index }]) => [key, now[index] ?? 0]));
  }

  private receive(lane: LaneClock, effect: string, origin: string, originSeq: number): void {
    const message = this.effects.get(effect);
    if (!message || (lane.joined.get(origin) ?? 0) >= originSeq) return;
    lane.joined.set(origin, originSeq);
    join(lane.now, message.clock);
    message.waiting--;
    if (message.waiting <= 0) this.effects.delete(effect);
  }

  private laneOf(event: HistoryEvent): LaneClock {
    return getOrCreate(this.lanes, laneKey(event), () => ({
      index: this.lanes.size,
      identity: event.identity,
      now: [],
      joined: new Map(),
    }));
  }
}
