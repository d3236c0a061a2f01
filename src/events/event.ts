import type { InputsOf, ValuesOf } from './event-type.ts';
import type { eventTypes } from './types/index.ts';

type Member = (typeof eventTypes)[number];

/** The name of an event type of the contract. */
export type EventName = Member['name'];

/** One log as it is read: `path` is relative to the run; positions count lines, or items of a JSON document. */
export interface SourceFile {
  readonly path: string;
  readonly unit: 'line' | 'item';
}

/** What every event carries: who wrote it, when in that device's own order, and where it stands. */
export interface EventHeader {
  readonly device: string;
  /** The wallet whose state the device holds; empty where the log does not say. */
  readonly identity: string;
  readonly incarnation: number;
  readonly seq: number;
  /** Milliseconds since the epoch on the device's clock; `null` where the line has none. Never used to order devices. */
  readonly time: number | null;
  readonly opId: string | undefined;
  readonly run: string | undefined;
  /** Milliseconds on a monotonic clock since the incarnation started. */
  readonly mono: number | undefined;
  readonly file: SourceFile;
  /** The line, or the item of a JSON document; from 1. */
  readonly line: number;
  /**
   * What orders this event: absent, the device's own sequence. A format without sequence numbers counts within
   * its file and names that file here, so that an observer's lines about a device do not clash with the device's own;
   * and the device, where the file holds lines of several, each with an order of its own.
   */
  readonly stream: string | undefined;
}

type EventBody = { readonly [Type in Member as Type['name']]: ValuesOf<Type> };

/** An event of the contract, by name or any of them. */
export type ReplayEvent<Name extends EventName = EventName> = {
  readonly [Key in Name]: EventHeader & { readonly type: Key } & EventBody[Key];
}[Name];

/** What a recorder is given to write an event. */
export type EventInput<Name extends EventName> = { [Type in Member as Type['name']]: InputsOf<Type> }[Name];

/** A line with a good header whose type the contract does not know: it counts in the sequence and is listed. */
export interface UnknownEvent extends EventHeader {
  readonly type: 'unknown';
  readonly unknownType: string;
}

/** A line with a good header and a body that cannot be believed: a hole with a name. `hides` is the type that it claims. */
export interface UnreadableEvent extends EventHeader {
  readonly type: 'unreadable';
  readonly hides: EventName | 'anything';
}

/** Anything that takes a place in a device's sequence. */
export type LoggedEvent = ReplayEvent | UnknownEvent | UnreadableEvent;

/** A line that could not be read. It travels beside the events as data. */
export interface Problem {
  readonly file: SourceFile;
  readonly line: number;
  readonly reason: string;
  /** `torn`: the last line of a log whose writer was cut off. */
  readonly kind: 'unreadable' | 'torn';
  /** The device that wrote the line, where what is left of it says so. */
  readonly device?: string | undefined;
}

/** `file:line`, or `file#item` in a JSON document. */
export function formatLocation({ file, line }: { readonly file: SourceFile; readonly line: number }): string {
  return file.unit === 'line' ? `${file.path}:${line}` : `${file.path}#${line}`;
}
