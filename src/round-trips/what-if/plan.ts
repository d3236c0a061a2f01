import { type Interval, slackUs } from '../../base/intervals.ts';
import { getOrCreate } from '../../base/order.ts';
import { intervalOf, type Step } from '../../replay/operations/step.ts';
import type { Batch, SharedBatch } from './batch.ts';
import type { Batching } from './batching.ts';
import type { BatchableWrite, PreparedOperation } from './prepared-operation.ts';
import { countBefore, type Publication, reliesOn } from './publications.ts';
import { type Mark, type Timeline, timelineOf } from './timeline.ts';
import { lengthOf } from './verified-writes.ts';

/** A mark of an operation's timeline: a step, a snapshot, its end, or the end of what its process logged. */
export interface PlanMark extends Mark {
  readonly event: Step['event'] | null;
  readonly publication: Publication | null;
}

/** An operation's timeline, with lengths and gaps as they are where no verify is waited for. */
export interface Draft {
  readonly operation: PreparedOperation;
  readonly timeline: Timeline<PlanMark>;
  readonly lengths: Float64Array;
  readonly gaps: Float64Array;
  readonly indexByEvent: ReadonlyMap<Step['event'], number>;
  readonly indexByPublication: ReadonlyMap<string, number>;
  /** The operation's end, and the end of the log of its process. */
  readonly end: number;
  readonly logEnd: number;
}

/** What an operation has in a batch, by the marks of its timeline. */
export interface Part {
  readonly batch: Batch;
  readonly writes: readonly BatchableWrite[];
  readonly indices: readonly number[];
  /** What makes the batch go out at the latest. */
  readonly barrier: number;
}

/** A batch that a mark waits for; `part` is `null` where the writes are all of other operations. */
export interface Hold {
  readonly batch: Batch;
  readonly part: Part | null;
}

/** A draft with its batches, and what waits for them. */
export interface Plan extends Draft {
  readonly batching: Batching;
  readonly parts: readonly Part[];
  readonly holds: ReadonlyMap<number, readonly Hold[]>;
}

/**
 * Lays out an operation, with the snapshots that others published meanwhile and for `marginUs` after it or after a barrier: so
 * long may a batch go on. `isBatched`: whether verifies are taken out of it at all.
 */
export function draftOf(
  operation: PreparedOperation,
  {
    marginUs,
    logEndUs,
    isBatched,
  }: { readonly marginUs: number; readonly logEndUs: number; readonly isBatched: boolean },
): Draft {
  const { span, steps, own, writes } = operation;
  const ownByEvent = new Map<Step['event'], Publication>(own.map((publication) => [publication.event, publication]));
  const stepMarks = steps.flatMap((step): PlanMark[] => {
    const interval = intervalOf(step);
    const publication = ownByEvent.get(step.event) ?? null;
    return interval ? [{ ...interval, seen: false, event: step.event, publication }] : [];
  });
  const end: PlanMark = { start: span.end, end: span.end, seen: false, event: null, publication: null };
  const logEnd: PlanMark = {
    ...end,
    start: Math.max(span.end, logEndUs),
    end: Math.max(span.end, logEndUs),
    seen: true,
  };
  const timeline = timelineOf(span.start, [...stepMarks, ...snapshotsAround(operation, marginUs), end, logEnd]);
  const { marks } = timeline;
  const indexByEvent = new Map(marks.flatMap(({ event }, index) => (event ? [[event, index] as const] : [])));
  const lengths = Float64Array.from(marks, lengthOf);
  const gaps = Float64Array.from(timeline.gaps);
  for (const { event, trips, isVerifiedWithin, verification } of isBatched ? writes : []) {
    for (const trip of trips) {
      const index = indexByEvent.get(trip) as number;
      lengths[index] = 0;
      if (trip.attempt > 1) gaps[index] = Math.min(0, gaps[index] as number);
    }
    const index = indexByEvent.get(event) as number;
    if (isVerifiedWithin) lengths[index] = Math.max(0, (lengths[index] as number) - lengthOf(verification));
  }
  return {
    ...{ operation, timeline, lengths, gaps, indexByEvent },
    indexByPublication: new Map(
      marks.flatMap(({ publication }, index) => (publication ? [[publication.key, index] as const] : [])),
    ),
    ...{ end: marks.indexOf(end), logEnd: marks.indexOf(logEnd) },
  };
}

