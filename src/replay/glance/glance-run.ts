import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { RowEvents } from '../../events/columns/row-events.ts';
import { type ColumnPlan, joinWants, planColumns, type Wants } from '../../events/columns/wants.ts';
import { bytesIn, devicesByIdentity, filesByTape, newReading, type Reading, readingOf } from '../history.ts';
import { type AnyProjection, Fold } from '../projection.ts';
import type { Replayed } from '../replay.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import { type ColumnTape, type Glanced, type GlanceOptions, glanceAt } from './glance.ts';
import { glanceWants } from './layout.ts';
import { statesOf } from './states.ts';

/** Who looks at a run beside the glance itself, and how it is read. */
export interface GlanceRunOptions {
  /** A file's lines in a layout. */
  read(file: RunFile, plan: ColumnPlan): ColumnTape;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Projections that are lent the events of these types, with these fields and no others; they ask for no marks. */
  readonly beside?: { readonly wants: Wants; readonly projections: readonly AnyProjection[] } | undefined;
}

/**
 * The states and the reading of a run in which everything went by the book. Else what is known of it: that something is probably wrong in
 * it, so that it is best to retain everything at once; or nothing.
 */
export async function glanceRun(
  run: Run,
  { read, onBytes, beside }: GlanceRunOptions,
): Promise<Replayed | 'disputed' | 'unknown'> {
  const reading = newReading();
  const plan = planColumns(joinWants(glanceWants, beside?.wants ?? {}));
  const tapes = filesByTape(run).map((files) => inTurn(files, (file) => read(file, plan)));
  const devicesOf = devicesByIdentity(run);
  const fold = new Fold(beside?.projections ?? [], devicesOf);
  const options: GlanceOptions = {
    ...{ run: run.name, plan, devicesOf },
    ...(beside && { rowEvents: new RowEvents(plan, beside.wants), onEvent: (event) => fold.apply(event) }),
    identityOf: (device, identity) => identity || (run.manifest.devices.get(device)?.identity ?? ''),
    onBatch(batch) {
      onBytes?.(batch.bytes);
      countLines(reading, batch);
    },
  };
  try {
    const glanced = await glanceAt(tapes, options);
    countTypes(reading, glanced);
    return { states: fold.over(statesOf(glanced)), reading };
  } catch (error) {
    if (!(error instanceof Beyond)) throw error;
    onBytes?.(-bytesIn(reading));
    return error.disputed ? 'disputed' : 'unknown';
  }
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
