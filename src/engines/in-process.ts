import type { ColumnBatch } from '../events/columns/column-batch.ts';
import { columnsFromEvents } from '../events/columns/from-events.ts';
import type { ColumnReader, Place } from '../events/reader.ts';
import { restOf } from '../events/sources/region.ts';
import type { RunFile } from '../replay/run.ts';
import type { ColumnEngine } from './engine.ts';
import { placed } from './regions.ts';

/** Reads one file after the other, here. */
export const inProcess: ColumnEngine = {
  read({ mapping }, file, plan, from) {
    const { reader, source, defaults } = file;
    const context = { defaults, mapping };
    const columns = reader.columns?.(source.path, context, plan);
    if (columns && from && from.bytes > 0) return readRest(file, columns, from);
    return columns?.read(source) ?? columnsFromEvents(reader.read(source, context), plan);
  },
  close: async () => {},
};

async function* readRest(
  { source }: RunFile,
  columns: ColumnReader,
  { bytes, lines }: Place,
): AsyncGenerator<ColumnBatch> {
  for await (const batch of columns.read(restOf(source, bytes))) yield placed(batch, batch.file, lines);
}