/** Makes plans of drafts, one for each of them: which batches each operation has a part in, and what must wait for them. */
export function plansOf(drafts: readonly Draft[], batches: readonly SharedBatch[], batching: Batching): Plan[] {
  const parts = new Map<PreparedOperation, Part[]>();
  const draftByOperation = new Map(drafts.map((draft) => [draft.operation, draft]));
  const byBarrier = new Map<string, Batch[]>();
  for (const { batch, shares } of batches) {
    for (const { operation, writes } of shares) {
      const draft = draftByOperation.get(operation) as Draft;
      getOrCreate(parts, operation, () => []).push(partOf(draft, batch, writes, batching));
    }
    const barrier = batch.writes[0]?.barrier;
    if (barrier) getOrCreate(byBarrier, barrier.key, () => []).push(batch);
  }
  return drafts.map((draft) => {
    const own = parts.get(draft.operation) ?? [];
    return { ...draft, batching, parts: own, holds: holdsOf(draft, own, batching, byBarrier) };
  });
}

function partOf(draft: Draft, batch: Batch, writes: readonly BatchableWrite[], { by }: Batching): Part {
  const barrier = writes[0]?.barrier;
  const known = barrier ? draft.indexByPublication.get(barrier.key) : undefined;
  const latest = by === 'blocks' ? draft.logEnd : draft.end;
  return {
    ...{ batch, writes },
    indices: writes.map(({ event }) => draft.indexByEvent.get(event) as number),
    barrier: by === 'blocks' ? (known ?? latest) : Math.min(known ?? latest, latest),
  };
}

/**
 * What waits for which batch: a snapshot of the operation that relied on one, and the operation's end, but for batches by
 * snapshot, and where it did not wait for the verifies as recorded. Snapshots of others are not in the operation's hands: they
 * are told as races.
 */
function holdsOf(
  { operation, timeline, end, indexByPublication }: Draft,
  parts: readonly Part[],
  { by }: Batching,
  byBarrier: ReadonlyMap<string, readonly Batch[]>,
): Map<number, Hold[]> {
  const holds = new Map<number, Hold[]>();
  const own = operation.own.flatMap(({ key }) => indexByPublication.get(key) ?? []).sort((left, right) => left - right);
  for (const part of parts) {
    const { batch, writes, barrier } = part;
    const relying = own.find((index) => {
      const publication = timeline.marks[index]?.publication;
      return index >= barrier && publication && writes.some((write) => reliesOn(publication, write));
    });
    if (relying !== undefined) getOrCreate(holds, relying, () => []).push({ batch, part });
    const waited = writes.some(({ verification }) => verification.end <= operation.span.end + slackUs);
    if (by !== 'blocks' && waited) getOrCreate(holds, end, () => []).push({ batch, part });
  }
  if (by !== 'blocks') return holds;
  const known = new Set(parts.map(({ batch }) => batch));
  for (const { key } of operation.own) {
    const index = indexByPublication.get(key);
    for (const batch of byBarrier.get(key) ?? []) {
      if (index !== undefined && !known.has(batch)) getOrCreate(holds, index, () => []).push({ batch, part: null });
    }
  }
  return holds;
}

/** Snapshots of other operations, or of none, that may be published while a batch goes on. */
function snapshotsAround({ span, own, publications, writes }: PreparedOperation, marginUs: number): PlanMark[] {
  const last = writes.reduce((latest, { verification }) => Math.max(latest, verification.end), span.end);
  const windows = new Map<string, Interval>([['', { start: span.start, end: last }]]);
  for (const { barrier } of writes) if (barrier) windows.set(barrier.key, barrier);
  const around = new Set<Publication>();
  for (const { start, end } of windows.values()) {
    const from = countBefore(publications, start);
    const to = countBefore(publications, end + marginUs + 1);
    for (const publication of publications.slice(from, to)) around.add(publication);
  }
  const ownKeys = new Set(own.map(({ key }) => key));
  return [...around]
    .filter(({ key }) => !ownKeys.has(key))
    .map((publication) => ({ start: publication.start, end: publication.end, seen: true, event: null, publication }));
}
