import { type Amount, add, isZero, zero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { Mark } from '../mark.ts';
import { defineProjection, type EventContext } from '../projection.ts';
import { type Forgotten, isForgotten, type LiveToken, settle } from './settlement.ts';

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
  /** The newest arrival: after a refusal it is a new attempt. */
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
  /** Whether nothing about it is open; see `settle`. */
  settled: boolean;
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
  /** Tokens that came and went by lines without a cause, and are forgotten. */
  passed: number;
  /** What forgotten effects say about others: by origin, how far the device applied it, or was implied to. */
  readonly reached: Map<string, Claimed>;
  readonly implied: Map<string, Claimed>;
  /** The newest forgotten effect that the device booked, as the position of the line by which it knew of it. */
  booked: number;
}

/** Everything of one origin up to `originSeq`, claimed by a line of the device. */
export interface Claimed {
  readonly originSeq: number;
  readonly by: Mark<HistoryEvent>;
}

/** One device's side of the replicated log. */
export interface Replica {
  readonly device: string;
  readonly phases: Phase[];
  /** The newest line by which the device wrote, applied, published or imported, as its position: it went on until there. */
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
  /** The identity's tokens while they live. */
  readonly tokens: Map<string, LiveToken>;
  /** By origin: the highest `originSeq` written, and how many were. */
  readonly written: Map<string, { highest: number; count: number }>;
  /** Whether the identity's devices verify what they write. */
  verifies: boolean;
  readonly forgotten: Forgotten;
  /** Whether something that was forgotten matters after all. */
  doubtful: boolean;
}

/** By identity: each effect's way from the device that wrote it to the balances of every other. */
export const delivery = defineProjection<Map<string, Replication>>({
  name: 'delivery',
  initial: () => new Map(),
  on: {
    write(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const effect = effectOf(replication, event.effect);
      const mark = activity(states, context.mark(event));
      effect.write ??= mark;
      effect.origin = event.device;
      effect.originSeq = event.originSeq;
      passageOf(replication, effect, event.device).written ??= mark;
      if (event.cid !== undefined) replication.byCid.set(event.cid, event.effect);
      noteWriting(replication, effect, mark);
      if (!context.retainsAll) settle(replication, effect, context.devicesOf(event.identity));
    },
    verify(states, event, context) {
      const replication = replicationOf(states, event.identity);
      replication.verifies = true;
      const effect = replication.effects.get(event.effect ?? replication.byCid.get(event.cid ?? '') ?? '');
      if (!effect || !event.ok) return;
      effect.durable ??= context.mark(event);
      if (!context.retainsAll) settle(replication, effect, context.devicesOf(event.identity));
    },
    replication(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const mark = event.action === 'applied' ? activity(states, context.mark(event)) : context.mark(event);
      if (!context.retainsAll && isForgotten(replication, event)) return;
      const effect = effectOf(replication, event.effect);
      if (effect.origin === null) {
        effect.origin = event.origin;
        effect.originSeq = event.originSeq;
      }
      const passage = passageOf(replication, effect, event.device);
      if (event.action === 'applied') passage.applied.push(mark);
      else if (event.action === 'received') passage.received = mark;
      else passage[event.action] ??= mark;
      if (!context.retainsAll) settle(replication, effect, context.devicesOf(event.identity));
    },
    balance(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const phase = phaseOf(replication, event.device);
      if (event.snapshot !== undefined) {
        const restored = getOrCreate(phase.restored, event.snapshot, (): Movements => new Map());
        if (!isAlive(replication, event.tokenId)) replication.doubtful = true;
        move(restored, event, context);
      } else if (event.effect !== undefined) {
        const effect = effectOf(replication, event.effect);
        if (effect.settled) replication.doubtful = true;
        move(passageOf(replication, effect, event.device).movements, event, context);
        if (!context.retainsAll) settle(replication, effect, context.devicesOf(event.identity));
      } else {
        const { sum } = move(phase.uncaused, event, context);
        if (!context.retainsAll && isZero(sum)) {
          phase.uncaused.delete(event.tokenId);
          phase.passed++;
        }
      }
    },
    publish(states, event, context) {
      const mark = activity(states, context.mark(event));
      const replication = replicationOf(states, event.identity);
      phaseOf(replication, event.device).publishes.push(mark);
      if (!replication.snapshots.has(event.snapshot)) replication.snapshots.set(event.snapshot, mark);
      doubtUnlessComplete(replication, event.snapshot, event.contents);
    },
    import(states, event, context) {
      const replication = replicationOf(states, event.identity);
      phaseOf(replication, event.device).imports.push(activity(states, context.mark(event)));
      doubtUnlessComplete(replication, event.snapshot, event.contents);
    },
    clear(states, event, context) {
      const mark = context.mark(event);
      const { phases } = replicaOf(replicationOf(states, event.identity), event.device);
      (phases.at(-1) as Phase).until = mark;
      phases.push(newPhase(mark));
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
    tokens: new Map(),
    written: new Map(),
    verifies: false,
    forgotten: { effects: 0, changes: 0, spent: 0, transfers: 0 },
    doubtful: false,
  }));
}

