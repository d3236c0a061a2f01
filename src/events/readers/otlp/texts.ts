import { isRecord } from '../../field.ts';

/** Values that lie deeper in each other than this are no event's: they are left out. */
const deepest = 200;

/** Texts that are kept while a file is read. A text that was cut out of a longer one keeps all of that alive: what is kept must be a copy, and one is enough. */
export class Texts {
  readonly #copies = new Map<string, string>();

  /** The one copy of a text. */
  once(text: string): string {
    const known = this.#copies.get(text);
    if (known !== undefined) return known;
    const copy = copyOf(text);
    this.#copies.set(copy, copy);
    return copy;
  }

  /** The same JSON value, none of whose texts belongs to the document. */
  owned<Value>(value: Value): Value {
    return this.#own(value, 0) as Value;
  }

  #own(value: unknown, depth: number): unknown {
    if (typeof value === 'string') return this.once(value);
    if (depth > deepest) return null;
    if (Array.isArray(value)) return value.map((item) => this.#own(item, depth + 1));
    if (!isRecord(value)) return value;
    const copy: Record<string, unknown> = {};
    for (const key of Object.keys(value)) copy[key] = this.#own(value[key], depth + 1);
    return copy;
  }
}

/** The text in memory of its own. */
export function copyOf(text: string): string {
  return Buffer.from(text).toString();
}
