import type { AnyProjection, States } from './replay/projection.ts';
import { findCut, replayRun } from './replay/replay.ts';
import type { InputSummary } from './results.ts';
import { openOne, type RunOptions } from './run-options.ts';
import { inputSummary } from './run-summary.ts';

/** What `readRun` is asked. */
export interface ReadOptions extends RunOptions {
  /** The projections to run over the run's history, in place. */
  readonly projections: readonly AnyProjection[];
  /** Only what happened up to a point: `device:incarnation:seq` or an ISO time. */
  readonly until?: string | undefined;
}

/** A run that was read: its name, what was read of it, and the states that the projections are in. */
export interface ReadRun {
  readonly run: string;
  readonly input: InputSummary;
  readonly states: States;
}

/**
 * Reads one run and folds its events, causes before their effects, into the projections' states.
 * Throws a `ReplayError` where the paths name no run, or several.
 */
export async function readRun({ projections, until, ...options }: ReadOptions): Promise<ReadRun> {
  const { run, maxProblems, onBytes } = await openOne('readRun', options);
  const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
  const { states, reading } = await replayRun(run, projections, { maxProblems, onBytes, cut });
  return { run: run.name, input: inputSummary(run, reading), states };
}
