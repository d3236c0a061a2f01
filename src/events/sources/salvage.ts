import { isRecord } from '../field.ts';

/** A stretch of a line that is not one JSON value: a record on its own, or text that belongs to none. */
export type Salvaged =
  | { readonly text: string; readonly record: Record<string, unknown> }
  | { readonly text: string; readonly record: undefined; readonly last: boolean };

/** The value, or `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The device that a record names which was cut off after it; text inside a message is escaped, and is not taken for it. */
export function deviceIn(text: string): string | undefined {
  const [, literal] = /[{,]\s*"device"\s*:\s*("(?:[^"\\]|\\.)+")/.exec(text) ?? [];
  const device = literal === undefined ? undefined : parseJson(literal);
  return typeof device === 'string' ? device : undefined;
}

/** On a line longer than this only its last record is looked for, so that a broken line costs a few passes and not hundreds. */
const longestSearched = 1024 * 1024;

/** The most record beginnings that are tried on one line. */
const mostBeginnings = 16;

/**
 * Takes a broken line apart at the beginnings of records in it. When a writer is killed, its torn line and the next
 * writer's first one share a line; two processes that append without care lose a line end: what is whole is kept.
 */
export function salvage(line: string): Salvaged[] {
  const cuts = [0, ...beginnings(line), line.length];
  const parts: Salvaged[] = [];
  for (let start = 0; start < cuts.length - 1; ) {
    let end = cuts.length - 1;
    let record: unknown;
    for (; end > start; end -= 1) {
      record = parseJson(line.slice(cuts[start], cuts[end]));
      if (isRecord(record)) break;
    }
    const next = isRecord(record) ? end : start + 1;
    const text = line.slice(cuts[start], cuts[next]);
    const last = next === cuts.length - 1;
    parts.push(isRecord(record) ? { text, record } : { text, record: undefined, last });
    start = next;
  }
  return parts;
}

/** A pino line opens with its level; a record that the contract's recorder wrote may open with `v`. */
const beginning = /\{"(?:level|v|time|ts)":/g;

function beginnings(line: string): number[] {
  if (line.length > longestSearched) {
    const last = line.lastIndexOf('{"level":');
    return last > 0 ? [last] : [];
  }
  const found: number[] = [];
  for (const { index } of line.matchAll(beginning)) {
    if (index > 0) found.push(index);
    if (found.length === mostBeginnings) break;
  }
  return found;
}
