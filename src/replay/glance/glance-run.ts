import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { type ColumnPlan, joinWants, planColumns, type Wants } from '../../events/columns/wants.ts';
import type { Place } from '../../events/reader.ts';
import {
  bytesIn,
  countProblems,
  devicesByIdentity,
  filesByTape,
  newReading,
  type Reading,
  readingOf,
} from '../history.ts';
import type { States } from '../projection.ts';
import type { Replayed } from '../replay.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import { closePlan, lookCloser } from './close-look.ts';
import { statesWith } from './evidence.ts';
import { type Companion, type Glanced, type GlanceOptions, type GlanceState, glanceAt } from './glance.ts';
import { glanceWants } from './layout.ts';
import { eventsOf } from './picked-events.ts';
import { linesOfUnknownTypes, statesOf } from './states.ts';
import { suspectsOf } from './suspects.ts';
import { placesOf } from './unconfirmed.ts';
import type { ColumnTape } from './walk.ts';

/** A look at something else beside that at the ledgers. */
export interface LookBeside {
  /** What it wants of a log. */
  readonly wants: Wants;
  /** Begins it, with rows as they are laid out for both. */
  begin(plan: ColumnPlan, devicesOf: (identity: string) => number): CompanionLook;
}

/** Such a look, once it began. */
export interface CompanionLook extends Companion {
  /** All lines were seen. Returns another look, where this one learned from later lines how it should have taken earlier ones: then it says nothing about the run. */
  end(): LookBeside | undefined;
  /** The states with its own among them. */
  over(states: States): States;
}

/** What a glance left at the end of a run, to be gone on from once the run has grown. */
export interface GlanceMark {
  readonly state: GlanceState;
  readonly files: Reading['files'];
  /** By file, how many lines it had. */
  readonly lines: ReadonlyMap<string, number>;
}

/** How a run is read, and who looks at it beside the glance itself. */
export interface GlanceRunOptions {
  /** A file's lines in a layout, from a place on. */
  read(file: RunFile, plan: ColumnPlan, from?: Place): ColumnTape;
  /** What was left of the run before it grew: each file begins with what was read of it. */
  readonly from?: GlanceMark | undefined;
  /** Told what there is to go on from, which does not change any more. */
  readonly onEnd?: ((mark: GlanceMark) => void) | undefined;
  /** How many problems of each file are kept with their text; the rest are counted. */
  readonly maxProblems: number;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly beside?: LookBeside | undefined;
}

/** What a glance saw of a run. */
export interface GlancedRun extends Replayed {
  /** Whether effects did not come everywhere, or not by the book, a ledger did not confirm what its device showed, or an assertion failed. */
  readonly isOpen: boolean;
  /** The same with all that bears on what is open, which is looked up; `null` where that goes beyond a glance, too. */
  lookCloser(): Promise<Replayed | null>;
}

/**
 * The states and the reading of a run in which everything went by the book, or in which what did not can be looked up. `null` where the run
 * goes another way than a glance knows: then somebody else must look at it.
 */
