import type { Form } from '../../field.ts';
import { byte, stringStop } from './bytes.ts';
import { type Cursor, toValue, type ValueReader } from './cursor.ts';
import { hop, nullBytes, standsAt } from './hop.ts';
import type { Words } from './words.ts';

const { quote } = byte;

/** A member of an object, as it is read. */
export interface Member {
  /** `undefined`: nobody knows this member here, and it is stepped over. */
  readonly reader: ValueReader | undefined;
  /** Whether `null` counts as absent. */
  readonly nullable: boolean;
  /** What it holds, where it is a field. */
  readonly form?: Form | undefined;
}

/** A member that nobody knows. */
export const stranger: Member = { reader: undefined, nullable: false };

/** The members of the object at hand, by their keys' indexes. One object at a time. */
export class Members {
  /** What each key brought; `undefined` where it is absent. */
  readonly values: unknown[];
  /** The key read last, -1 for one that is not known, and where its value begins. */
  key = -1;
  from = 0;
  readonly #keys: Words;
  readonly #seen: Uint8Array;

  constructor(keys: Words) {
    this.values = new Array(keys.count).fill(undefined);
    this.#keys = keys;
    this.#seen = new Uint8Array(keys.count);
  }

  /** Begins the next object. */
  begin(): void {
    this.values.fill(undefined);
    this.#seen.fill(0);
  }

  /** Reads one member. False where it is not plainly one that fits: the line is then for JSON.parse. */
  read(cursor: Cursor, members: readonly Member[]): boolean {
    if (!this.#readKey(cursor)) return false;
    const { key } = this;
    this.from = cursor.at;
    const { reader, nullable } = members[key] ?? stranger;
    if (reader === undefined) {
      cursor.strange = true;
      cursor.at = hop(cursor.bytes, cursor.at);
      return cursor.at >= 0;
    }
    // Of a key that stands there twice JSON.parse takes the last.
    if (this.#seen[key] !== 0) return false;
    this.#seen[key] = 1;
    if (nullable && standsAt(nullBytes, cursor.bytes, cursor.at)) {
      cursor.at += nullBytes.length;
      return true;
    }
    const value = reader(cursor);
    this.values[key] = value;
    return value !== undefined;
  }

  #readKey(cursor: Cursor): boolean {
    const { bytes, at } = cursor;
    if (bytes[at] !== quote) return false;
    const end = stringStop(bytes, at + 1);
    if (bytes[end] !== quote) return false;
    this.key = this.#keys.find(cursor, at, end);
    return toValue(cursor, end + 1);
  }
}
