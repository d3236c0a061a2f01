import type { ColumnBatch } from './columns/column-batch.ts';
import type { ColumnWriter } from './columns/column-writer.ts';
import type { ColumnPlan } from './columns/wants.ts';
import type { EventDefaults } from './decode.ts';
import type { LoggedEvent, Problem, SourceFile } from './event.ts';
import type { Mapping } from './mapping/mapping.ts';

/**
 * What crosses an asynchronous border: many lines of one file, in their order, never a single one.
 * Every line of the file is counted exactly once: as an event, as a problem, as skipped, or as part of one of them.
 */
export interface EventBatch {
  readonly file: SourceFile;
  readonly events: readonly LoggedEvent[];
  readonly problems: readonly Problem[];
  /** Records that are neither events of ours nor faults: debug lines, and text that no mapping names. */
  readonly skipped: number;
  /** Bytes of the file that this batch used up, as they lie on the disk; for progress. */
  readonly bytes: number;
}

/** The first bytes of a file, after decompression, by which a reader recognises its format. */
export interface SourceHead {
  readonly path: string;
  /** At most 64 KiB as UTF-8, without a byte order mark. */
  readonly text: string;
  /** Whether `text` is the whole file. */
  readonly complete: boolean;
}

/** A place in a file, between two lines: what stands before it. */
export interface Place {
  readonly bytes: number;
  readonly lines: number;
}

/** A file, or standard input, as a reader sees it: its bytes, decompressed. */
export interface LogSource {
  /** The path under which events and problems are reported, relative to the run. */
  readonly path: string;
  /**
   * The bytes from the start, each time anew. Throws a `ReplayError` where they cannot be read. Chunks that are `lent` are
   * good until the next one is asked for, so that one block of memory serves a whole file; others belong to whoever takes them.
   * `blockBytes`: how much is best read at once.
   */
  chunks(options?: { readonly lent?: boolean; readonly blockBytes?: number }): AsyncIterable<Uint8Array>;
  /** Bytes taken from the disk so far by the newest `chunks()`. */
  bytesRead(): number;
  /** How the bytes lie on the disk, for somebody who reads them in parts, or elsewhere; `undefined` before they were looked at. */
  layout?(): FileLayout | undefined;
  /** Where in the file its first byte stands, once that was read; `undefined` where that says nothing about the bytes on the disk. */
  begins?(): number | undefined;
  /** What the file system says of the file, which is another text once somebody wrote to it or put another in its place. */
  stamp?(): Promise<string>;
  /** Whether it is a part of a file that does not begin with the file. */
  readonly continues?: boolean;
}

/** A file as it lies on the disk. `bytes`: as many as are read of it, also where more are appended since. */
export interface FileLayout {
  readonly location: string;
  readonly bytes: number;
  readonly compressed: boolean;
}

/** What a reader is told beside the bytes. */
export interface ReadContext {
  readonly defaults: EventDefaults;
  readonly mapping?: Mapping | undefined;
}

/** One member of the family of log formats. */
export interface LogReader {
  readonly name: string;
  /** Whether a file tells nothing until it is at its end, so that one which grows is read anew. */
  readonly needsWhole?: boolean;
  /** Whether a file that begins like this is in this format. Readers are asked in the order of their index. */
  recognises(head: SourceHead): boolean;
  /** Reads the file to its end. A line that cannot be read becomes a problem; only a file that cannot be read throws. */
  read(source: LogSource, context: ReadContext): AsyncIterable<EventBatch>;
  /** What reads one file as columns, where the format has a shorter way to them than over events. */
  columns?(path: string, context: ReadContext, plan: ColumnPlan): ColumnReader;
}

/** Reads one file as columns, at once or part by part in the order of the parts or in any; what it learned of the lines it keeps. */
export interface ColumnReader {
  readonly writer: ColumnWriter;
  /** The lines of a part, numbered from its beginning. */
  read(source: LogSource): AsyncIterable<ColumnBatch>;
}
