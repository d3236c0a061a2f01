import type { Cursor } from './cursor.ts';

/** The longest text that is kept, in bytes and with its quotes; content ids have up to 64. */
const longest = 80;
const width = 4;
const placeBits = 14;
/** The bits of four bytes that no ASCII has. */
const highBits = 0x80808080 | 0;

/** Makes a value of a text, which may be known to be ASCII; `undefined` where there is none. */
type Make<Value> = (bytes: Buffer, from: number, to: number, ascii: boolean) => Value | undefined;

/**
 * Values by the bytes that they are made from: what recurs is made once, and is the same object each time. Bounded: a text
 * has one place, and takes it from the text that was there.
 */
export class Interned<Value> {
  readonly #make: Make<Value>;
  readonly #words = new Int32Array((longest / width) << placeBits);
  readonly #lengths = new Uint8Array(1 << placeBits);
  readonly #values: (Value | undefined)[] = new Array<Value | undefined>(1 << placeBits).fill(undefined);

  constructor(make: Make<Value>) {
    this.#make = make;
  }

  /** The value of the text between two positions, which are those of its quotes. */
  get({ bytes, view }: Cursor, from: number, to: number): Value | undefined {
    const length = to + 1 - from;
    if (length > longest || length < width) return this.#make(bytes, from + 1, to, false);
    const last = to + 1 - width;
    const tail = view.getInt32(last, true);
    const place = placeOf(view, from, last, tail);
    const start = place * (longest / width);
    const words = this.#words;
    if (this.#lengths[place] === length && words[start] === tail) {
      let word = start + 1;
      let at = from;
      while (at < last && words[word] === view.getInt32(at, true)) {
        at += width;
        word += 1;
      }
      if (at >= last) return this.#values[place];
    }
    words[start] = tail;
    let bits = tail;
    for (let at = from, word = start + 1; at < last; at += width, word += 1) {
      const four = view.getInt32(at, true);
      words[word] = four;
      bits |= four;
    }
    const value = this.#make(bytes, from + 1, to, (bits & highBits) === 0);
    this.#lengths[place] = length;
    this.#values[place] = value;
    return value;
  }
}

/** Ids differ at their ends if they are counted, and everywhere if they are hashes. */
function placeOf(view: DataView, first: number, last: number, tail: number): number {
  const before = Math.max(last - width, first);
  const hash =
    Math.imul(tail, 0x9e3779b1) ^
    Math.imul(view.getInt32(before, true), 0x85ebca77) ^
    Math.imul(view.getInt32((first + before) >>> 1, true) + last - first, 0xc2b2ae3d);
  return Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f) >>> (32 - placeBits);
}
