import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { type ColumnPlan, planColumns } from '../../events/columns/wants.ts';
import { bytesIn, newReading, type Reading } from '../history.ts';
import type { States } from '../projection.ts';
import type { Replayed } from '../replay.ts';
import type { Run, RunFile } from '../run.ts';
import { closePlan, lookCloser } from './close-look.ts';
import { statesWith } from './evidence.ts';
import { type Glanced, type GlanceOptions, type GlanceState, glanceAt } from './glance.ts';
import { glanceWants } from './layout.ts';
import { countLines, countTypes, type PassOptions, tapesOf, unlessBeyond, walkOptions } from './pass.ts';
import { eventsOf } from './picked-events.ts';
import { statesOf } from './states.ts';
import { suspectsOf } from './suspects.ts';
import { placesOf } from './unconfirmed.ts';

/** What a glance left at the end of a run, to be gone on from once the run has grown. */
export interface GlanceMark {
  readonly state: GlanceState;
  readonly files: Reading['files'];
  /** By file, how many lines it had. */
  readonly lines: ReadonlyMap<string, number>;
}

/** How a run is read, and what is known of it. */
export interface GlanceRunOptions extends PassOptions {
  /** What was left of the run before it grew: each file begins with what was read of it. */
  readonly from?: GlanceMark | undefined;
  /** Told what there is to go on from, which does not change any more. */
  readonly onEnd?: ((mark: GlanceMark) => void) | undefined;
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
  const { read, from, onBytes, onEnd } = options;
  const reading = newReading();
  const lines = new Map(from?.lines);
  for (const [path, ofFile] of from?.files ?? []) reading.files.set(path, ofFile);
  onBytes?.(bytesIn(reading));
  const plan = planColumns(glanceWants);
  const onBatch = (batch: ColumnBatch) => {
    countLines(reading, batch, options);
    lines.set(batch.file.path, batch.lineOffset + batch.lines);
  };
  const glance: GlanceOptions = { ...walkOptions(run, plan, onBatch), from: from?.state };
  const readOn = (file: RunFile) =>
    read(file, plan, { bytes: reading.files.get(file.path)?.bytes ?? 0, lines: lines.get(file.path) ?? 0 });
  return unlessBeyond(
    () => reading,
    onBytes,
    async () => {
      const glanced = await glanceAt(tapesOf(run, readOn), glance);
      const { plan: _, books: __, ...state } = glanced;
      // Whoever goes on would have to know them, too.
      if (reading.problemCount === 0) onEnd?.({ state, files: reading.files, lines });
      countTypes(reading, plan, glanced.lanes, glanced.observed);
      const isOpen =
        glanced.failed > 0 ||
        glanced.books.some((book) => book.isOpen) ||
        glanced.lanes.some(({ unconfirmed }) => placesOf(unconfirmed).size > 0);
      let states: States | undefined;
      return {
        // Who looks closer does not need them.
        get states() {
          states ??= statesOf(glanced);
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
  options: GlanceRunOptions,
  glanced: Glanced,
  glance: GlanceOptions,
  reading: Reading,
): Promise<Replayed | null> {
  const { read, onBytes } = options;
  let passed = reading;
  /** Begins another pass: the bytes of the one before are read once more. */
  const begin = (plan: ColumnPlan) => {
    onBytes?.(-bytesIn(passed));
    const pass = newReading();
    passed = pass;
    const onBatch = (batch: ColumnBatch) => countLines(pass, batch, options);
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
        known = await glanceAt(tapes, { ...glance, plan, from: undefined, suspects, onBatch });
      }
      const { tapes, onBatch } = begin(closePlan);
      const picked = await lookCloser(tapes, known, onBatch);
      const events = await eventsOf(run, picked.lines);
      return { states: statesWith(known, picked, events, glance.devicesOf), reading };
    },
  );
}
