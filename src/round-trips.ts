import { countWhere } from './base/occurrences.ts';
import { type AnswerCache, recallFrom } from './cache/answer-cache.ts';
import { withEngine } from './engines/index.ts';
import { judge } from './invariants/judgement/judge.ts';
import type { Budgets } from './invariants/round-trips/budget.ts';
import { roundTripInvariants } from './invariants/round-trips/index.ts';
import { glanceAtRoundTrips } from './replay/glance/operations/round-trip-run.ts';
import { totalOf } from './replay/operations/operation.ts';
import { type SettledOperations, settleOperations } from './replay/operations/settle-operations.ts';
import { captures } from './replay/projections/captures.ts';
import { clocks } from './replay/projections/clocks.ts';
import { ledger } from './replay/projections/ledger.ts';
import { operations } from './replay/projections/operations.ts';
import { verifications } from './replay/projections/verifications.ts';
import { findCut, replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { RunReport } from './results.ts';
import type { RoundTrips } from './results-round-trips.ts';
import { candidatesOf } from './round-trips/candidates.ts';
import { concurrencyOf } from './round-trips/concurrency.ts';
import { attributionOf, costsOf, kindCostsOf, listedIn } from './round-trips/cost.ts';
import { hypothesisOf } from './round-trips/hypothesis.ts';
import { spreadOf, toMs } from './round-trips/spread.ts';
import { parseBatching } from './round-trips/what-if/batching.ts';
import { whatIfOf } from './round-trips/what-if/what-if.ts';
import { openAll, type RunOptions } from './run-options.ts';
import { openCase, reportOn } from './run-report.ts';
import { tool } from './version.ts';

export { type Budget, type Budgets, joinBudgets, parseBudgets } from './invariants/round-trips/budget.ts';

/** What `countRoundTrips` is asked. */
export interface RoundTripOptions extends RunOptions {
  /** What operations may cost, by their names; `*` is for those without a budget of their own. */
  readonly budgets?: Budgets | undefined;
  /** Names and ids of operations of which each is listed, with its trips by kind. */
  readonly operations?: readonly string[] | undefined;
  /** How writes could be batched: `window=50ms`, `op` or `blocks`. */
  readonly whatIf?: string | undefined;
  /** What the durations of a what-if are drawn with; 1 where it is not given. */
  readonly seed?: number | undefined;
  /** Count up to a point: `device:incarnation:seq` or an ISO time. */
  readonly until?: string | undefined;
  /** How many threads read a large run; as many as the machine has, up to four, where it is not given. The answer is the same. */
  readonly workers?: number | undefined;
  /** Where answers are kept for the next time; nothing is kept where it is not given. */
  readonly cache?: AnswerCache | undefined;
}

/**
 * Counts the round trips of each logical operation, and says whether batching would pay: one report per run, in the order
 * named, with `roundTrips` filled. Throws a `ReplayError` for what the caller can mend.
 */
export async function countRoundTrips(options: RoundTripOptions): Promise<readonly RunReport[]> {
  const { budgets = {}, operations: asked = [], whatIf, seed = 1, until, workers } = options;
  const batching = whatIf === undefined ? undefined : parseBatching(whatIf);
  const question = { tool, use: 'round-trips', budgets, asked, whatIf, seed, until };
  const recall = await recallFrom(options, { ...question, maxProblems: options.maxProblems });
  const { askEach, maxProblems, onBytes } = await openAll(options);
  return askEach((run) => recall(run, onBytes, () => countIn(run)));

  function glance(run: Run) {
    const unfoldsSampled = batching !== undefined;
    return withEngine(run, workers, (read) => glanceAtRoundTrips(run, { read, onBytes, maxProblems, unfoldsSampled }));
  }

  async function countIn(run: Run): Promise<RunReport> {
    const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
    const projections = [captures, clocks, ledger, operations, verifications];
    const glanced = cut ? null : await glance(run);
    const { states, reading } = glanced ?? (await replayRun(run, projections, { maxProblems, onBytes, cut }));
    const settled = settleOperations(states.read(operations));
    const file = openCase(run, reading, states, cut !== undefined);
    const verdicts = judge(file, roundTripInvariants(settled, budgets));
    const counted = countsOf(settled, asked);
    const tried = batching ? whatIfOf(settled, batching, seed) : null;
    return { ...reportOn(run, reading, file, verdicts), roundTrips: { ...counted, whatIf: tried } };
  }
}

function countsOf(settled: SettledOperations, asked: readonly string[]): Omit<RoundTrips, 'whatIf'> {
  const { tallies, kinds, unattributed, verifyUs, recent } = settled;
  const { trips, retries, timeUs } = totalOf(kinds);
  const byOperation = costsOf(settled);
  return {
    operations: byOperation.reduce((sum, { operations: number }) => sum + number, 0),
    ...{ trips, retries, timeMs: toMs(timeUs) },
    attribution: attributionOf(settled),
    verify: spreadOf(verifyUs),
    byOperation,
    listed: listedIn(settled, asked),
    byKind: kindCostsOf(kinds),
    unattributed: kindCostsOf(unattributed),
    candidates: candidatesOf(tallies.values()),
    hypotheses: byOperation.flatMap(({ op }) => {
      const tally = tallies.get(op);
      return tally && countWhere(tally.writes, (writes) => writes > 0) > 0 ? [hypothesisOf(tally, verifyUs)] : [];
    }),
    concurrency: concurrencyOf(recent),
  };
}
