import type { Cursor } from './cursor.ts';

/** How many bytes are compared at a time: as a double, which no ASCII makes equal to another, nor unequal to itself. */
const width = 8;
const half = 4;

/** Bytes that are looked for as they are. They hold no line end but at their end, so that no line is left in search of them. */
export class Literal {
  readonly bytes: Uint8Array;
  readonly #words: Float64Array;
  /** The last eight bytes, or four, which overlap the words before them. */
  readonly #tail: number;
  readonly #head: number;

  constructor(bytes: Uint8Array) {
    this.bytes = new Uint8Array(bytes);
    const view = new DataView(this.bytes.buffer);
    const { length } = bytes;
    const words = Math.max(Math.ceil(length / width) - 1, 0);
    this.#words = Float64Array.from({ length: words }, (_, word) => view.getFloat64(word * width, true));
    this.#head = length >= half ? view.getInt32(0, true) : 0;
    this.#tail =
      length >= width ? view.getFloat64(length - width, true) : length >= half ? view.getInt32(length - half, true) : 0;
  }

  /** The position behind these bytes, if they stand here; else -1. */
  endAt({ bytes, view, end: last }: Cursor, from: number): number {
    const { length } = this.bytes;
    const end = from + length;
    if (end > last) return -1;
    if (length < width) return this.#shortAt(bytes, view, from) ? end : -1;
    const words = this.#words;
    const count = words.length;
    let at = from;
    let word = 0;
    for (; word + 1 < count; word += 2, at += 2 * width) {
      if (view.getFloat64(at, true) !== words[word] || view.getFloat64(at + width, true) !== words[word + 1]) {
        return this.#standsAt(bytes, from) ? end : -1;
      }
    }
    if (word < count && view.getFloat64(at, true) !== words[word]) return this.#standsAt(bytes, from) ? end : -1;
    return view.getFloat64(end - width, true) === this.#tail || this.#standsAt(bytes, from) ? end : -1;
  }

  #shortAt(bytes: Uint8Array, view: DataView, from: number): boolean {
    const { length } = this.bytes;
    if (length < half) return this.#standsAt(bytes, from);
    return view.getInt32(from, true) === this.#head && view.getInt32(from + length - half, true) === this.#tail;
  }

  /** Byte by byte: what is not ASCII may be a double that is not equal to itself. */
  #standsAt(bytes: Uint8Array, from: number): boolean {
    const { length } = this.bytes;
    for (let index = 0; index < length; index += 1) if (bytes[from + index] !== this.bytes[index]) return false;
    return true;
  }
}
