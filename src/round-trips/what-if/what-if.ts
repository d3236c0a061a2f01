import { quantile } from '../../base/statistics.ts';
import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import type { Estimate, WhatIf, WhatIfOperation } from '../../results-round-trips.ts';
import { toMs } from '../spread.ts';
import { batchesOf, type SharedBatch } from './batch.ts';
import { batchRacesOf } from './batch-races.ts';
import type { Batching } from './batching.ts';
import { draftOf, type Plan, plansOf } from './plan.ts';
import { median, type Outcome, playAll } from './play-all.ts';
import type { PreparedOperation } from './prepared-operation.ts';
import { logEndsOf, type NamedOperations, preparedOf, verificationsOf } from './sampled-operations.ts';
import { replayTimeline } from './timeline.ts';
import { lengthOf } from './verified-writes.ts';

/**
 * The recorded operations, replayed with their writes in batches. A write's verify holds up nothing any more; its batch is
 * verified once, for as long as some recorded verification took (drawn by the seed; a batch of one write takes what it took, and one
 * of verifies that already went at once the longest of as many draws, so that it saves nothing by being one), and these wait for it: the operation's end, where it waited before and the batch is not one per snapshot, and every snapshot of
 * the operation that relied on it. All else keeps its length, and its distance to what was over before it (`timeline.ts`).
 *
 * It is an upper bound of what can be saved. A batch is supposed to take no longer than one verify, and the one of an operation to
 * go out right after its last write, as if the program knew it; more trips at once may meet a rate limit that the log does not
 * show. Each operation is replayed as itself, so one that holds others counts their verifies again. At most 256 operations of
 * a name are looked at, as everywhere; a batch by snapshot counts for the operation of its first write.
 *
 * Races are told for the slowest verification that was recorded: so late can a batch be. Laws: with `window=0` everything
 * is as recorded, and more batching (a larger window, then `op`, then `blocks`) never adds verifies.
 */
export function whatIfOf(settled: SettledOperations, batching: Batching, seed: number): WhatIf {
  const named = preparedOf(settled);
  const operations = named.flatMap(({ operations }) => operations);
  const lengthsByOperation = verificationsOf(named);
  const slowest = [...lengthsByOperation.values()].reduce((most, lengths) => Math.max(most, lengths.at(-1) ?? 0), 0);
  const isBatched = batching.by !== 'window' || batching.windowUs > 0;
  const marginUs = slowest + (batching.by === 'window' ? batching.windowUs : 0);
  const logEndOf = logEndsOf(settled, operations);
  const drafts = new Map(
    operations.map((operation) => [
      operation,
      draftOf(operation, { marginUs, logEndUs: logEndOf(operation), isBatched }),
    ]),
  );
  const batches = batchesOf(operations, batching, {
    lengthsOf: (operation) => lengthsByOperation.get(operation) ?? [],
    writtenAt(operation) {
      const draft = drafts.get(operation);
      const { ends } = draft ? replayTimeline(draft.timeline, draft) : { ends: [] };
      return ({ event }) => ends[draft?.indexByEvent.get(event) ?? 0] ?? 0;
    },
  });
  const plans = plansOf([...drafts.values()], batches, batching);
  const planByOperation = new Map(plans.map((plan) => [plan.operation, plan]));
  const plansByName = named.map((of) => of.operations.map((operation) => planByOperation.get(operation) as Plan));
  const { outcomes, races } = playAll(plansByName, batches, seed);
  const verifies = verifiesThen(operations, batches);
  return {
    ...{ batching: batching.text, seed },
    byOperation: named.map((of, index) => rowOf(of, outcomes[index] as Outcome, verifies)),
    ...batchRacesOf(races, operations),
  };
}

/** First attempts of verifies by operation, once writes are in batches: those of a batch count for its first write's. */
function verifiesThen(
  operations: readonly PreparedOperation[],
  batches: readonly SharedBatch[],
): ReadonlyMap<PreparedOperation, number> {
  const then = new Map(operations.map((operation) => [operation, operation.verifies]));
  for (const { batch, shares } of batches) {
    for (const { operation, writes } of shares) {
      const before = then.get(operation) ?? 0;
      const spared = writes.reduce((sum, { attempts }) => sum + attempts, 0);
      const isFirst = writes.some(({ event }) => event === batch.writes[0]?.event);
      then.set(operation, before - spared + (isFirst ? batch.verifies : 0));
    }
  }
  return then;
}

function rowOf(
  { name, operations }: NamedOperations,
  { wallsUs, waitsUs }: Outcome,
  verifies: ReadonlyMap<PreparedOperation, number>,
): WhatIfOperation {
  const now = operations.flatMap(({ writes }) =>
    writes.map(({ written, verification }) => Math.max(0, verification.end - written.end)),
  );
  return {
    ...{ op: name, operations: operations.length },
    verifiesNow: operations.reduce((sum, operation) => sum + operation.verifies, 0),
    verifiesThen: operations.reduce((sum, operation) => sum + (verifies.get(operation) ?? 0), 0),
    wallNowMs: toMs(median(Float64Array.from(operations, ({ span }) => lengthOf(span)))),
    wallThenMs: estimateOf(wallsUs),
    durableNow: waitOf(now),
    durableThen: waitOf(waitsUs.length === 0 ? now : waitsUs),
  };
}

function estimateOf(us: readonly number[]): Estimate {
  const sorted = Float64Array.from(us).sort();
  const at = (q: number) => toMs(Math.round(quantile(sorted, q)));
  return { value: at(0.5), low: at(0.025), high: at(0.975) };
}

function waitOf(us: readonly number[]): WhatIfOperation['durableNow'] {
  if (us.length === 0) return null;
  const sorted = Float64Array.from(us).sort();
  return { p50Ms: toMs(Math.round(quantile(sorted, 0.5))), maxMs: toMs(sorted.at(-1) ?? 0) };
}
