import { fieldsOf, show } from '../../decode.ts';
import { type Field, isRecord } from '../../field.ts';
import { parseJson } from '../../sources/salvage.ts';
import { countOf, firstOf, listOf, readAttributes } from './attributes.ts';

/** What a span says in terms of the contract. */
export interface SpanReading {
  readonly traceId: string;
  readonly spanId: string;
  /** When it started, where it is the root of its trace. */
  readonly rootSince: number | undefined;
  readonly moments: readonly Moment[];
  /** What is wrong with its events, each with a reason. */
  readonly problems: readonly string[];
}

/** One event of the contract that a span stands for, without its device and its operation. */
export interface Moment {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Among events of one time: what begins is before what happens, and that before what ends. */
  readonly rank: 0 | 1 | 2;
  readonly record: Readonly<Record<string, unknown>>;
}

type Attributes = Readonly<Record<string, unknown>>;

const clientKinds = new Set<unknown>([3, 'SPAN_KIND_CLIENT']);
const errorCodes = new Set<unknown>([2, 'STATUS_CODE_ERROR']);

/**
 * Reads a span, or says why it cannot be used. A root is an operation; a CLIENT span is a round trip, also where it is a root; an event that is
 * called like a type of the contract is that event. Any other span says nothing by itself.
 */
export function readSpan(span: unknown): SpanReading | string {
  if (!isRecord(span)) return `expected a span, got ${show(span)}`;
  const name = typeof span.name === 'string' && span.name !== '' ? span.name : 'unknown';
  const [traceId, spanId] = [readId(span.traceId), readId(span.spanId)];
  if (traceId === undefined) return `span "${name}": traceId: expected an id, got ${show(span.traceId)}`;
  if (spanId === undefined) return `span "${name}": spanId: expected an id, got ${show(span.spanId)}`;
  const start = nanoseconds(span.startTimeUnixNano);
  if (start === undefined) return `span "${name}": startTimeUnixNano: ${noTime(span.startTimeUnixNano)}`;
  const end = nanoseconds(span.endTimeUnixNano);
  if (end === undefined) return `span "${name}": endTimeUnixNano: ${noTime(span.endTimeUnixNano)}`;
  if (end < start) return `span "${name}": ends ${milliseconds(start - end)} ms before it starts`;
  const root = readId(span.parentSpanId) === undefined;
  const client = clientKinds.has(span.kind);
  const ok = !(isRecord(span.status) && errorCodes.has(span.status.code));
  const [time, durationMs] = [milliseconds(end), milliseconds(end - start)];
  const moments: Moment[] = [];
  const problems: string[] = [];
  if (root) moments.push({ time: milliseconds(start), rank: 0, record: { type: 'op.start', op: name } });
  for (const event of listOf(span.events)) {
    const moment = readEvent(event);
    if (typeof moment === 'string') problems.push(`span "${name}": ${moment}`);
    else if (moment) moments.push(moment);
  }
  if (client) moments.push({ time, rank: 1, record: readRequest(name, ok, durationMs, span.attributes) });
  if (root) moments.push({ time, rank: 2, record: { type: 'op.end', op: name, ok, durationMs } });
  return { traceId, spanId, rootSince: root ? milliseconds(start) : undefined, moments, problems };
}

/** An id is hexadecimal, in any case; the base64 of some writers is taken as it is. Empty, or nothing but zeros, is none. */
function readId(id: unknown): string | undefined {
  if (typeof id !== 'string' || /^0*$/.test(id)) return undefined;
  return /^[0-9a-fA-F]+$/.test(id) ? id.toLowerCase() : id;
}

/** Nanoseconds since 1970, a string or a number in the file; 0 stands for a time that is absent. */
function nanoseconds(value: unknown): bigint | undefined {
  const written = typeof value === 'string' ? /^\d{1,20}$/.test(value) : Number.isInteger(value);
  const time = written ? BigInt(value as string | number) : 0n;
  return time > 0n ? time : undefined;
}

function noTime(value: unknown): string {
  return `expected nanoseconds since 1970, got ${show(value)}`;
}

/** To the microsecond, which is what a number can hold of a time since 1970. */
function milliseconds(time: bigint): number {
  return Number(time / 1000n) / 1000;
}

/** A round trip is called as OpenTelemetry names classes of spans, so that trips of one kind can be counted: by method and template, never by a whole address. */
function readRequest(name: string, ok: boolean, durationMs: number, list: unknown): Moment['record'] {
  const attributes = readAttributes(list);
  const resent = firstOf(attributes, 'http.request.resend_count', 'http.resend_count', 'http.retry_count');
  const sent = countOf(firstOf(attributes, 'http.request.body.size', 'http.request_content_length'));
  const received = countOf(firstOf(attributes, 'http.response.body.size', 'http.response_content_length'));
  const requestId = firstOf(attributes, 'replay.requestId');
  return {
    type: 'request',
    kind: kindOf(name, attributes),
    attempt: (countOf(resent) ?? 0) + 1,
    ok,
    durationMs,
    ...(requestId !== undefined && { requestId }),
    ...((sent ?? received) !== undefined && { bytes: (sent ?? 0) + (received ?? 0) }),
  };
}

function kindOf(name: string, attributes: Attributes): unknown {
  const own = firstOf(attributes, 'replay.kind');
  if (own !== undefined) return own;
  const call = firstOf(attributes, 'rpc.method');
  if (call !== undefined) return [firstOf(attributes, 'rpc.service'), call].filter(Boolean).join('/');
  const method = firstOf(attributes, 'http.request.method', 'http.method');
  const template = firstOf(attributes, 'url.template', 'http.route');
  if (method === undefined || template === undefined) return name;
  return `${method === '_OTHER' ? 'HTTP' : method} ${template}`;
}

/** A span's event as the event of the contract that it is called like; `undefined` for any other. */
function readEvent(event: unknown): Moment | string | undefined {
  const fields = isRecord(event) && typeof event.name === 'string' ? fieldsOf(event.name) : undefined;
  if (!isRecord(event) || !fields) return undefined;
  const time = nanoseconds(event.timeUnixNano);
  if (time === undefined) return `event "${event.name}": timeUnixNano: ${noTime(event.timeUnixNano)}`;
  const record: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(readAttributes(event.attributes))) {
    record[key] = Object.hasOwn(fields, key) ? structured(value, fields[key] as Field<unknown, never>) : value;
  }
  return { time: milliseconds(time), rank: 1, record: { ...record, type: event.name } };
}

/** Most SDKs take no objects as attributes: a field that must be one, or a list, may be given as the JSON text of it. */
function structured(value: unknown, field: Field<unknown, never>): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value) || field.parse(value) !== undefined) return value;
  const parsed = parseJson(value);
  return parsed !== undefined && field.parse(parsed) !== undefined ? parsed : value;
}
