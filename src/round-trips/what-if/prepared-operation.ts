import type { Interval } from '../../base/intervals.ts';
import { type Operation, spanOf } from '../../replay/operations/operation.ts';
import { intervalOf, isRetry, type Step } from '../../replay/operations/step.ts';
import { barrierOf, type Publication, publicationsOf } from './publications.ts';
import { type VerifiedWrite, verifiedWritesOf } from './verified-writes.ts';

/** A write that may go into a batch, and the first snapshot that relied on it. */
export interface BatchableWrite extends VerifiedWrite {
  readonly barrier: Publication | null;
}

/** An operation that can be replayed: it ended, and all that its device did for it has a time. */
export interface PreparedOperation {
  readonly operation: Operation;
  readonly span: Interval;
  /** What its own device did: another's clock is another. */
  readonly steps: readonly Step[];
  /** The snapshots that it published itself. */
  readonly own: readonly Publication[];
  /** All snapshots of its device, in order. */
  readonly publications: readonly Publication[];
  readonly writes: readonly BatchableWrite[];
  /** First attempts of verifies, by whichever device. */
  readonly verifies: number;
}

/** Makes an operation ready to be replayed; `null` for one of which not all is known. */
export function prepareOperation(operation: Operation, publications: readonly Publication[]): PreparedOperation | null {
  const span = spanOf(operation);
  const steps = operation.steps.filter(({ event }) => event.device === operation.device);
  if (!span || operation.omitted > 0 || steps.some((step) => intervalOf(step) === null)) return null;
  const published = steps.flatMap(({ event }) => (event.type === 'publish' ? [event] : []));
  return {
    ...{ operation, span, steps, publications },
    own: publicationsOf(published),
    writes: verifiedWritesOf(steps).map((write) => ({ ...write, barrier: barrierOf(publications, write) })),
    verifies: operation.steps.filter(({ event }) => event.type === 'verify' && !isRetry(event)).length,
  };
}

/** The incarnation of the device in which the operation ended. */
export function incarnationOf({ operation: { start, end } }: PreparedOperation): number {
  return (end ?? start)?.incarnation ?? 0;
}
