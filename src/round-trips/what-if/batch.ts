import { type Interval, slackUs } from '../../base/intervals.ts';
import { byText, getOrCreate } from '../../base/order.ts';
import type { Batching } from './batching.ts';
import { type BatchableWrite, incarnationOf, type PreparedOperation } from './prepared-operation.ts';
import { lengthOf } from './verified-writes.ts';

/** Writes that are verified together. */
export interface Batch {
  /** Its place among all batches. */
  readonly index: number;
  /** Each once, in the order in which they were written, whichever of nested operations tell of them. */
  readonly writes: readonly BatchableWrite[];
  /** First attempts that it takes: one, or as recorded where it is of one write. */
  readonly verifies: number;
  /** How long its verification takes: as recorded where it is of one write, else the longest of `atOnce` of these, in µs. */
  readonly lengthsUs: readonly number[];
  /** The most verifications of its writes that were under way at once. */
  readonly atOnce: number;
}

/** The writes of one operation that are in one batch. */
export interface Share {
  readonly operation: PreparedOperation;
  readonly writes: readonly BatchableWrite[];
}

/** A batch, and what each operation has in it. */
export interface SharedBatch {
  readonly batch: Batch;
  readonly shares: readonly Share[];
}

/** What is known of an operation's times. */
export interface Times {
  /** How long the verification of a batch may take, ascending, in µs. */
  readonly lengthsOf: (operation: PreparedOperation) => readonly number[];
  /** When a write would be over, if none waited for a verify. */
  readonly writtenAt: (operation: PreparedOperation) => (write: BatchableWrite) => number;
}

/**
 * Which writes go into one batch. Whatever the batching, no batch spans a snapshot that relied on a part of it: writes with the
 * same first such snapshot may be together. `blocks` puts all of those together that one process made; `op` those of one
 * operation; a window parts these once more, where no write came for so long, by the time at which each would be written
 * if none waited for a verify. So a larger window, an operation, and a snapshot only ever join batches.
 */
export function batchesOf(
  operations: readonly PreparedOperation[],
  batching: Batching,
  { lengthsOf, writtenAt }: Times,
): SharedBatch[] {
  if (batching.by === 'window' && batching.windowUs === 0) return [];
  const groups = new Map<string, Share[]>();
  for (const [index, operation] of operations.entries()) {
    for (const [key, writes] of groupsOf(operation, batching, writtenAt)) {
      const process = JSON.stringify([operation.operation.device, incarnationOf(operation)]);
      const name = batching.by === 'blocks' ? `${process} ${key}` : `${index} ${key}`;
      getOrCreate(groups, name, () => []).push({ operation, writes });
    }
  }
  return [...groups.values()].map((shares, index) => {
    const lengthsUs = lengthsOf((shares[0] as Share).operation);
    return { batch: newBatch(index, shares, lengthsUs), shares };
  });
}

function groupsOf(
  operation: PreparedOperation,
  batching: Batching,
  writtenAt: Times['writtenAt'],
): Map<string, BatchableWrite[]> {
  const groups = new Map<string, BatchableWrite[]>();
  if (batching.by !== 'window') {
    for (const write of operation.writes) getOrCreate(groups, keyOf(write), () => []).push(write);
    return groups;
  }
  const timeOf = writtenAt(operation);
  const last = new Map<string, { readonly time: number; readonly parted: number }>();
  const timed = operation.writes.map((write) => ({ write, time: timeOf(write) }));
  for (const { write, time } of timed.sort((left, right) => left.time - right.time)) {
    const key = keyOf(write);
    const before = last.get(key);
    const parted = (before?.parted ?? 0) + (before && time - before.time >= batching.windowUs ? 1 : 0);
    last.set(key, { time, parted });
    getOrCreate(groups, `${parted} ${key}`, () => []).push(write);
  }
  return groups;
}

function keyOf({ barrier }: BatchableWrite): string {
  return barrier?.key ?? '';
}

function newBatch(index: number, shares: readonly Share[], lengthsUs: readonly number[]): Batch {
  const each = new Map(shares.flatMap(({ writes }) => writes.map((write) => [write.event, write] as const)));
  const writes = [...each.values()].sort(
    (left, right) =>
      left.written.end - right.written.end ||
      left.event.originSeq - right.event.originSeq ||
      byText(left.event.effect, right.event.effect),
  );
  const attempts = writes.reduce((sum, write) => sum + write.attempts, 0);
  const [first] = writes;
  if (first && writes.length === 1) {
    return { index, writes, verifies: attempts, lengthsUs: [lengthOf(first.verification)], atOnce: 1 };
  }
  return { index, writes, verifies: Math.min(1, attempts), lengthsUs, atOnce: atOnceOf(writes) };
}

function atOnceOf(writes: readonly BatchableWrite[]): number {
  const verifications = writes.map(({ verification }) => verification).sort((left, right) => left.start - right.start);
  let most = 0;
  let underWay: Interval[] = [];
  for (const verification of verifications) {
    underWay = underWay.filter(({ end }) => end > verification.start + slackUs);
    underWay.push(verification);
    most = Math.max(most, underWay.length);
  }
  return most;
}
