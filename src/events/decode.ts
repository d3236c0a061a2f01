import type { EventHeader, EventName, LoggedEvent, SourceFile, UnreadableEvent } from './event.ts';
import type { EventType } from './event-type.ts';
import { type Field, type Fields, ordinal } from './field.ts';
import { eventTypes } from './types/index.ts';

/** What a line does not say itself and its surroundings do: the manifest, the file's name, a reader's convention. */
export interface EventDefaults {
  readonly device?: string | undefined;
  readonly identity?: string | undefined;
  readonly incarnation?: number | undefined;
  readonly run?: string | undefined;
}

/** Where a record stands, and what its surroundings say about it. */
export interface DecodeContext {
  readonly file: SourceFile;
  readonly line: number;
  readonly defaults: EventDefaults;
  readonly stream?: string | undefined;
}

/**
 * What became of a record. `debug`: no event of ours and no fault. A `problem` may come with an `event`: its header was
 * good, so that the line takes its place in the sequence although its body cannot be used.
 */
export type Decoded =
  | { readonly outcome: 'event'; readonly event: LoggedEvent }
  | { readonly outcome: 'debug' }
  | { readonly outcome: 'problem'; readonly reason: string; readonly event?: UnreadableEvent };

const debug: Decoded = { outcome: 'debug' };

/** How a record of one event type is read. */
export interface Decoder {
  readonly name: EventName;
  readonly shape: Fields;
  readonly fields: readonly (readonly [string, Field<unknown, never>])[];
  /** Whether the type belongs to an operation by its nature: without an `opId` it says nothing. */
  readonly needsOperation: boolean;
}

const needsOperation = new Set<EventName>(['op.start', 'op.end']);

/** The decoders of all event types, by name. */
export const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>(
  eventTypes.map(({ name, fields }: EventType<EventName>) => [
    name,
    { name, shape: fields, fields: Object.entries(fields), needsOperation: needsOperation.has(name) },
  ]),
);

/** The own fields of an event type, by name; `undefined` where the contract does not know the type. */
export function fieldsOf(type: string): Fields | undefined {
  return decoders.get(type)?.shape;
}

/** Reads one JSON record as an event of the contract. Never throws; extra keys are ignored. */
export function decodeRecord(record: Readonly<Record<string, unknown>>, context: DecodeContext): Decoded {
  if (record.v === undefined) return debug;
  if (record.v !== 1) return problem(`v: expected 1, got ${show(record.v)}`);
  const type = record.type;
  if (typeof type !== 'string') return problem(`type: expected a text, got ${show(type)}`);
  const decoder = decoders.get(type);
  const header = decodeHeader(record, context, decoder ? type : 'unknown');
  if (typeof header === 'string') return problem(`${type}: ${header}`);
  const event = header as unknown as Record<string, unknown>;
  if (!decoder) {
    event.unknownType = type;
    return { outcome: 'event', event: event as unknown as LoggedEvent };
  }
  for (const [name, field] of decoder.fields) {
    const raw = record[name];
    if (raw === undefined || raw === null) {
      if (!field.optional) return unreadable(header, decoder, `${name}: expected ${field.expected}, got nothing`);
      event[name] = undefined;
      continue;
    }
    const value = field.parse(raw);
    if (value === undefined) return unreadable(header, decoder, `${name}: ${mismatch(field, raw)}`);
    event[name] = value;
  }
  if (decoder.needsOperation && header.opId === undefined) {
    return unreadable(header, decoder, 'opId: expected a text, got nothing');
  }
  return { outcome: 'event', event: event as unknown as LoggedEvent };
}

/** Says why a value does not fit a field: `expected …, got …`, or the danger in it. */
function mismatch(field: Field<unknown, never>, value: unknown): string {
  return field.explain?.(value) ?? `expected ${field.expected}, got ${show(value)}`;
}

function decodeHeader(
  record: Readonly<Record<string, unknown>>,
  { file, line, defaults, stream }: DecodeContext,
  type: string,
): (EventHeader & { type: string }) | string {
  const device = record.device ?? defaults.device;
  if (typeof device !== 'string' || device === '') return `device: expected a text, got ${show(device)}`;
  const identity = record.identity ?? defaults.identity ?? '';
  if (typeof identity !== 'string') return `identity: expected a text, got ${show(identity)}`;
  const incarnation = ordinal.parse(record.incarnation ?? defaults.incarnation ?? 1);
  if (incarnation === undefined) return `incarnation: ${mismatch(ordinal, record.incarnation)}`;
  const seq = ordinal.parse(record.seq);
  if (seq === undefined) return `seq: ${mismatch(ordinal, record.seq)}`;
  return eventHeader(
    type,
    device,
    identity,
    incarnation,
    seq,
    typeof record.time === 'number' ? record.time : null,
    typeof record.opId === 'string' ? record.opId : undefined,
    typeof record.run === 'string' ? record.run : defaults.run,
    typeof record.mono === 'number' ? record.mono : undefined,
    file,
    line,
    stream,
  );
}

/** The header, made in one place, so that events from every lane are of one shape for the engine, and for whoever prints them. */
export function eventHeader(
  type: string,
  device: string,
  identity: string,
  incarnation: number,
  seq: number,
  time: number | null,
  opId: string | undefined,
  run: string | undefined,
  mono: number | undefined,
  file: SourceFile,
  line: number,
  stream: string | undefined,
): EventHeader & { type: string } {
  return { type, device, identity, incarnation, seq, time, opId, run, mono, file, line, stream };
}

function problem(reason: string): Decoded {
  return { outcome: 'problem', reason };
}

function unreadable(header: EventHeader, { name }: Decoder, reason: string): Decoded {
  const { device, identity, incarnation, seq, time, opId, run, mono, file, line, stream } = header;
  return {
    outcome: 'problem',
    reason: `${name}: ${reason}`,
    event: {
      type: 'unreadable',
      hides: name,
      device,
      identity,
      incarnation,
      seq,
      time,
      opId,
      run,
      mono,
      file,
      line,
      stream,
    },
  };
}

const longestValueShown = 60;

/** A value of a log as it is shown in a sentence, cut where it is long; `nothing` where it is absent. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  const shown = JSON.stringify(value) ?? String(value);
  return shown.length > longestValueShown ? `${shown.slice(0, longestValueShown)}…` : shown;
}
