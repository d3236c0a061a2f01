import { type AnswerCache, recallFrom } from './cache/answer-cache.ts';
import type { Budgets } from './invariants/round-trips/budget.ts';
import type { RunReport } from './results.ts';
import { parseBatching } from './round-trips/what-if/batching.ts';
import { openAll, type RunOptions } from './run-options.ts';
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
  return askEach((run) =>
    recall(run, onBytes, async () => {
      // Whoever asks again does not wait for what counts.
      const { countRun } = await import('./count-run.ts');
      return countRun(run, { budgets, asked, batching, seed, until, workers, maxProblems, onBytes });
    }),
  );
}
