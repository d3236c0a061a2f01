import type { ColumnBatch } from '../events/columns/column-batch.ts';
import { columnsFromEvents } from '../events/columns/from-events.ts';
import type { ColumnReader, LogSource } from '../events/reader.ts';
import { openRegion } from '../events/sources/region.ts';
import type { ColumnEngine } from './engine.ts';
import { placed, regionsOf } from './regions.ts';

/** Reads one file after the other, here, and large ones in parts of so many bytes. */
export function inParts(regionBytes: number): ColumnEngine {
  return {
    read({ mapping }, { reader, source, defaults }, plan) {
      const context = { defaults, mapping };
      const columns = reader.columns?.(source.path, context, plan);
      if (columns === undefined) return columnsFromEvents(reader.read(source, context), plan);
      // What a mapping makes of a line may depend on those before it.
      return mapping ? columns.read(source) : readParts(columns, source, regionBytes);
    },
    close: async () => {},
  };
}

/** Enough that nobody waits where a part begins, and little enough that a line is soon found in it. */
export const inProcess = inParts(32 * 1024 * 1024);

async function* readParts(reader: ColumnReader, source: LogSource, regionBytes: number): AsyncGenerator<ColumnBatch> {
  const { path } = source;
  const layout = source.layout?.();
  if (layout === undefined || layout.compressed || layout.bytes <= regionBytes) {
    yield* reader.read(source);
    return;
  }
  let before = 0;
  for (const region of regionsOf(layout, regionBytes)) {
    let lines = 0;
    for await (const batch of reader.read(openRegion({ ...layout, path }, region))) {
      lines = batch.lines;
      yield placed(batch, batch.file, region.from, before);
    }
    before += lines;
  }
}
