import { growingOf, growthAnswer } from './counters/growth-answer.ts';
import { type Identity, judgeIdentity, parseIdentity } from './counters/identities.ts';
import { lostWindows } from './counters/lost-windows.ts';
import { deviceTime, sectionRows, stageOf } from './counters/sections.ts';
import { counterTables } from './counters/tables.ts';
import { equalSteps } from './replay/counters/scale.ts';
import { countersFor, settleCounters } from './replay/projections/counters.ts';
import { type Process, timeline } from './replay/projections/timeline.ts';
import { replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { Verdict } from './results.ts';
import type { CounterGrouping, CounterMeasure, TopReport } from './results-top.ts';
import { openAll, type RunOptions } from './run-options.ts';
import { inputSummary } from './run-summary.ts';
import { tool } from './version.ts';

/** What `topCounters` is asked. */
export interface TopOptions extends RunOptions {
  /** By which figure rows are ordered; by summed time where it is not given. */
  readonly by?: CounterMeasure | undefined;
  /** One table, or one for each device, operation or section. */
  readonly grouping?: CounterGrouping | undefined;
  /** How many rows of each table; all where it is not given. */
  readonly limit?: number | undefined;
  /** With what the figures may grow: a name, or `a per b`. */
  readonly against?: string | undefined;
  /** Identities that must hold: `a == b`, `a + b == c`. */
  readonly identities?: readonly string[] | undefined;
}

/** Into how many steps the time of a run is cut for drawing. */
const steps = 24;

/**
 * The figures of every counter and of every kind of call in each run: what took how long, when, and whether it adds up. Each run is
 * read twice: where sections begin must be known before figures are put into them.
 * Throws a `ReplayError` for a wrong path, for what is no identity, and for a name with several meanings.
 */
export async function topCounters(options: TopOptions): Promise<readonly TopReport[]> {
  const identities = (options.identities ?? []).map(parseIdentity);
  const { askEach, maxProblems, onBytes } = await openAll(options);
  return askEach((run) => topOf(run, identities, options, { maxProblems, onBytes }));
}

async function topOf(
  run: Run,
  identities: readonly Identity[],
  { by = 'total', grouping = 'counter', limit, against }: TopOptions,
  replay: { readonly maxProblems: number; onBytes(bytes: number): void },
): Promise<TopReport> {
  const first = await replayRun(run, [timeline], { maxProblems: replay.maxProblems });
  const times = first.states.read(timeline);
  const stage = stageOf(times);
  const { from, to } = stage.extent;
  const growing = against === undefined ? null : growingOf(against, by, times);
  const projection = countersFor({ grouping, growing, sections: stage.scale, steps: equalSteps(from, to, steps) });
  const { states, reading } = await replayRun(run, [projection], replay);
  const counted = states.read(projection);
  settleCounters(counted);
  const lost = lostWindows(stage.processes);
  const missing = {
    lost,
    holes: times.holes + reading.problemCount,
    cutOff: times.lifecycles ? cutOffOf(stage.processes) : 0,
  };
  const answers = identities.map((identity) => judgeIdentity(identity, times, missing));
  const tables = counterTables(counted.figures.tallies, stage, { grouping, by, limit });
  return {
    schema: 1,
    tool,
    run: run.name,
    verdict: verdictOf(answers.map(({ verdict }) => verdict)),
    input: inputSummary(run, reading),
    by,
    grouping,
    wallMs: (to - from) / 1000,
    deviceMs: deviceTime(stage) / 1000,
    processes: stage.processes.length,
    windows: stage.processes.reduce((sum, { windows }) => sum + windows.length, 0),
    tables,
    sections: sectionRows(stage, counted.figures.sections),
    lost,
    growth: growing && against !== undefined ? growthAnswer(against, growing, counted.growths, tables, limit) : null,
    identities: answers,
  };
}

/** How many processes left a log without an end: they were killed, or the log was cut off. */
function cutOffOf(processes: readonly Process[]): number {
  return processes.filter(({ own, ended }) => own !== null && !ended).length;
}

/** The verdict on all identities; `null` where none was stated. */
function verdictOf(verdicts: readonly Verdict[]): Verdict | null {
  if (verdicts.length === 0) return null;
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('not-checked') ? 'not-checked' : 'held';
}
