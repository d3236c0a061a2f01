import type { Cursor } from './cursor.ts';
import { Literal } from './literal.ts';

const slots = 256;

/** A fixed set of words that are found by their bytes, without making strings of these. */
export class Words {
  readonly count: number;
  readonly #literals: readonly Literal[];
  /** The first word of each slot, plus one; the next of the same slot, plus one. */
  readonly #first = new Int16Array(slots);
  readonly #next: Int16Array;

  constructor(words: readonly string[]) {
    this.count = words.length;
    this.#literals = words.map((word) => new Literal(Buffer.from(`"${word}"`)));
    this.#next = new Int16Array(words.length);
    for (const [index, { bytes }] of this.#literals.entries()) {
      const slot = slotOf(bytes, 0, bytes.length - 1);
      this.#next[index] = this.#first[slot] as number;
      this.#first[slot] = index + 1;
    }
  }

  /** The index of the word between two positions, which are those of its quotes; -1 where it is none of these. */
  find(cursor: Cursor, from: number, to: number): number {
    let index = (this.#first[slotOf(cursor.bytes, from, to)] as number) - 1;
    while (index >= 0 && (this.#literals[index] as Literal).endAt(cursor, from) !== to + 1) {
      index = (this.#next[index] as number) - 1;
    }
    return index;
  }
}

function slotOf(bytes: Uint8Array, from: number, to: number): number {
  return ((to - from) * 31 + (bytes[from + 1] as number) * 7 + (bytes[to - 1] as number)) & (slots - 1);
}
