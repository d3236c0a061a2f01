import { ReplayError } from './base/errors.ts';
import { type AnswerCache, recallFrom } from './cache/answer-cache.ts';
import type { Course } from './cache/course.ts';
import { withEngine } from './engines/index.ts';
import type { CaseFile } from './invariants/evidence/case-file.ts';
import { invariants } from './invariants/index.ts';
import type { Invariant } from './invariants/invariant.ts';
import { judge, type Verdicts } from './invariants/judgement/judge.ts';
import type { Cut } from './replay/cut.ts';
import { type GlanceMark, glanceRun } from './replay/glance/glance-run.ts';
import { bytesIn, type Reading } from './replay/history.ts';
import type { AnyProjection, States } from './replay/projection.ts';
import { captures } from './replay/projections/captures.ts';
import { clocks } from './replay/projections/clocks.ts';
import { delivery } from './replay/projections/delivery.ts';
import { ledger } from './replay/projections/ledger.ts';
import { readings } from './replay/projections/readings.ts';
import { findCut, type Replayed, type ReplayOptions, replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { Finding, RunReport } from './results.ts';
import { openAll, type RunOptions } from './run-options.ts';
import { openCase, reportOn } from './run-report.ts';
import { tool } from './version.ts';

export type { Progress, RunOptions } from './run-options.ts';

/** What `checkBalances` is asked. */
export interface CheckOptions extends RunOptions {
  /** Only findings about these devices; what concerns no single device stays. */
  readonly devices?: readonly string[] | undefined;
  /** Only findings about these coins; what concerns no single coin stays. */
  readonly coins?: readonly string[] | undefined;
  /** The names of the checks to ask; all where it is not given. */
  readonly checks?: readonly string[] | undefined;
  /** Judge the run up to a point: `device:incarnation:seq` or an ISO time. What is under way there is pending. */
  readonly until?: string | undefined;
  /** List findings that follow from others, too. */
  readonly all?: boolean | undefined;
  /** Keep every effect in memory from the start; else what is settled is forgotten, and read again only in a dispute. */
  readonly retainAll?: boolean | undefined;
  /** How many threads read a large run; as many as the machine has, up to four, where it is not given. The answer is the same. */
  readonly workers?: number | undefined;
  /** Where answers are kept for the next time; nothing is kept where it is not given. */
  readonly cache?: AnswerCache | undefined;
}

/**
 * Rebuilds each device's ledger and says where the devices of an identity part: one report per run, in the order named.
 * Throws a `ReplayError` for what the caller can mend: a wrong path, an unknown check, a mapping that does not fit.
 */
export async function checkBalances(options: CheckOptions): Promise<readonly RunReport[]> {
  const asked = chooseChecks(options.checks, options.invariants);
  const { until, retainAll = false } = options;
  const question = { tool, use: 'check-balances', checks: asked.map(({ name }) => name), until, retainAll };
  const recall = await recallFrom<GlanceMark>(
    options,
    { ...question, maxProblems: options.maxProblems },
    { tool, use: 'glance' },
  );
  const { askEach, maxProblems, onBytes } = await openAll(options);
  return askEach(async (run) => {
    const report = await recall(run, onBytes, async (course) => {
      const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
      return checkRun(run, asked, options, { cut, maxProblems, onBytes }, course);
    });
    return { ...report, findings: report.findings.filter((finding) => isWanted(finding, options)) };
  });
}

async function checkRun(
  run: Run,
  asked: readonly Invariant[],
  { retainAll = false, workers }: CheckOptions,
  replay: { cut: (() => Cut) | undefined; maxProblems: number; onBytes(bytes: number): void },
  course: Course<GlanceMark> | undefined,
): Promise<RunReport> {
  const glanced = replay.cut || retainAll ? null : await glanceAtRun(run, asked, workers, replay, course);
  const { reading, file, verdicts } = glanced ?? (await lookAt(run, asked, replay, retainAll));
  return reportOn(run, reading, file, verdicts);
}

/** Looks at a run, and once more with all of it retained where that may matter. */
async function lookAt(
  run: Run,
  asked: readonly Invariant[],
  replay: ReplayOptions,
  retainsAll: boolean,
): Promise<Examination> {
  const first = await examineRun(run, asked, { ...replay, retainsAll });
  if (!needsWhatWasForgotten(first.file, isDisputed(first))) return first;
  replay.onBytes?.(-bytesIn(first.reading));
  return examineRun(run, asked, { ...replay, retainsAll: true });
}

/** What one look at a run left: the evidence, and what the invariants say of it. */
export interface Examination {
  readonly states: States;
  readonly reading: Reading;
  readonly file: CaseFile;
  readonly verdicts: Verdicts;
}

/**
 * The shortest way: a run that holds, or in which few things are in dispute. `null` where that says too little; also where somebody's own
 * invariants look into their own projections.
 */
async function glanceAtRun(
  run: Run,
  asked: readonly Invariant[],
  workers: number | undefined,
  replay: Pick<ReplayOptions, 'onBytes' | 'maxProblems'>,
  course: Course<GlanceMark> | undefined,
): Promise<Examination | null> {
  if (!asked.every((invariant) => invariants.includes(invariant))) return null;
  return withEngine(run, workers, async (read) => {
    const onEnd = course && ((mark: GlanceMark) => course.leave(mark));
    const glanced = await glanceRun(run, { ...replay, read, from: course?.from, onEnd });
    if (!glanced) return null;
    const examined = glanced.isOpen ? undefined : examine(run, asked, glanced);
    if (examined && !isDisputed(examined)) return examined;
    const closer = await glanced.lookCloser();
    if (!closer) return null;
    const closely = examine(run, asked, closer);
    if (!needsWhatWasForgotten(closely.file, isDisputed(closely))) return closely;
    replay.onBytes?.(-bytesIn(closely.reading));
    return null;
  });
}

function examine(run: Run, asked: readonly Invariant[], { states, reading }: Replayed, cut = false): Examination {
  const file = openCase(run, reading, states, cut);
  return { states, reading, file, verdicts: judge(file, asked) };
}

/** Reads a run once and asks the invariants. */
export async function examineRun(run: Run, asked: readonly Invariant[], replay: ReplayOptions): Promise<Examination> {
  return examine(run, asked, await replayRun(run, projectionsFor(asked), replay), replay.cut !== undefined);
}

/** The projections that a case file and these invariants look into. */
export function projectionsFor(asked: readonly Invariant[]): readonly AnyProjection[] {
  return [captures, clocks, delivery, ledger, readings, ...asked.flatMap(({ uses }) => uses)];
}

/**
 * Whether what was forgotten may matter: something names it, or the run is in dispute and what is loose in it may stand for anything. Else a
 * run is read once in bounded memory, also where it is in dispute: what went by the book is no part of that.
 */
export function needsWhatWasForgotten(file: CaseFile, disputed: boolean): boolean {
  const chains = [...file.identities.keys()].map((identity) => file.chain(identity));
  if (!chains.some(({ hasForgotten }) => hasForgotten)) return false;
  return chains.some((chain) => chain.isDoubtful || (disputed && chain.isLoose));
}

/** Whether a run is anything but healthy, as far as it goes. */
function isDisputed({ file, verdicts }: Pick<Examination, 'file' | 'verdicts'>): boolean {
  const undecided = verdicts.verdict === 'not-checked' && !file.aborted;
  return undecided || verdicts.findings.some(({ verdict }) => verdict !== 'note');
}

/** The invariants of these names, a user's own among them; all where none is named. Throws a `ReplayError` for a name that none has. */
export function chooseChecks(
  names: readonly string[] | undefined,
  own: readonly Invariant[] = [],
): readonly Invariant[] {
  const all = [...invariants, ...own];
  if (names === undefined || names.length === 0) return all;
  for (const name of names) {
    if (!all.some((invariant) => invariant.name === name)) {
      throw new ReplayError(`${name}: no such check`, `checks: ${all.map((invariant) => invariant.name).join(' ')}`);
    }
  }
  return all.filter(({ name }) => names.includes(name));
}

/** Whether a finding is about what was asked for; what follows from others only where all is. */
export function isWanted(
  { device, coin, follows }: Finding,
  { devices: wanted = [], coins = [], all = false }: Pick<CheckOptions, 'devices' | 'coins' | 'all'>,
): boolean {
  if (follows !== null && !all) return false;
  if (wanted.length > 0 && device !== null && !wanted.includes(device)) return false;
  return coins.length === 0 || coin === null || coins.includes(coin);
}
