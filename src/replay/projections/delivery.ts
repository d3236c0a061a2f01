import { type Amount, add, zero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection, type EventContext } from '../projection.ts';

/** The `balance` lines of one token that name one cause on one device: their sum, and the lines. */
export interface Movement {
  readonly coin: string;
  sum: Amount;
  readonly lines: Mark<ReplayEvent<'balance'>>[];
}

type Movements = Map<string, Movement>;

/** How one effect fared on one device, from one `clear` to the next. */
export interface Passage {
  readonly phase: number;
  written: Mark<ReplayEvent<'write'>> | null;
  received: Mark<ReplayEvent<'replication'>> | null;
  readonly applied: Mark<ReplayEvent<'replication'>>[];
  skipped: Mark<ReplayEvent<'replication'>> | null;
  rejected: Mark<ReplayEvent<'replication'>> | null;
  deduplicated: Mark<ReplayEvent<'replication'>> | null;
  /** By token: what the device's balance lines say that this effect changed. */
  readonly movements: Movements;
}

/** An immutable fact of the replicated log, and what became of it on each device of its identity. */
export interface Effect {
  readonly effect: string;
  readonly identity: string;
  /** The device that wrote it, and its number there; unknown where only balance lines name the effect. */
  origin: string | null;
  originSeq: number;
  write: Mark<ReplayEvent<'write'>> | null;
  /** The first verify that said ok. */
  durable: Mark<ReplayEvent<'verify'>> | null;
  /** By device, the phases in which anything happened to it, in order. */
  readonly passages: Map<string, Passage[]>;
}

/** One device between two clears: what it took over from snapshots and claimed in them. */
export interface Phase {
  /** The `clear` that began it; `null` for the first. */
  readonly from: Mark<ReplayEvent<'clear'>> | null;
  /** The `clear` that ended it; `null` for the last. */
  until: Mark<ReplayEvent<'clear'>> | null;
  readonly imports: Mark<ReplayEvent<'import'>>[];
  readonly publishes: Mark<ReplayEvent<'publish'>>[];
  /** By snapshot, by token: what balance lines say that the import changed. */
  readonly restored: Map<string, Movements>;
  /** By token: balance lines that name no cause. */
  readonly uncaused: Movements;
}

/** One device's side of the replicated log. */
export interface Replica {
  readonly device: string;
  readonly phases: Phase[];
  /** The newest line by which the device wrote, received, published or imported, as its position: it went on until there. */
  active: number;
}

/** Everything that the devices of one identity wrote and did with it. */
export interface Replication {
  readonly identity: string;
  readonly effects: Map<string, Effect>;
  /** The effect that a content id stands for: a verify may name either. */
  readonly byCid: Map<string, string>;
  readonly replicas: Map<string, Replica>;
  /** By id, the first publish of each snapshot. */
  readonly snapshots: Map<string, Mark<ReplayEvent<'publish'>>>;
}

/** By identity: each effect's way from the device that wrote it to the balances of every other. */
export const delivery = defineProjection<Map<string, Replication>>({
  name: 'delivery',
  initial: () => new Map(),
  on: {
    write(states, event, context) {
      const effect = effectOf(states, event);
      const mark = activity(states, context.mark(event));
      effect.write ??= mark;
      effect.origin = event.device;
      effect.originSeq = event.originSeq;
      passageOf(states, effect, event.device).written ??= mark;
      if (event.cid !== undefined) replicationOf(states, event.identity).byCid.set(event.cid, event.effect);
    },
    verify(states, event, context) {
      if (!event.ok) return;
      const { byCid } = replicationOf(states, event.identity);
      const effect = event.effect ?? byCid.get(event.cid ?? '');
      if (effect !== undefined) effectOf(states, { identity: event.identity, effect }).durable ??= context.mark(event);
    },
    replication(states, event, context) {
      const effect = effectOf(states, event);
      if (effect.origin === null) {
        effect.origin = event.origin;
        effect.originSeq = event.originSeq;
      }
      const passage = passageOf(states, effect, event.device);
      const mark = activity(states, context.mark(event));
      if (event.action === 'applied') passage.applied.push(mark);
      else passage[event.action] ??= mark;
    },
    balance(states, event, context) {
      const { effect, snapshot } = event;
      const phase = phaseOf(states, event);
      if (snapshot !== undefined) {
        move(
          getOrCreate(phase.restored, snapshot, (): Movements => new Map()),
          event,
          context,
        );
      } else if (effect !== undefined) {
        const record = effectOf(states, { identity: event.identity, effect });
        move(passageOf(states, record, event.device).movements, event, context);
      } else {
        move(phase.uncaused, event, context);
      }
    },
    publish(states, event, context) {
      const mark = activity(states, context.mark(event));
      phaseOf(states, event).publishes.push(mark);
      const { snapshots } = replicationOf(states, event.identity);
      if (!snapshots.has(event.snapshot)) snapshots.set(event.snapshot, mark);
    },
    import(states, event, context) {
      phaseOf(states, event).imports.push(activity(states, context.mark(event)));
    },
    clear(states, event, context) {
      const mark = context.mark(event);
      phaseOf(states, event).until = mark;
      replicaOf(states, event).phases.push(newPhase(mark));
    },
  },
});

function replicationOf(states: Map<string, Replication>, identity: string): Replication {
  return getOrCreate(states, identity, () => ({
    identity,
    effects: new Map(),
    byCid: new Map(),
    replicas: new Map(),
    snapshots: new Map(),
  }));
}

function replicaOf(
  states: Map<string, Replication>,
  { identity, device }: { identity: string; device: string },
): Replica {
  const { replicas } = replicationOf(states, identity);
  return getOrCreate(replicas, device, () => ({ device, phases: [newPhase(null)], active: 0 }));
}

function phaseOf(states: Map<string, Replication>, event: { identity: string; device: string }): Phase {
  return replicaOf(states, event).phases.at(-1) as Phase;
}

function activity<Event extends ReplayEvent>(states: Map<string, Replication>, mark: Mark<Event>): Mark<Event> {
  replicaOf(states, mark.event).active = mark.position;
  return mark;
}

/** A phase in which nothing has happened yet. */
export function newPhase(from: Phase['from']): Phase {
  return { from, until: null, imports: [], publishes: [], restored: new Map(), uncaused: new Map() };
}

function effectOf(
  states: Map<string, Replication>,
  { identity, effect }: { identity: string; effect: string },
): Effect {
  return getOrCreate(replicationOf(states, identity).effects, effect, () => ({
    effect,
    identity,
    origin: null,
    originSeq: 0,
    write: null,
    durable: null,
    passages: new Map(),
  }));
}

function passageOf(states: Map<string, Replication>, { identity, passages }: Effect, device: string): Passage {
  const phase = replicaOf(states, { identity, device }).phases.length - 1;
  const ofDevice = getOrCreate(passages, device, (): Passage[] => []);
  let passage = ofDevice.at(-1);
  if (passage?.phase !== phase) {
    passage = {
      phase,
      written: null,
      received: null,
      applied: [],
      skipped: null,
      rejected: null,
      deduplicated: null,
      movements: new Map(),
    };
    ofDevice.push(passage);
  }
  return passage;
}

function move(movements: Movements, event: ReplayEvent<'balance'>, context: EventContext): void {
  const movement = getOrCreate(movements, event.tokenId, () => ({ coin: event.coin, sum: zero, lines: [] }));
  movement.sum = add(movement.sum, event.delta);
  movement.lines.push(context.mark(event));
}
