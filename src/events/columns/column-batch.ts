import type { LoggedEvent, Problem, SourceFile } from '../event.ts';
import type { Place } from '../reader.ts';

/** Whose lines they are: what all lines of one device have in common. */
export interface Writer {
  readonly device: string;
  readonly identity: string;
  readonly run: string | undefined;
}

/**
 * Lines of one file in their order, as columns of integers: a row for each event, in place of an object. What a cell holds
 * follows from its field's form, and 0 is what is absent: a whole number is itself; one of some words is its index plus one; a flag is 2 or 1; a number is its place in `numbers`; a text or an amount is its place in `words`, see `texts.ts`; a list is the place of
 * its length and its items in `words`, the fields of a shape one after the other. Good until the next batch is asked for.
 */
export interface ColumnBatch {
  readonly file: SourceFile;
  /** Where in the file the lines begin, or a little before; its lines are counted as the rows' numbers are. */
  readonly begins: Place;
  /** How many lines stand in the file before the part of it from whose first line the rows' numbers are counted; 0, where it is read as a whole. */
  readonly lineOffset: number;
  /** How many lines were read since then, with those of this batch. */
  readonly lines: number;
  readonly rows: number;
  /** Row by row, `width` cells each. An event that is handed over whole has the kind -1 less its place in `events`. */
  readonly cells: Int32Array;
  /** By row, milliseconds since the epoch; NaN where the line has no time. */
  readonly times: Float64Array;
  readonly words: Int32Array;
  readonly wordCount: number;
  readonly numbers: Float64Array;
  readonly writers: readonly Writer[];
  readonly events: readonly LoggedEvent[];
  readonly problems: readonly Problem[];
  readonly skipped: number;
  readonly bytes: number;
}
