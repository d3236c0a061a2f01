import type { Part, Plan } from './plan.ts';
import type { BatchableWrite } from './prepared-operation.ts';
import { type Publication, reliesOn } from './publications.ts';
import { type Replayed, replayFrom, replayTimeline } from './timeline.ts';

/** A plan as it was played last. Up to the first mark that waits for a batch, it goes the same way each time. */
export interface Stage {
  readonly plan: Plan;
  readonly played: Replayed;
  readonly from: number;
}

/** A snapshot that relied on writes and would be published before they are durable. */
export interface Race {
  readonly publication: Publication;
  /** Those of one batch, and how much later that would be durable, in µs. */
  readonly writes: readonly BatchableWrite[];
  readonly lateUs: number;
}

/** Sets a plan up to be played. */
export function stageOf(plan: Plan): Stage {
  const from = Math.min(plan.timeline.marks.length, ...plan.holds.keys());
  return { plan, played: replayTimeline(plan.timeline, plan), from };
}

/** Plays a plan with a length for each batch, and says how long the operation takes, in µs. */
export function play(stage: Stage, lengthsUs: Float64Array): number {
  const { plan, played, from } = stage;
  replayFrom(from, plan.timeline, plan, played, (index) => {
    let until = Number.NEGATIVE_INFINITY;
    for (const { batch, part } of plan.holds.get(index) ?? []) {
      const length = lengthsUs[batch.index] as number;
      // Of writes that other operations made, it is known only that they are over: their batch goes out with the snapshot.
      const durable = part ? durableAt(plan, part, length, played) : (played.due[index] as number) + length;
      until = Math.max(until, durable);
    }
    return until;
  });
  return wallOf(stage);
}

/** How long the operation took, as the plan was played last, in µs. */
export function wallOf({ plan, played }: Stage): number {
  return Math.max(0, (played.ends[plan.end] as number) - plan.operation.span.start);
}

/** How long each batched write waited to be durable, as the plan was played last, in µs. */
export function waitsOf({ plan, played }: Stage, lengthsUs: Float64Array): number[] {
  return plan.parts.flatMap((part) => {
    const durable = durableAt(plan, part, lengthsUs[part.batch.index] as number, played);
    return part.indices.map((index) => Math.max(0, durable - (played.ends[index] as number)));
  });
}

/** Where snapshots would be published too early, as the plan was played last: when they were due, before they waited. */
export function racesOf({ plan, played }: Stage, lengthsUs: Float64Array): Race[] {
  return plan.parts.flatMap((part) => {
    const durable = durableAt(plan, part, lengthsUs[part.batch.index] as number, played);
    const races: Race[] = [];
    for (const index of plan.indexByPublication.values()) {
      const lateUs = durable - (played.due[index] as number);
      const publication = plan.timeline.marks[index]?.publication;
      if (index < part.barrier || lateUs <= 0 || !publication) continue;
      const writes = part.writes.filter((write) => reliesOn(publication, write));
      if (writes.length > 0) races.push({ publication, writes, lateUs });
    }
    return races;
  });
}

/** When a batch is durable: its verification goes out by the batching's rule, never before the last write is over. */
function durableAt({ batching }: Plan, { indices, barrier }: Part, length: number, { due, ends }: Replayed): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const index of indices) last = Math.max(last, ends[index] as number);
  switch (batching.by) {
    case 'window':
      return Math.max(last, Math.min(last + batching.windowUs, due[barrier] as number)) + length;
    case 'op':
      return last + length;
    case 'blocks':
      return Math.max(last, due[barrier] as number) + length;
  }
}
