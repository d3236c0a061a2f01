import { isZero } from '../../base/amount.ts';
import { append } from '../../base/append.ts';
import { getOrCreate } from '../../base/order.ts';
import type { Seen } from '../../base/seen.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection } from '../projection.ts';
import type { Implications } from './implications.ts';
import { type BalanceLine, type Movements, move } from './movements.ts';
import { noteProgress, type Progress } from './progress.ts';
import { effectOf, newPhase, passageOf, phaseOf, replicaOf, replicationOf } from './replication.ts';
import {
  doubtIfForgotten,
  type Forgotten,
  forgetIfOver,
  isAlive,
  isForgotten,
  type LiveToken,
  noteMove,
  noteWriting,
  settle,
  type Worth,
  type Written,
} from './settlement.ts';
import { doubtUnlessComplete } from './snapshot-lists.ts';
import { noteNamed, noteWritten, ripen, type Unwritten } from './unwritten.ts';

/**
 * How one effect fared on one device, from one `clear` to the next. There are many, so a list of lines is made with its
 * first, and nothing is made for what most of them have not.
 */
export interface Passage {
  readonly replica: Replica;
  readonly phase: number;
  written: Mark<ReplayEvent<'write'>> | null;
  /** The newest arrival: after a refusal it is a new attempt. Of no account once the effect was applied. */
  received: Mark<ReplayEvent<'replication'>> | null;
  applied: Mark<ReplayEvent<'replication'>>[];
  skipped: Mark<ReplayEvent<'replication'>> | null;
  rejected: Mark<ReplayEvent<'replication'>> | null;
  deduplicated: Mark<ReplayEvent<'replication'>> | null;
  /** The device's balance lines that name the effect. */
  moved: BalanceLine[];
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
  /** Each device's phases in which anything happened to it: the devices as they came, the phases of one together and in order. */
  passages: Passage[];
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
  /** By origin, how far the device got; nothing where all is retained. */
  readonly progress: Map<string, Progress>;
  /** By origin, what forgotten heads imply. */
  readonly implied: Map<string, Implications>;
  /** The newest forgotten effect that the device booked, as the position of the line by which it knew of it. */
  booked: number;
  /** Whether it knew a forgotten effect that nobody wrote. */
  knewUnwritten: boolean;
}

/** One device's side of the replicated log. */
export interface Replica {
  readonly device: string;
  readonly phases: Phase[];
  /** The newest line by which the device wrote, applied, published or imported, as its position: it went on until there. */
  active: number;
  /** Whether it ever applied a head that stands for its ancestors. */
  heads: boolean;
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
  /** The identity's tokens while they live; none where all is retained, because nothing is settled there. */
  readonly tokens: Map<string, LiveToken>;
  /** By origin, what it wrote; nothing where all is retained. */
  readonly written: Map<string, Written>;
  /** What forgotten effects put out for other identities, by token. */
  readonly sent: Map<string, Worth>;
  /** Effects and tokens that were there, also those that are forgotten; nothing where all is retained. */
  readonly seen: Seen;
  /** Tokens that effects spent or moved before the line was read that makes them, if there is one: their lives are kept. */
  readonly namedUnmade: Set<string>;
  /** Effects of which nobody logged the writing; none where all is retained. */
  readonly unwritten: Unwritten;
  /** By device, tokens that never came alive there, because a forgotten effect had spent them before. */
  readonly stillborn: Map<string, Set<string>>;
  /** Whether of what is forgotten nothing could be missing in what devices showed, and every snapshot that was taken over brought what it claims. */
  vouched: boolean;
  /** Whether the identity's devices verify what they write. */
  verifies: boolean;
  readonly forgotten: Forgotten;
  /** Whether something that was forgotten matters after all. */
  doubtful: boolean;
  /** Whether any effect names others that it depends on; not asked where all is retained. */
  hasDeps: boolean;
  /** Whether something that was forgotten may matter where the run is in dispute. */
  loose: boolean;
}

