import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { SourceFile } from '../events/event.ts';
import type { Part } from './task.ts';

/** The lines of a part, with their numbers in the file. */
export function placed(
  { events, problems, ...columns }: Part,
  file: SourceFile,
  from: number,
  lineOffset: number,
): ColumnBatch {
  const move = <Placed extends { readonly line: number }>(each: Placed): Placed => ({
    ...each,
    file,
    line: each.line + lineOffset,
  });
  return { ...columns, file, from, lineOffset, events: events.map(move), problems: problems.map(move) };
}
