import { ReplayError } from './base/errors.ts';
import type { Course } from './cache/course.ts';
import { withEngine } from './engines/index.ts';
import type { CaseFile } from './invariants/evidence/case-file.ts';
import { invariants } from './invariants/index.ts';
import type { Invariant } from './invariants/invariant.ts';
import { judge, type Verdicts } from './invariants/judgement/judge.ts';
import { type GlanceMark, glanceRun } from './replay/glance/glance-run.ts';
import { bytesIn, type Reading } from './replay/history.ts';
import type { AnyProjection, States } from './replay/projection.ts';
import { captures } from './replay/projections/captures.ts';
import { clocks } from './replay/projections/clocks.ts';
import { delivery } from './replay/projections/delivery.ts';
import { ledger } from './replay/projections/ledger.ts';
import { readings } from './replay/projections/readings.ts';
import { findCut, InVain, type Replayed, type ReplayOptions, replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { RunReport } from './results.ts';
import { openCase, reportOn } from './run-report.ts';

/** How a run is judged. */
export interface ExamineOptions extends Pick<ReplayOptions, 'onBytes' | 'maxProblems'> {
  /** Judge the run up to a point: `device:incarnation:seq` or an ISO time. */
  readonly until?: string | undefined;
  readonly retainAll?: boolean | undefined;
  readonly workers?: number | undefined;
  /** What the work may go on from, and where it leaves what the next one may. */
  readonly course?: Course<GlanceMark> | undefined;
}

/** Judges a run, in the shortest way that answers. Throws a `ReplayError` where there is no such point. */
export async function judgeRun(
  run: Run,
  asked: readonly Invariant[],
  { until, retainAll = false, workers, course, maxProblems, onBytes }: ExamineOptions,
): Promise<RunReport> {
  const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
  const replay = { cut, maxProblems, onBytes };
  const glanced = cut || retainAll ? null : await glanceAtRun(run, asked, workers, replay, course);
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
  if (retainsAll) return examineRun(run, asked, { ...replay, retainsAll });
  try {
    const first = await examineRun(run, asked, replay, isDoubtful);
    if (!needsWhatWasForgotten(first.file, isDisputed(first))) return first;
    replay.onBytes?.(-bytesIn(first.reading));
  } catch (error) {
    if (!(error instanceof InVain)) throw error;
  }
  return examineRun(run, asked, { ...replay, retainsAll: true });
}

/** Whether something is known to matter by now that was forgotten. */
function isDoubtful(states: States): boolean {
  return [...states.read(delivery).values()].some(({ doubtful, forgotten }) => doubtful && forgotten.effects > 0);
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

/** Reads a run once and asks the invariants. Throws `InVain` once it was read into states that are `inVain`. */
export async function examineRun(
  run: Run,
  asked: readonly Invariant[],
  replay: ReplayOptions,
  inVain?: (states: States) => boolean,
): Promise<Examination> {
  const replayed = await replayRun(run, projectionsFor(asked), replay, inVain);
  return examine(run, asked, replayed, replay.cut !== undefined);
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
