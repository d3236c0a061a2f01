import { closest, distance } from 'fastest-levenshtein';
import { ReplayError } from '../../base/errors.ts';
import { isRecord } from '../field.ts';

/** A value in a configuration file together with where it stands, so that whoever reads it can say what is wrong with it. */
export class Setting {
  readonly value: unknown;
  readonly #file: string;
  readonly #path: string;

  constructor(file: string, value: unknown, path = '') {
    this.#file = file;
    this.#path = path;
    this.value = value;
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  /** Throws the sentence `file: key.path: expected …, got …`. */
  expected(what: string, hint?: string): never {
    const shown = this.value === undefined ? 'nothing' : JSON.stringify(this.value);
    this.wrong(`expected ${what}, got ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}`, hint);
  }

  wrong(sentence: string, hint?: string): never {
    throw new ReplayError(`${this.#file}: ${this.#path === '' ? '' : `${this.#path}: `}${sentence}`, hint);
  }

  /** A key of this object; absent keys give a setting without a value. */
  at(key: string | number): Setting {
    const path = typeof key === 'number' ? `${this.#path}[${key}]` : this.#path === '' ? key : `${this.#path}.${key}`;
    const value = (this.value as Record<string | number, unknown> | undefined)?.[key];
    return new Setting(this.#file, value, path);
  }

  /** Checks that this is an object and, where `known` is given, that it has no other keys. */
  object(known?: readonly string[]): Record<string, unknown> {
    if (!isRecord(this.value)) this.expected('an object');
    for (const key of Object.keys(this.value)) {
      if (known && !known.includes(key)) this.wrong(`unknown key "${key}"`, suggestion(key, known));
    }
    return this.value;
  }

  /** What a function of this place answered, as a place of its own. */
  returning(value: unknown): Setting {
    return new Setting(this.#file, value, `${this.#path}()`);
  }

  entries(): [string, Setting][] {
    return Object.keys(this.object()).map((key) => [key, this.at(key)]);
  }

  items(): Setting[] {
    if (!Array.isArray(this.value)) this.expected('a list');
    return this.value.map((_, index) => this.at(index));
  }

  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.expected('a text');
  }

  flag(fallback: boolean): boolean {
    if (this.value === undefined) return fallback;
    return typeof this.value === 'boolean' ? this.value : this.expected('true or false');
  }

  wholeNumber(): number {
    return Number.isSafeInteger(this.value) ? (this.value as number) : this.expected('a whole number');
  }

  pattern(): RegExp {
    const source = this.text();
    try {
      return new RegExp(source, 'u');
    } catch (error) {
      this.wrong(`not a regular expression: ${(error as Error).message}`);
    }
  }
}

/** `did you mean "…"?` where one of the known words is near; otherwise the list of them. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  return distance(word, near) <= Math.max(2, word.length / 3)
    ? `did you mean "${near}"?`
    : `known here: ${known.join(', ')}`;
}
