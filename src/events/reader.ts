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

/** A file, or standard input, as a reader sees it: its bytes, decompressed. */
export interface LogSource {
  /** The path under which events and problems are reported, relative to the run. */
  readonly path: string;
  /**
   * The bytes from the start, each time anew. Throws a `ReplayError` where they cannot be read. Chunks that are `lent` are
   * good until the next one is asked for, so that one block of memory serves a whole file; others belong to whoever takes them.
   */
  chunks(options?: { readonly lent?: boolean }): AsyncIterable<Uint8Array>;
  /** Bytes taken from the disk so far by the newest `chunks()`. */
  bytesRead(): number;
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
}
