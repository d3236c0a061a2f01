import { isRecord } from '../../field.ts';
import { quote } from '../../sources/head.ts';
import type { Message, SphereRecord } from './record.ts';

/** What a record of a Sphere log says in terms of the contract. */
export interface Reading {
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly problems?: readonly string[];
}

/** What is remembered along a file: when the last counter snapshot was taken, or the first line that has a time. */
export interface WindowStart {
  time: number | null;
}

type Reader = (message: Message, record: SphereRecord, window: WindowStart) => Reading | undefined;

/** The messages that say more than `log`, each with what it becomes. The first that fits decides. */
const messages: readonly Reader[] = [counters, span, verified, published, recovered, heldTokens];

/** Reads a record as events; one that says nothing that the contract knows is a `log`. */
export function interpret(message: Message, record: SphereRecord, window: WindowStart): Reading {
  for (const read of messages) {
    const reading = read(message, record, window);
    if (reading) return reading;
  }
  const opId = isRecord(message.fields) ? message.fields.opId : undefined;
  return { records: [{ type: 'log', time: record.time, opId }] };
}

/**
 * `[perf] [perf-counters] snapshot: {…}`. The window runs from the previous snapshot of the file, or from its first line that has a
 * time. Counters that a redactor or inspect's depth limit made unreadable are left out and named.
 */
function counters({ message, fields }: Message, record: SphereRecord, window: WindowStart): Reading | undefined {
  if (!/(?:^|\[perf-counters\] )snapshot:/.test(message) || !isPerf(record, message)) return undefined;
  if (!isRecord(fields))
    return { records: [], problems: ['counters: the snapshot cannot be read: it is cut off or garbled'] };
  const good: Record<string, unknown> = Object.create(null);
  const bad: string[] = [];
  for (const [name, counter] of Object.entries(fields)) {
    if (isCounter(counter)) good[name] = counter;
    else bad.push(name);
  }
  const windowMs = record.time === null || window.time === null ? 0 : Math.max(0, record.time - window.time);
  window.time = record.time ?? window.time;
  return {
    records: [{ type: 'counters', time: record.time, windowMs, counters: good }],
    problems: bad.length === 0 ? [] : [`counters: left out, not numbers: ${bad.join(', ')}`],
  };
}

function isPerf({ namespace }: SphereRecord, message: string): boolean {
  return namespace === 'perf' || namespace === 'perf-counters' || message.startsWith('[perf-counters]');
}

function isCounter(value: unknown): boolean {
  const isNumber = (field: unknown) => typeof field === 'number' && Number.isFinite(field);
  return isRecord(value) && isNumber(value.count) && isNumber(value.totalMs) && isNumber(value.maxMs);
}

/** `span.end NAME {…, "opId": …, "durationMs": …}`: one line, at the end; `span.error` is an operation that failed. */
function span({ message, fields }: Message, { time }: SphereRecord): Reading | undefined {
  const match = /^span\.(end|error) (\S+)(.*)$/s.exec(message);
  if (!match) return undefined;
  const [, how, name, rest] = match;
  if (!isRecord(fields)) {
    if (rest?.trim() === '') return undefined;
    return { records: [], problems: [`span.${how} ${name}: its fields cannot be read: ${quote(rest?.trim() ?? '')}`] };
  }
  const { opId, durationMs, spanName, parentOpId } = fields;
  if (typeof opId !== 'string' || opId === '') return undefined;
  const op = typeof spanName === 'string' && spanName !== '' ? spanName : name;
  const start = typeof durationMs === 'number' && time !== null ? time - durationMs : null;
  return {
    records: [
      { type: 'op.start', time: start, opId, op, parentOpId: typeof parentOpId === 'string' ? parentOpId : undefined },
      { type: 'op.end', time, opId, op, ok: how === 'end', durationMs },
    ],
  };
}

/** `… CID HEAD-verified (attempts=1, elapsedMs=19)`. */
function verified({ message }: Message, { time }: SphereRecord): Reading | undefined {
  const match = / HEAD-verified \(attempts=(\d+), elapsedMs=([\d.]+)\)/.exec(message);
  if (!match) return undefined;
  const cid = message.slice(message.lastIndexOf(' ', match.index - 1) + 1, match.index);
  const attempt = Math.max(1, Number(match[1]));
  return { records: [{ type: 'verify', time, cid, attempt, ok: true, durationMs: Number(match[2]) }] };
}

/** `Pointer publish ok: cid=…`. The line does not say what the snapshot claims: its frontier is empty. */
function published({ message }: Message, { time }: SphereRecord): Reading | undefined {
  const snapshot = /\bPointer publish ok: cid=([^\s,]+)/.exec(message)?.[1];
  return snapshot === undefined ? undefined : { records: [{ type: 'publish', time, snapshot, frontier: {} }] };
}

/** `Pointer recover ok: cid=…`. */
function recovered({ message }: Message, { time }: SphereRecord): Reading | undefined {
  const snapshot = /\bPointer recover ok: cid=([^\s,]+)/.exec(message)?.[1];
  return snapshot === undefined ? undefined : { records: [{ type: 'import', time, snapshot, source: 'network' }] };
}

/** `save(): …, tokens=[892069aea482(pending,txf=true)]` and `loadFromStorageData`: where ids are listed. A bare count of tokens says nothing that can be compared by token. */
function heldTokens({ message }: Message, { time }: SphereRecord): Reading | undefined {
  if (!/\b(?:save\(\)|loadFromStorageData):/.test(message)) return undefined;
  const list = /\btokens=\[([^\]]*)\]/.exec(message)?.[1];
  if (list === undefined) return undefined;
  const tokens: Record<string, unknown>[] = [];
  for (const entry of splitList(list)) {
    const match = /^([0-9A-Za-z_-]{4,})…?(?:\((?:([a-z-]+)(?:,[^)]*)?)?\))?$/.exec(entry);
    if (!match || match[1] === 'REDACTED') return undefined;
    tokens.push({ tokenId: match[1], status: match[2] });
  }
  const tombstones = /\b(\d+) tombstones\b|\btombstones=(\d+)/.exec(message);
  const count = tombstones?.[1] ?? tombstones?.[2];
  return {
    records: [{ type: 'tokens.read', time, tokens, tombstones: count === undefined ? undefined : Number(count) }],
  };
}

/** Parts a list at its commas, but for those inside of round brackets. */
function splitList(list: string): string[] {
  return (list.match(/[^,(]+(?:\([^)]*\))?/g) ?? []).map((entry) => entry.trim()).filter((entry) => entry !== '');
}
