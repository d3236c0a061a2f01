import type { SourceFile } from '../event.ts';
import type { EventBatch } from '../reader.ts';
import type { ColumnBatch } from './column-batch.ts';
import { ColumnWriter } from './column-writer.ts';
import type { ColumnPlan } from './wants.ts';

/** Columns from events: for every format that has no shorter way, and the measure of those that have. */
export async function* columnsFromEvents(
  batches: AsyncIterable<EventBatch>,
  plan: ColumnPlan,
): AsyncGenerator<ColumnBatch> {
  let writer: ColumnWriter | undefined;
  let file: SourceFile | undefined;
  for await (const batch of batches) {
    if (writer === undefined || file !== batch.file) {
      file = batch.file;
      writer = new ColumnWriter(plan, file);
    }
    for (const event of batch.events) writer.event(event);
    yield writer.take(batch, 0, { bytes: 0, lines: 0 });
  }
}