function replicaOf({ replicas }: Replication, device: string): Replica {
  return getOrCreate(replicas, device, () => ({ device, phases: [newPhase(null)], active: 0 }));
}

function phaseOf(replication: Replication, device: string): Phase {
  return replicaOf(replication, device).phases.at(-1) as Phase;
}

function activity<Event extends ReplayEvent>(states: Map<string, Replication>, mark: Mark<Event>): Mark<Event> {
  replicaOf(replicationOf(states, mark.event.identity), mark.event.device).active = mark.position;
  return mark;
}

/** A phase in which nothing has happened yet. */
export function newPhase(from: Phase['from']): Phase {
  return {
    from,
    until: null,
    imports: [],
    publishes: [],
    restored: new Map(),
    uncaused: new Map(),
    passed: 0,
    reached: new Map(),
    implied: new Map(),
    booked: 0,
  };
}

function effectOf({ identity, effects }: Replication, effect: string): Effect {
  return getOrCreate(effects, effect, () => ({
    effect,
    identity,
    origin: null,
    originSeq: 0,
    write: null,
    durable: null,
    passages: new Map(),
    settled: false,
  }));
}

function passageOf(replication: Replication, { passages }: Effect, device: string): Passage {
  const phase = replicaOf(replication, device).phases.length - 1;
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

function noteWriting(
  { identity, tokens, written }: Replication,
  effect: Effect,
  { event }: Mark<ReplayEvent<'write'>>,
): void {
  const seen = getOrCreate(written, event.device, () => ({ highest: 0, count: 0 }));
  seen.highest = Math.max(seen.highest, event.originSeq);
  seen.count++;
  for (const { tokenId, coin, amount, owner } of event.outputs ?? []) {
    if (owner === undefined || owner === identity) tokens.set(tokenId, { coin, amount, birth: effect, end: null });
  }
}

/** A token that a snapshot brings, and that is not known to live, may be one that was spent and forgotten. */
function isAlive({ tokens }: Replication, tokenId: string): boolean {
  return tokens.get(tokenId)?.end === null;
}

/** A list of contents is compared with effects; where it has not as many as the frontier claims, all must be there. */
function doubtUnlessComplete(
  replication: Replication,
  snapshot: string,
  contents: readonly string[] | undefined,
): void {
  const frontier = replication.snapshots.get(snapshot)?.event.frontier;
  if (!contents || !frontier) return;
  const claimed = Object.values(frontier).reduce((sum, originSeq) => sum + originSeq, 0);
  if (contents.length !== claimed) replication.doubtful = true;
}

function move(movements: Movements, event: ReplayEvent<'balance'>, context: EventContext): Movement {
  const movement = getOrCreate(movements, event.tokenId, () => ({ coin: event.coin, sum: zero, lines: [] }));
  movement.sum = add(movement.sum, event.delta);
  movement.lines.push(context.mark(event));
  return movement;
}
