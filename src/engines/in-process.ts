import type { ColumnBatch } from '../events/columns/column-batch.ts';
import { columnsFromEvents } from '../events/columns/from-events.ts';
import type { ColumnReader, LogSource } from '../events/reader.ts';
import { openRegion, type Place } from '../events/sources/region.ts';
import { isReadInParts } from '../replay/run.ts';
import type { ColumnEngine } from './engine.ts';
import { placed, regionsOf } from './regions.ts';

/** Reads one file after the other, here, and large ones in parts of so many bytes. */
export function inParts(regionBytes: number): ColumnEngine {
  return {
    read(run, file, plan, from = { bytes: 0, lines: 0 }) {
      const { reader, source, defaults } = file;
      const context = { defaults, mapping: run.mapping };
      const columns = reader.columns?.(source.path, context, plan);
      if (columns === undefined) return columnsFromEvents(reader.read(source, context), plan);
      return isReadInParts(run, file) ? readParts(columns, source, regionBytes, from) : columns.read(source);
    },
    close: async () => {},
  };
}

/** Enough that nobody waits where a part begins, and little enough that a line is soon found in it. */
export const inProcess = inParts(32 * 1024 * 1024);

async function* readParts(
  reader: ColumnReader,
  source: LogSource,
  regionBytes: number,
  from: Place,
): AsyncGenerator<ColumnBatch> {
  const { path } = source;
  const layout = source.layout?.();
  if (layout === undefined || layout.compressed || (layout.bytes <= regionBytes && from.bytes === 0)) {
    yield* reader.read(source);
    return;
  }
  let before = from.lines;
  for (const region of regionsOf(layout, from.bytes, regionBytes)) {
    let lines = 0;
    for await (const batch of reader.read(openRegion({ ...layout, path }, region))) {
      lines = batch.lines;
      yield placed(batch, batch.file, region.from, before);
    }
    before += lines;
  }
}
