import type { SourceFile } from '../events/event.ts';

/** An operation as what belongs to it refers to it. */
export interface OperationRef {
  readonly opId: string;
  readonly incarnation: number;
  readonly seq: number;
  /** The number of its span. */
  readonly index: number;
  /** The operation that it is nested in, where the log has that one. */
  readonly parent: OperationRef | null;
  /** The outermost operation that it is nested in, or itself. */
  readonly root: OperationRef;
}

/** Where something stands in the log: the line that tells of it first. */
interface Place {
  readonly incarnation: number;
  readonly seq: number;
  readonly file: SourceFile;
  readonly line: number;
}

/** When something was, in nanoseconds since 1970 on the clock of whoever logged it. */
interface Interval {
  readonly start: bigint;
  readonly end: bigint;
  /** Whether its line has a time; where not, it is put where the line before it was. */
  readonly timed: boolean;
}

/** Something with a beginning and an end. */
export interface Span extends Place, Interval {
  readonly kind: 'span';
  /** The type of its line, `op` for both lines of an operation. */
  readonly type: 'op' | 'verify' | 'request' | 'write' | 'publish' | 'section';
  readonly name: string;
  /** Its number in its track, from 0, in the order in which the log first mentions them. */
  readonly index: number;
  readonly opId: string | undefined;
  readonly parentOpId: string | undefined;
  /** What it is part of: an operation's parent, a step's operation; `null` where the log does not have that one. */
  readonly parent: OperationRef | null;
  /** As it was logged; `null` for what has none: a section, or an operation that never ended. */
  readonly durationMs: number | null;
  readonly ok: boolean | null;
  /** Whether its end is missing, so that it ends here with the device's last line. */
  readonly unfinished: boolean;
  readonly attempt?: number | undefined;
  readonly bytes?: number | undefined;
  readonly blocks?: number | undefined;
  /** What it is about, by the names of the log's fields: `effect`, `cid`, `requestId`, … */
  readonly about: Readonly<Record<string, string | undefined>>;
}

/** An assertion that failed. */
export interface FailedAssertion extends Place, Interval {
  readonly kind: 'assertion';
  readonly name: string;
  readonly opId: string | undefined;
  readonly detail: string | undefined;
}

/** The counters of one window, by name. */
export interface CounterWindow extends Place, Interval {
  readonly kind: 'counters';
  readonly windowMs: number;
  readonly counters: readonly (readonly [
    name: string,
    sums: { readonly count: number; readonly totalMs: number; readonly maxMs: number },
  ])[];
}

/** Whatever an export holds. */
export type Entry = Span | FailedAssertion | CounterWindow;
