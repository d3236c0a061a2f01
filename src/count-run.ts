import { countWhere } from './base/occurrences.ts';
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
import { findCut, type ReplayOptions, replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { RunReport } from './results.ts';
import type { RoundTrips } from './results-round-trips.ts';
import { candidatesOf } from './round-trips/candidates.ts';
import { concurrencyOf } from './round-trips/concurrency.ts';
import { attributionOf, costsOf, kindCostsOf, listedIn } from './round-trips/cost.ts';
import { hypothesisOf } from './round-trips/hypothesis.ts';
import { spreadOf, toMs } from './round-trips/spread.ts';
import type { Batching } from './round-trips/what-if/batching.ts';
import { whatIfOf } from './round-trips/what-if/what-if.ts';
import { openCase, reportOn } from './run-report.ts';

/** What is counted of a run, and how it is read. */
export interface CountOptions extends Pick<ReplayOptions, 'onBytes' | 'maxProblems'> {
  readonly budgets: Budgets;
  /** Names and ids of operations of which each is listed. */
  readonly asked: readonly string[];
  readonly batching: Batching | undefined;
  readonly seed: number;
  /** Count up to a point: `device:incarnation:seq` or an ISO time. */
  readonly until: string | undefined;
  readonly workers: number | undefined;
}

/** Counts the round trips of a run, in the shortest way that answers. Throws a `ReplayError` where there is no such point. */
export async function countRun(
  run: Run,
  { budgets, asked, batching, seed, until, workers, maxProblems, onBytes }: CountOptions,
): Promise<RunReport> {
  const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
  const projections = [captures, clocks, ledger, operations, verifications];
  const unfoldsSampled = batching !== undefined;
  const glanced = cut
    ? null
    : await withEngine(run, workers, (read) => glanceAtRoundTrips(run, { read, onBytes, maxProblems, unfoldsSampled }));
  const { states, reading } = glanced ?? (await replayRun(run, projections, { maxProblems, onBytes, cut }));
  const settled = settleOperations(states.read(operations));
  const file = openCase(run, reading, states, cut !== undefined);
  const verdicts = judge(file, roundTripInvariants(settled, budgets));
  const counted = countsOf(settled, asked);
  const tried = batching ? whatIfOf(settled, batching, seed) : null;
  return { ...reportOn(run, reading, file, verdicts), roundTrips: { ...counted, whatIf: tried } };
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
