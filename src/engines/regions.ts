import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { SourceFile } from '../events/event.ts';
import type { FileLayout } from '../events/reader.ts';
import type { Region } from '../events/sources/region.ts';

/** A plain file from a place on, in parts of so many bytes. */
export function regionsOf({ bytes }: FileLayout, begin: number, size: number): readonly Region[] {
  return Array.from({ length: Math.ceil((bytes - begin) / size) }, (_, index) => ({
    from: begin + index * size,
    to: Math.min(begin + (index + 1) * size, bytes),
    end: bytes,
  }));
}

/** Lines of a part of a file, with their numbers in the file. `before`: how many lines stand before the part. */
export function placed(
  { events, problems, ...columns }: Omit<ColumnBatch, 'file' | 'lineOffset'>,
  file: SourceFile,
  before: number,
): ColumnBatch {
  const move = <Placed extends { readonly line: number }>(each: Placed): Placed => ({
    ...each,
    file,
    line: each.line + before,
  });
  return { ...columns, file, lineOffset: before, events: events.map(move), problems: problems.map(move) };
}