export async function glanceRun(run: Run, options: GlanceRunOptions): Promise<GlancedRun | null> {
  const { read, from, onBytes, onEnd, beside, maxProblems } = options;
  const reading = newReading();
  const lines = new Map(from?.lines);
  for (const [path, ofFile] of from?.files ?? []) reading.files.set(path, ofFile);
  onBytes?.(bytesIn(reading));
  const plan = planColumns(joinWants(glanceWants, beside?.wants ?? {}));
  const devicesOf = devicesByIdentity(run);
  const companion = beside?.begin(plan, devicesOf);
  const glance: GlanceOptions = {
    ...{ run: run.name, plan, devicesOf, companion, from: from?.state },
    identityOf: (device, identity) => identity || (run.manifest.devices.get(device)?.identity ?? ''),
    onBatch(batch) {
      onBytes?.(batch.bytes);
      countLines(reading, batch, maxProblems);
      lines.set(batch.file.path, batch.lineOffset + batch.lines);
    },
  };
  const readOn = (file: RunFile) =>
    read(file, plan, { bytes: reading.files.get(file.path)?.bytes ?? 0, lines: lines.get(file.path) ?? 0 });
  return unlessBeyond(
    () => reading,
    onBytes,
    async () => {
      const glanced = await glanceAt(tapesOf(run, readOn), glance);
      const again = companion?.end();
      if (again) {
        onBytes?.(-bytesIn(reading));
        return glanceRun(run, { ...options, beside: again });
      }
      const { plan: _, books: __, ...state } = glanced;
      // Whoever goes on would have to know them, too.
      if (reading.problemCount === 0) onEnd?.({ state, files: reading.files, lines });
      countTypes(reading, glanced);
      const isOpen =
        glanced.failed > 0 ||
        glanced.books.some((book) => book.isOpen) ||
        glanced.lanes.some(({ unconfirmed }) => placesOf(unconfirmed).size > 0);
      let states: States | undefined;
      return {
        // Who looks closer does not need them.
        get states() {
          if (states === undefined) {
            const own = statesOf(glanced);
            states = companion?.over(own) ?? own;
          }
          return states;
        },
        reading,
        isOpen,
        lookCloser: () => closely(run, options, glanced, glance, reading),
      };
    },
  );
}

/** The same run with what bears on all that a glance left open. */
function closely(
  run: Run,
  { read, onBytes, maxProblems }: GlanceRunOptions,
  glanced: Glanced,
  glance: GlanceOptions,
  reading: Reading,
): Promise<Replayed | null> {
  let passed = reading;
  /** Begins another pass: the bytes of the one before are read once more. */
  const begin = (plan: ColumnPlan) => {
    onBytes?.(-bytesIn(passed));
    const pass = newReading();
    passed = pass;
    const onBatch = (batch: ColumnBatch) => {
      onBytes?.(batch.bytes);
      countLines(pass, batch, maxProblems);
    };
    return { tapes: tapesOf(run, (file) => read(file, plan)), onBatch };
  };
  return unlessBeyond(
    () => passed,
    onBytes,
    async () => {
      let known = glanced;
      const suspects = suspectsOf(glanced.lanes);
      if (suspects) {
        const plan = planColumns(glanceWants);
        const { tapes, onBatch } = begin(plan);
        known = await glanceAt(tapes, { ...glance, plan, companion: undefined, from: undefined, suspects, onBatch });
      }
      const { tapes, onBatch } = begin(closePlan);
      const picked = await lookCloser(tapes, known, onBatch);
      const events = await eventsOf(run, picked.lines);
      return { states: statesWith(known, picked, events, glance.devicesOf), reading };
    },
  );
}

/** What somebody comes to; `null` where that goes beyond what is known, and its bytes are still to be read. */
async function unlessBeyond<Outcome>(
  passed: () => Reading,
  onBytes: ((bytes: number) => void) | undefined,
  look: () => Promise<Outcome>,
): Promise<Outcome | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Beyond)) throw error;
    onBytes?.(-bytesIn(passed()));
    return null;
  }
}

function tapesOf(run: Run, read: (file: RunFile) => ColumnTape): ColumnTape[] {
  return filesByTape(run).map((files) => inTurn(files, read));
}

async function* inTurn(files: readonly RunFile[], read: (file: RunFile) => ColumnTape): ColumnTape {
  for (const file of files) yield* read(file);
}

function countLines(
  reading: Reading,
  { file, rows, skipped, bytes, writers, problems }: ColumnBatch,
  maxProblems: number,
): void {
  const ofFile = readingOf(reading, file.path);
  ofFile.events += rows;
  ofFile.skipped += skipped;
  ofFile.bytes += bytes;
  for (const { device } of writers) ofFile.devices.add(device);
  countProblems(reading, ofFile, problems, maxProblems);
}

function countTypes({ types }: Reading, { observed, lanes, plan }: Glanced): void {
  for (const [type, lines] of observed) types.set(type, lines);
  const add = (name: string, lines: number) => lines > 0 && types.set(name, (types.get(name) ?? 0) + lines);
  for (const lane of lanes) {
    for (const [kind, { name }] of plan.types.entries()) add(name, lane.counts[kind] as number);
    add('unknown', linesOfUnknownTypes(lane));
  }
}