/** By identity: each effect's way from the device that wrote it to the balances of every other. */
export const delivery = defineProjection<Map<string, Replication>>({
  name: 'delivery',
  initial: () => new Map(),
  on: {
    write(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const replica = replicaOf(replication, event.device);
      const effect = effectOf(replication, event.effect);
      const mark = context.mark(event);
      replica.active = mark.position;
      if (!context.retainsAll) noteWritten(replication, effect, event);
      effect.write ??= mark;
      effect.origin = event.device;
      effect.originSeq = event.originSeq;
      passageOf(replica, effect).written ??= mark;
      if (event.cid !== undefined) replication.byCid.set(event.cid, event.effect);
      if (context.retainsAll) return;
      noteWriting(replication, effect, mark);
      noteProgress(replication, effect, phaseOf(replica), mark);
      settle(replication, effect, context.devicesOf(event.identity));
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
      const replica = replicaOf(replication, event.device);
      const mark = context.mark(event);
      if (event.action === 'applied') replica.active = mark.position;
      if (!context.retainsAll && isForgotten(replication, event)) return;
      const effect = effectOf(replication, event.effect);
      if (effect.origin === null) {
        effect.origin = event.origin;
        effect.originSeq = event.originSeq;
        if (!context.retainsAll && effect.write === null) nameUnwritten(replication, effect, event.origin);
      }
      const passage = passageOf(replica, effect);
      if (event.action === 'applied') {
        passage.applied = append(passage.applied, mark);
        if (event.headsOnly === true) replica.heads = true;
        else if (!context.retainsAll) noteProgress(replication, effect, phaseOf(replica), mark);
        passage.received = null;
      } else if (event.action === 'received') passage.received = passage.applied.length === 0 ? mark : null;
      else passage[event.action] ??= mark;
      if (context.retainsAll) return;
      const devices = context.devicesOf(event.identity);
      settle(replication, effect, devices);
      if (effect.write !== null || event.action !== 'applied') return;
      const ripe = ripen(replication, effect, devices);
      if (ripe) settle(replication, ripe, devices, true);
    },
    balance(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const replica = replicaOf(replication, event.device);
      const phase = phaseOf(replica);
      if (event.snapshot !== undefined) {
        const restored = getOrCreate(phase.restored, event.snapshot, (): Movements => new Map());
        if (!context.retainsAll && !isAlive(replication, event.tokenId)) replication.doubtful = true;
        move(restored, context.mark(event));
      } else if (event.effect !== undefined) {
        const effect = effectOf(replication, event.effect);
        if (effect.settled) replication.doubtful = true;
        const passage = passageOf(replica, effect);
        passage.moved = append(passage.moved, context.mark(event));
        if (context.retainsAll) return;
        noteMove(replication, effect, event);
        settle(replication, effect, context.devicesOf(event.identity));
      } else {
        const { sum } = move(phase.uncaused, context.mark(event));
        if (context.retainsAll) return;
        doubtIfForgotten(replication, event.tokenId);
        if (isZero(sum)) {
          phase.uncaused.delete(event.tokenId);
          phase.passed++;
        }
      }
    },
    publish(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const replica = replicaOf(replication, event.device);
      const mark = context.mark(event);
      replica.active = mark.position;
      phaseOf(replica).publishes.push(mark);
      if (!replication.snapshots.has(event.snapshot)) replication.snapshots.set(event.snapshot, mark);
      doubtUnlessComplete(replication, event.snapshot, event.contents);
    },
    import(states, event, context) {
      const replication = replicationOf(states, event.identity);
      const replica = replicaOf(replication, event.device);
      const mark = context.mark(event);
      replica.active = mark.position;
      phaseOf(replica).imports.push(mark);
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

/** An effect that nobody wrote is named: the one of its origin that was named before need not be kept for that any more. */
function nameUnwritten(replication: Replication, effect: Effect, origin: string): void {
  const before = noteNamed(replication, effect, origin);
  if (before) forgetIfOver(replication, before);
}
