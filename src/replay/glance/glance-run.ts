import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { bytesIn, filesByTape, newReading, type Reading } from '../history.ts';
import type { States } from '../projection.ts';
import type { Replayed } from '../replay.ts';
import { isReadInParts, type Run, type RunFile } from '../run.ts';
import { lookCloser } from './close-look.ts';
import { statesWith } from './evidence.ts';
import { type Glanced, type GlanceOptions, type GlanceState, glanceAt } from './glance.ts';
import { rowsWithin } from './landmark.ts';
import { glancePlan } from './layout.ts';
import { countLines, countTypes, type PassOptions, tapesOf, unlessBeyond, walkOptions } from './pass.ts';
import { eventsOf } from './picked-events.ts';
import { joined } from './picked-line.ts';
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
  /** How many rows a stretch of the glance's trail has, where that is known better. */
  readonly rowsOfStretch?: number | undefined;
  /** Told what there is to go on from, which does not change any more. */
  readonly onEnd?: ((mark: GlanceMark) => void) | undefined;
}

/** What a glance saw of a run. */
export interface GlancedRun extends Replayed {
  /** Whether lines are missing, effects did not come everywhere, or not by the book, a ledger did not confirm what its device showed, or an assertion failed. */
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
  const plan = glancePlan;
  const onBatch = (batch: ColumnBatch) => {
    countLines(reading, batch, options);
    lines.set(batch.file.path, batch.lineOffset + batch.lines);
  };
  const rowsOfStretch = run.files.every((file) => canBeEntered(run, file))
    ? options.rowsOfStretch
    : Number.POSITIVE_INFINITY;
  const glance: GlanceOptions = { ...walkOptions(run, plan, onBatch), from: from?.state, rowsOfStretch };
  const readOn = (file: RunFile) =>
    read(file, plan, { bytes: reading.files.get(file.path)?.bytes ?? 0, lines: lines.get(file.path) ?? 0 });
  return unlessBeyond(
    () => reading,
    onBytes,
    async () => {
      const glanced = await glanceAt(tapesOf(run, readOn), glance);
      const { plan: _, books: __, trail: ___, ...state } = glanced;
      const isWhole = glanced.lanes.every(({ gaps }) => gaps.length === 0);
      // Whoever goes on would have to know what is wrong, too.
      if (reading.problemCount === 0 && isWhole) onEnd?.({ state, files: reading.files, lines });
      countTypes(reading, plan, glanced.lanes, glanced.observed);
      const isOpen =
        !isWhole ||
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
  const { read, from, onBytes } = options;
  let passed = reading;
  return unlessBeyond(
    () => passed,
    onBytes,
    async () => {
      let known = glanced;
      const suspects = suspectsOf(glanced.lanes);
      if (suspects || from) {
        // Looked at once more from the beginning: the bytes of the glance before are read again.
        onBytes?.(-bytesIn(reading));
        const pass = newReading();
        passed = pass;
        const tapes = tapesOf(run, (file) => read(file, glancePlan));
        const onBatch = (batch: ColumnBatch) => countLines(pass, batch, options);
        known = await glanceAt(tapes, { ...glance, from: undefined, suspects, onBatch });
      }
      const files = filesByTape(run);
      const picked = await lookCloser(known, (stretch) =>
        files.map((ofTape, tape) => rowsWithin(stretch, ofTape, tape, (file, near) => read(file, glancePlan, near))),
      );
      const events = await eventsOf(run, joined(known.trail.gaps, known.trail.leaps(), picked.lines));
      const evidence = [...events, ...known.trail.known];
      return { states: statesWith(known, evidence, picked.observed, glance.devicesOf), reading };
    },
  );
}

/** Whether a file can be read from a place within it on. */
function canBeEntered(run: Run, file: RunFile): boolean {
  return isReadInParts(run, file) && file.source.layout?.()?.compressed === false;
}
