import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { ColumnPlan } from '../events/columns/wants.ts';
import type { Place } from '../events/reader.ts';
import type { Run, RunFile } from '../replay/run.ts';

/** One way to read the files of a run as columns. Whichever is taken, the rows are the same. */
export interface ColumnEngine {
  /** The lines of one file, in their order; those behind a place, where one is given and the file is read in parts. */
  read(run: Run, file: RunFile, plan: ColumnPlan, from?: Place): AsyncIterable<ColumnBatch>;
  /** Gives back what the engine holds. */
  close(): Promise<void>;
}
