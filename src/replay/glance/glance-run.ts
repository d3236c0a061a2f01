import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { devicesByIdentity, filesByTape, newReading, type Reading, readingOf } from '../history.ts';
import type { Replayed, ReplayOptions } from '../replay.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import { type ColumnTape, glanceAt, glancePlan } from './glance.ts';
import { statesOf } from './states.ts';

/** `read`: a file's lines in the layout of `glancePlan`. The states and the reading of a run in which everything went by the book; `undefined` where somebody must look closer. */
export async function glanceRun(
  run: Run,
  read: (file: RunFile) => ColumnTape,
  { onBytes }: Pick<ReplayOptions, 'onBytes'>,
): Promise<Replayed | undefined> {
  const reading = newReading();
  const tapes = filesByTape(run).map((files) => inTurn(files, read));
  try {
    const glanced = await glanceAt(tapes, {
      run: run.name,
      identityOf: (device, identity) => identity || (run.manifest.devices.get(device)?.identity ?? ''),
      devicesOf: devicesByIdentity(run),
      onBatch(batch) {
        onBytes?.(batch.bytes);
        count(reading, batch);
      },
    });
    const states = statesOf(glanced);
    for (const [type, lines] of glanced.observed) reading.types.set(type, lines);
    for (const { counts } of glanced.lanes) {
      for (const [kind, { name }] of glancePlan.types.entries()) {
        const lines = counts[kind] as number;
        if (lines > 0) reading.types.set(name, (reading.types.get(name) ?? 0) + lines);
      }
    }
    return { states, reading };
  } catch (error) {
    if (error instanceof Beyond) return undefined;
    throw error;
  }
}

async function* inTurn(files: readonly RunFile[], read: (file: RunFile) => ColumnTape): ColumnTape {
  for (const file of files) yield* read(file);
}

function count(reading: Reading, { file, rows, skipped, bytes, writers }: ColumnBatch): void {
  const ofFile = readingOf(reading, file.path);
  ofFile.events += rows;
  ofFile.skipped += skipped;
  ofFile.bytes += bytes;
  for (const { device } of writers) ofFile.devices.add(device);
}
