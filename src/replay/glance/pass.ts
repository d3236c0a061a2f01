import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import type { ColumnPlan } from '../../events/columns/wants.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { Place } from '../../events/reader.ts';
import { bytesIn, countProblems, devicesByIdentity, filesByTape, type Reading, readingOf } from '../history.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import type { LogLane } from './log-lane.ts';
import type { LogWalkOptions } from './log-walk.ts';
import type { ColumnTape } from './walk.ts';

/** How a run is read in columns. */
export interface PassOptions {
  /** A file's lines in a layout, from a place on. */
  read(file: RunFile, plan: ColumnPlan, from?: Place): ColumnTape;
  /** How many problems of each file are kept with their text; the rest are counted. */
  readonly maxProblems: number;
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

/** The files of a run, those of one device one behind the other. */
export function tapesOf(run: Run, read: (file: RunFile) => ColumnTape): ColumnTape[] {
  return filesByTape(run).map((files) => inTurn(files, read));
}

async function* inTurn(files: readonly RunFile[], read: (file: RunFile) => ColumnTape): ColumnTape {
  for (const file of files) yield* read(file);
}

/** What a walk through the logs of a run must know. */
export function walkOptions(run: Run, plan: ColumnPlan, onBatch: LogWalkOptions['onBatch']): LogWalkOptions {
  return {
    ...{ run: run.name, plan, devicesOf: devicesByIdentity(run), onBatch },
    identityOf: (device, identity) => identity || (run.manifest.devices.get(device)?.identity ?? ''),
  };
}

/** What somebody comes to; `null` where that goes beyond what is known, and its bytes are still to be read. */
export async function unlessBeyond<Outcome>(
  passed: () => Reading,
  onBytes: PassOptions['onBytes'],
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

/** Takes a batch into account. */
export function countLines(
  reading: Reading,
  { file, rows, skipped, bytes, writers, problems }: ColumnBatch,
  { maxProblems, onBytes }: PassOptions,
): void {
  onBytes?.(bytes);
  const ofFile = readingOf(reading, file.path);
  ofFile.events += rows;
  ofFile.skipped += skipped;
  ofFile.bytes += bytes;
  for (const { device } of writers) ofFile.devices.add(device);
  countProblems(reading, ofFile, problems, maxProblems);
}

/** Takes the types of all lines into account, once these were seen. */
export function countTypes(
  { types }: Reading,
  plan: ColumnPlan,
  lanes: readonly LogLane[],
  observed: ReadonlyMap<LoggedEvent['type'], number>,
): void {
  for (const [type, lines] of observed) types.set(type, lines);
  const add = (name: string, lines: number) => lines > 0 && types.set(name, (types.get(name) ?? 0) + lines);
  for (const lane of lanes) {
    for (const [kind, { name }] of plan.types.entries()) add(name, lane.counts[kind] as number);
    add('unknown', lane.linesOfUnknownTypes);
  }
}
