import { isRecord } from '../../field.ts';
import { parseJson } from '../../sources/salvage.ts';
import { parseInspected } from './inspected.ts';

/** A record of a Sphere log: a head line and what belongs to it. */
export interface SphereRecord {
  /** The number of the first line, and how many lines there are. */
  readonly line: number;
  lineCount: number;
  /** The first line as it stands. */
  readonly head: string;
  /** Milliseconds since the epoch; `null` for the older style, which prints no time. */
  readonly time: number | null;
  readonly level: string | null;
  readonly namespace: string | null;
  /** The first line behind the head, and the lines of the block that it opens. */
  readonly content: string[];
  /** Whether the block that the head line opens has no end yet. */
  open: boolean;
  /** Whether one of the lines is not UTF-8. */
  invalid: boolean;
  /** Whether the file ends inside of it, without a line end. */
  unterminated: boolean;
}

const timedHead =
  /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\] \[([A-Z]+) *\] \[([^\]]*)\](?: (.*))?$/;
const oldHead = /^\[([A-Za-z][\w.:/-]*)\] (.*)$/;

/** Whether a line opens a record: `[ISO] [LEVEL] [namespace] message`, or the older `[Tag] message`. */
export function isHead(line: string): boolean {
  return timedHead.test(line) || oldHead.test(line);
}

/** A block of more lines than this is not waited for. */
const longestBlock = 50_000;

/**
 * Puts lines together to records: the block that a head line opens with its last character ends with a bracket at column 0, and indented lines (a stack,
 * the rest of a block) belong to what is before them. A head line inside of a block ends the block unfinished. Every line is in exactly one record.
 */
export class RecordAssembler {
  #current: SphereRecord | undefined;

  /** Takes the next line and gives back the record before it where this line begins another. */
  push(text: string, line: number, invalid: boolean, unterminated: boolean): SphereRecord | undefined {
    const current = this.#current;
    if (current && belongs(text, current)) {
      current.lineCount += 1;
      current.invalid ||= invalid;
      current.unterminated ||= unterminated;
      if (current.open) {
        current.content.push(text);
        current.open = !/^[}\]]/.test(text) || /[{[]$/.test(text);
        if (current.content.length > longestBlock) this.#current = undefined;
      }
      return this.#current ? undefined : current;
    }
    this.#current = begin(text, line, invalid, unterminated);
    return current;
  }

  /** The last record, at the end of the file. */
  end(): SphereRecord | undefined {
    const last = this.#current;
    this.#current = undefined;
    return last;
  }
}

function belongs(text: string, current: SphereRecord): boolean {
  if (current.open) return !isHead(text);
  return current.namespace !== null && (/^(?:\s|[}\]])/.test(text) || text === '');
}

function begin(text: string, line: number, invalid: boolean, unterminated: boolean): SphereRecord {
  const timed = timedHead.exec(text);
  const old = timed ? null : oldHead.exec(text);
  const message = timed?.[4] ?? old?.[2] ?? text;
  const time = timed ? Date.parse(timed[1] as string) : Number.NaN;
  return {
    line,
    lineCount: 1,
    head: text,
    time: Number.isNaN(time) ? null : time,
    level: timed?.[2] ?? null,
    namespace: timed?.[3] ?? old?.[1] ?? null,
    content: [message],
    open: (timed ?? old) !== null && /(?:^|[\s:])[{[]$/.test(message),
    invalid,
    unterminated,
  };
}

/** A message and the fields behind it, which are JSON or what `util.inspect` printed. */
export interface Message {
  readonly message: string;
  readonly fields: unknown;
}

/** How many places in a message are tried as the beginning of its fields. */
const mostBeginnings = 8;

/** Parts the fields from the message; `fields` is `undefined` where there are none that can be read. */
export function splitMessage(content: string): Message {
  if (!/[}\]]$/.test(content)) return { message: content, fields: undefined };
  let at = -1;
  for (let tries = 0; tries < mostBeginnings; tries += 1) {
    at = nextBeginning(content, at + 1);
    if (at < 0) break;
    const text = content.slice(at);
    const json = parseJson(text);
    const fields = json === undefined ? parseInspected(text) : json;
    if (isRecord(fields) || Array.isArray(fields)) return { message: content.slice(0, at).trimEnd(), fields };
  }
  return { message: content, fields: undefined };
}

function nextBeginning(content: string, from: number): number {
  for (let at = from; at < content.length; at += 1) {
    const opens = content[at] === '{' || content[at] === '[';
    if (opens && (at === 0 || /\s/.test(content[at - 1] as string))) return at;
  }
  return -1;
}
