import { append } from '../../base/append.ts';
import { getOrCreate } from '../../base/order.ts';
import { hasName, newSeen } from '../../base/seen.ts';
import type { Effect, Passage, Phase, Replica, Replication } from './delivery.ts';
import { noneUnwritten } from './unwritten.ts';

/** What is kept of an identity. */
export function replicationOf(states: Map<string, Replication>, identity: string): Replication {
  return getOrCreate(states, identity, newReplication);
}

/** The side of the log that nobody wrote to yet. */
export function newReplication(identity: string): Replication {
  return {
    identity,
    effects: new Map(),
    byCid: new Map(),
    replicas: new Map(),
    snapshots: new Map(),
    tokens: new Map(),
    written: new Map(),
    sent: new Map(),
    seen: newSeen(),
    namedUnmade: new Set(),
    stillborn: new Map(),
    unwritten: noneUnwritten(),
    vouched: false,
    verifies: false,
    forgotten: { effects: 0, changes: 0, spent: 0, transfers: 0 },
    doubtful: false,
    hasDeps: false,
    loose: false,
  };
}

/** A device's side of it. */
export function replicaOf({ replicas }: Replication, device: string): Replica {
  return getOrCreate(replicas, device, newReplica);
}

/** A device that did nothing yet. */
export function newReplica(device: string): Replica {
  return { device, phases: [newPhase(null)], active: 0, heads: false };
}

/** The phase that a device is in. */
export function phaseOf({ phases }: Replica): Phase {
  return phases[phases.length - 1] as Phase;
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
    progress: new Map(),
    implied: new Map(),
    booked: 0,
    knewUnwritten: false,
  };
}

/** The effect of an id, also where nothing but the id is known of it. One that is forgotten may matter after all. */
export function effectOf(replication: Replication, id: string): Effect {
  const { identity, effects, seen } = replication;
  let effect = effects.get(id);
  if (effect === undefined) {
    if (hasName(seen, id)) replication.doubtful = true;
    effect = {
      effect: id,
      identity,
      origin: null,
      originSeq: 0,
      write: null,
      durable: null,
      passages: none,
      settled: false,
    };
    effects.set(id, effect);
  }
  return effect;
}

/** The list of what there is none of yet: one for all, replaced by what is appended. */
const none: never[] = [];

/** An effect's passage through a device in its phase. */
export function passageOf(replica: Replica, effect: Effect): Passage {
  const phase = replica.phases.length - 1;
  const { passages } = effect;
  const latest = passages.findLastIndex((passage) => passage.replica === replica);
  const found = passages[latest];
  if (found?.phase === phase) return found;
  const passage: Passage = {
    replica,
    phase,
    written: null,
    received: null,
    applied: none,
    skipped: null,
    rejected: null,
    deduplicated: null,
    moved: none,
  };
  if (found) passages.splice(latest + 1, 0, passage);
  else effect.passages = append(passages, passage);
  return passage;
}
