import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { cell } from '../../events/columns/wants.ts';
import type { Place } from '../../events/reader.ts';
import type { RunFile } from '../run.ts';
import { glancePlan } from './layout.ts';
import type { KeptClock } from './row-clock.ts';
import type { ColumnTape, TapePlace } from './walk.ts';

/** How far one device's lines had passed. */
export interface LaneMark {
  /** The newest one's number in the sequence of the device, and its place in its order. */
  readonly incarnation: number;
  readonly seq: number;
  readonly place: number;
  readonly clock: KeptClock;
}

/** A moment of a walk through a run, from which it can be gone on once more. */
export interface Landmark {
  /** By tape. */
  readonly places: readonly TapePlace[];
  /** By device. */
  readonly lanes: ReadonlyMap<string, LaneMark>;
}

/** The part of a walk between two landmarks: from the beginning of the run where the first one is absent, and to its end where the other one is. */
export interface Stretch {
  readonly from: Landmark | undefined;
  readonly to: Landmark | undefined;
}

/** The rows of a tape that passed within a stretch of a walk. `files`: those of the tape, in their order; `tape`: its number. */
export async function* rowsWithin(
  { from, to }: Stretch,
  files: readonly RunFile[],
  tape: number,
  read: (file: RunFile, from?: Place) => ColumnTape,
): ColumnTape {
  const begin = from?.places[tape];
  const first = begin === undefined ? 0 : files.findIndex(({ path }) => path === begin.file);
  for (const [index, file] of files.slice(first).entries()) {
    for await (const batch of read(file, index === 0 ? begin?.near : undefined)) {
      const start = from ? rowBehind(from, batch, 0) : 0;
      const end = to ? rowBehind(to, batch, start) : batch.rows;
      yield { ...batch, ...rowsOf(batch, start, end) };
      if (end < batch.rows) return;
    }
  }
}

const { width } = glancePlan;

/** The first row from one on that had not passed when a walk came to a landmark. */
function rowBehind({ lanes }: Landmark, { rows, cells, writers, events }: ColumnBatch, from: number): number {
  for (let row = from; row < rows; row += 1) {
    const base = row * width;
    const kind = cells[base + cell.kind] as number;
    // What observers say is asked for of whole runs alone.
    if (kind < 0 && events[-1 - kind]?.stream !== undefined) continue;
    const mark = lanes.get(writers[cells[base + cell.writer] as number]?.device as string);
    if (mark === undefined) return row;
    const life = (cells[base + cell.incarnation] as number) - mark.incarnation;
    if (life > 0 || (life === 0 && (cells[base + cell.seq] as number) > mark.seq)) return row;
  }
  return rows;
}

function rowsOf(
  { cells, times }: ColumnBatch,
  start: number,
  end: number,
): Pick<ColumnBatch, 'rows' | 'cells' | 'times'> {
  return { rows: end - start, cells: cells.subarray(start * width, end * width), times: times.subarray(start, end) };
}
