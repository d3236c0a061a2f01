import { isRecord } from '../field.ts';
import { eventTypes } from '../types/index.ts';
import type { RecordInput, TypedEventName } from './event-methods.ts';
import { methodName } from './method-name.ts';
import type { Recorder } from './recorder.ts';

/** An event by its type's name and its own fields, as a mapping hands it over. */
export type MappedEvent = {
  readonly [Name in TypedEventName]: { readonly type: Name } & RecordInput<Name>;
}[TypedEventName];

/** Turns an SDK's debug record into an event; `undefined` leaves it a `log` event. */
export type SinkMapping = (record: Readonly<Record<string, unknown>>) => MappedEvent | undefined;

/** What an SDK with a logger of its own is given as that logger's output. */
export interface Sink {
  /** Takes the SDK's structured record; `formatted` is the text it would print, used only where there is no message. Never throws. */
  write(record: unknown, formatted?: string): void;
  /** How many records did not become the event that they, or the mapping, said they are. */
  readonly failures: number;
  /** Why the last of them did not. */
  readonly lastFailure: Error | undefined;
}

/**
 * Makes a sink that records into the recorder. A record that names an event type and has its fields, itself or under `fields`,
 * becomes that event; else the mapping decides; else it becomes a `log` event. A type that any record would fit
 * (`clear`) counts only where the record says `v: 1`: a cache that was cleared is no wiped ledger.
 * A record that fails is still written as a `log` event, if that can be.
 */
export function createSink(record: Recorder, mapping?: SinkMapping): Sink {
  let failures = 0;
  let lastFailure: Error | undefined;

  const recordAny = (debugRecord: unknown, formatted: string | undefined): void => {
    let misfit: unknown;
    if (isRecord(debugRecord)) {
      for (const find of [ownEvent, mapping]) {
        try {
          const event = find?.(debugRecord);
          if (event && recordEvent(record, event)) return;
        } catch (error) {
          misfit ??= error;
        }
      }
    }
    recordLog(record, debugRecord, formatted);
    if (misfit !== undefined) throw misfit;
  };

  return {
    get failures() {
      return failures;
    },
    get lastFailure() {
      return lastFailure;
    },
    write(debugRecord, formatted) {
      if (!record.enabled) return;
      try {
        recordAny(debugRecord, formatted);
      } catch (error) {
        failures += 1;
        lastFailure = error instanceof Error ? error : new Error(String(error));
      }
    },
  };
}

interface NamedEvent {
  readonly type: string;
}

/** Whether a type has a field that a record must have to be one. */
const tellsItself = new Map(
  eventTypes.map(({ name, fields }) => [name as string, Object.values(fields).some(({ optional }) => !optional)]),
);

function ownEvent(record: Readonly<Record<string, unknown>>): NamedEvent | undefined {
  return [record, record.fields].find((candidate): candidate is Record<string, unknown> & NamedEvent => {
    if (!isRecord(candidate) || typeof candidate.type !== 'string') return false;
    return tellsItself.get(candidate.type) || (tellsItself.has(candidate.type) && candidate.v === 1);
  });
}

/** Whether it was recorded; a `log` is left to `recordLog`. */
function recordEvent(record: Recorder, event: NamedEvent): boolean {
  if (event.type === 'log') return false;
  if (!tellsItself.has(event.type)) throw new Error(`no such event type: ${event.type}`);
  const methods = record as unknown as Record<string, (event: NamedEvent) => void>;
  methods[methodName(event.type)]?.(event);
  return true;
}

function recordLog(record: Recorder, debugRecord: unknown, formatted: string | undefined): void {
  if (isRecord(debugRecord)) {
    const { message, msg, ...fields } = debugRecord;
    record.log(String(message ?? msg ?? formatted ?? ''), fields);
  } else if (typeof debugRecord === 'string') {
    record.log(formatted ?? debugRecord);
  } else {
    record.log(formatted ?? '', { record: debugRecord });
  }
}
