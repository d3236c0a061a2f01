import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { type ColumnPlan, joinWants, planColumns, type Wants } from '../../events/columns/wants.ts';
import { bytesIn, devicesByIdentity, filesByTape, newReading, type Reading, readingOf } from '../history.ts';
import type { States } from '../projection.ts';
import type { Replayed } from '../replay.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import { closePlan, lookCloser } from './close-look.ts';
import { statesWith } from './evidence.ts';
import { type Companion, type Glanced, type GlanceOptions, glanceAt } from './glance.ts';
import { glanceWants } from './layout.ts';
import { eventsOf } from './picked-events.ts';
import { statesOf } from './states.ts';
import type { ColumnTape } from './walk.ts';

/** A look at something else beside that at the ledgers. */
export interface LookBeside {
  /** What it wants of a log. */
  readonly wants: Wants;
  /** Begins it, with rows as they are laid out for both. */
  begin(plan: ColumnPlan, devicesOf: (identity: string) => number): Companion & { over(states: States): States };
}

/** How a run is read, and who looks at it beside the glance itself. */
export interface GlanceRunOptions {
  /** A file's lines in a layout. */
  read(file: RunFile, plan: ColumnPlan): ColumnTape;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly beside?: LookBeside | undefined;
}

/** What a glance saw of a run. */
export interface GlancedRun extends Replayed {
  /**
   * Where effects did not come everywhere, or not by the book, or an assertion failed: the same with all that bears on these, which is looked up; `null` where that
   * goes beyond a glance, too. `undefined` where everything came everywhere.
   */
  readonly lookCloser: (() => Promise<Replayed | null>) | undefined;
}

/**
 * The states and the reading of a run in which everything went by the book, or in which what did not can be looked up. `null` where the run
 * goes another way than a glance knows: then somebody else must look at it.
 */
export async function glanceRun(run: Run, options: GlanceRunOptions): Promise<GlancedRun | null> {
  const { read, onBytes, beside } = options;
  const reading = newReading();
  const plan = planColumns(joinWants(glanceWants, beside?.wants ?? {}));
  const devicesOf = devicesByIdentity(run);
  const companion = beside?.begin(plan, devicesOf);
  const glance: GlanceOptions = {
    ...{ run: run.name, plan, devicesOf, companion },
    identityOf: (device, identity) => identity || (run.manifest.devices.get(device)?.identity ?? ''),
    onBatch(batch) {
      onBytes?.(batch.bytes);
      countLines(reading, batch);
    },
  };
  return unlessBeyond(reading, onBytes, async () => {
    const glanced = await glanceAt(tapesOf(run, plan, read), glance);
    countTypes(reading, glanced);
    const isOpen = glanced.failed > 0 || glanced.books.some(({ effects }) => effects.names.size > 0);
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
      lookCloser: isOpen ? () => closely(run, options, glanced, reading, devicesOf) : undefined,
    };
  });
}

/** The same run with what bears on all that a glance left open. */
function closely(
  run: Run,
  { read, onBytes }: GlanceRunOptions,
  glanced: Glanced,
  reading: Reading,
  devicesOf: (identity: string) => number,
): Promise<Replayed | null> {
  onBytes?.(-bytesIn(reading));
  const again = newReading();
  return unlessBeyond(again, onBytes, async () => {
    const picked = await lookCloser(tapesOf(run, closePlan, read), glanced, (batch) => {
      onBytes?.(batch.bytes);
      countLines(again, batch);
    });
    const events = await eventsOf(run, picked.lines);
    return { states: statesWith(glanced, picked, events, devicesOf), reading };
  });
}

/** What somebody comes to; `null` where that goes beyond what is known, and its bytes are still to be read. */
async function unlessBeyond<Outcome>(
  reading: Reading,
  onBytes: ((bytes: number) => void) | undefined,
  look: () => Promise<Outcome>,
): Promise<Outcome | null> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof Beyond)) throw error;
    onBytes?.(-bytesIn(reading));
    return null;
  }
}

function tapesOf(run: Run, plan: ColumnPlan, read: GlanceRunOptions['read']): ColumnTape[] {
  return filesByTape(run).map((files) => inTurn(files, (file) => read(file, plan)));
}

async function* inTurn(files: readonly RunFile[], read: (file: RunFile) => ColumnTape): ColumnTape {
  for (const file of files) yield* read(file);
}

function countLines(reading: Reading, { file, rows, skipped, bytes, writers }: ColumnBatch): void {
  const ofFile = readingOf(reading, file.path);
  ofFile.events += rows;
  ofFile.skipped += skipped;
  ofFile.bytes += bytes;
  for (const { device } of writers) ofFile.devices.add(device);
}

function countTypes({ types }: Reading, { observed, lanes, plan }: Glanced): void {
  for (const [type, lines] of observed) types.set(type, lines);
  for (const { counts } of lanes) {
    for (const [kind, { name }] of plan.types.entries()) {
      const lines = counts[kind] as number;
      if (lines > 0) types.set(name, (types.get(name) ?? 0) + lines);
    }
  }
}
