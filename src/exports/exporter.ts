import type { Entry } from './entry.ts';
import type { Layout } from './layout.ts';

/** What is exported of one track: a device's own log, or an observer's about it. */
export interface ExportedTrack {
  readonly device: string;
  readonly identity: string;
  /** The observer's log, where it is one: its clock is not the device's. */
  readonly stream: string | undefined;
  /** Where its spans are drawn; empty for an exporter that `draws` nothing. */
  readonly layout: Layout;
  /** Reads its log again: what there is to tell, in the order of the lines that end it. */
  entries(): AsyncGenerator<readonly Entry[]>;
}

/** A run as an exporter sees it. */
export interface ExportedRun {
  readonly name: string;
  /** The name and version of this tool. */
  readonly tool: string;
  /** Those that have something to tell, by device, its own log first. */
  readonly tracks: readonly ExportedTrack[];
}

/** One member of the family of exporters: the format of another tool. */
export interface Exporter {
  readonly name: string;
  /** What opens it, as a clause for `--help`. */
  readonly description: string;
  /** Whether it asks for the layout of spans, which costs memory for each. */
  readonly draws: boolean;
  /** The file, piece by piece: the same bytes for the same run. */
  write(run: ExportedRun): AsyncGenerator<string>;
}
