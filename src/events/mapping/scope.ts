import { isRecord } from '../field.ts';
import type { Subject } from './mapping.ts';

/** What the values of a rule may name while it is applied to one line. */
export interface Scope {
  readonly subject: Subject;
  /** What the patterns of `when` captured, by name. */
  readonly captures: Record<string, string | undefined>;
  /** The entry that `each` is at: `item`, `key` and `index`. */
  entry?: Readonly<Record<string, unknown>>;
  /** The next number of a counter, from 1, counted within the file. */
  count(counter: string): number;
  /** Notes a value that cannot be converted. */
  fail(reason: string): void;
}

/** The value that a dotted path names: a capture, `item`/`key`/`index` of the entry at hand, `line`, or a key of the record. */
export function lookUp(path: string, { captures, entry, subject }: Scope): unknown {
  if (Object.hasOwn(captures, path)) return captures[path];
  if (entry) {
    const found = dig(entry, path);
    if (found !== undefined) return found;
  }
  return path === 'line' ? subject.line : dig(subject.record, path);
}

/** Follows a dotted path into objects and lists. A key that has dots itself is found where it is the whole rest of the path. */
export function dig(value: unknown, path: string): unknown {
  if (Array.isArray(value)) {
    const [index, rest] = split(path);
    return rest === undefined ? value[Number(index)] : dig(value[Number(index)], rest);
  }
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, path)) return value[path];
  const [key, rest] = split(path);
  return rest === undefined || !Object.hasOwn(value, key) ? undefined : dig(value[key], rest);
}

function split(path: string): [string, string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}
