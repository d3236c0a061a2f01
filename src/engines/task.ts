import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { Wants } from '../events/columns/wants.ts';
import type { EventDefaults } from '../events/decode.ts';
import type { Region } from '../events/sources/region.ts';

/** A part of a file that somebody else is to read. */
export interface Task {
  readonly id: number;
  readonly path: string;
  readonly location: string;
  /** The part; all of a file that is compressed. */
  readonly region: Region | undefined;
  readonly reader: string;
  readonly defaults: EventDefaults;
  readonly wants: Wants;
}

/** What is said to a worker: a task, or of which task a batch was taken. */
export type Order = { readonly task: Task } | { readonly taken: number };

/** Lines of a task, with their numbers counted from its beginning. */
export type Part = Omit<ColumnBatch, 'file' | 'lineOffset'>;

/** What a worker says: lines, the end of a task with how many lines it had, or why it has none. */
export type Reply =
  | { readonly id: number; readonly part: Part }
  | { readonly id: number; readonly lines: number }
  | { readonly id: number; readonly error: { readonly message: string; readonly hint: string | undefined } };
