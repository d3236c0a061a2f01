import type { Cursor } from './cursor.ts';

/** How many bytes are compared at a time. */
const width = 4;

/** Bytes that are looked for as they are. They hold no line end but at their end, so that no line is left in search of them. */
export class Literal {
  readonly bytes: Uint8Array;
  readonly #words: Int32Array;
  /** The last four bytes, which overlap the words before them. */
  readonly #tail: number;

  constructor(bytes: Uint8Array) {
    this.bytes = new Uint8Array(bytes);
    const view = new DataView(this.bytes.buffer);
    const words = Math.max(Math.ceil(bytes.length / width) - 1, 0);
    this.#words = Int32Array.from({ length: words }, (_, word) => view.getInt32(word * width, true));
    this.#tail = bytes.length < width ? 0 : view.getInt32(bytes.length - width, true);
  }

  /** The position behind these bytes, if they stand here; else -1. */
  endAt({ bytes, view }: Cursor, from: number): number {
    const end = from + this.bytes.length;
    if (end - from < width || end > view.byteLength) return this.#standsAt(bytes, from) ? end : -1;
    const words = this.#words;
    let at = from;
    for (let word = 0; word < words.length; word += 1) {
      if (view.getInt32(at, true) !== words[word]) return -1;
      at += width;
    }
    return view.getInt32(end - width, true) === this.#tail ? end : -1;
  }

  #standsAt(bytes: Uint8Array, from: number): boolean {
    const { length } = this.bytes;
    for (let index = 0; index < length; index += 1) if (bytes[from + index] !== this.bytes[index]) return false;
    return true;
  }
}
