import type { RunningHash } from '../../base/sample.ts';
import { hashUnits, sameText, textAt, textHeader, wordsOf } from './texts.ts';

/** The words of one text, with its header: ids of up to 88 bytes, which are more than a hash in hexadecimal takes. */
const width = 24;

/**
 * Texts that live, each with a number for as long as it does; the number of one that was removed is given again. Found by their
 * bytes, so that an id is told apart from another with the same hash, and no string is made of any.
 */
export class Names {
  /** One more than the highest number given so far. */
  bound = 0;
  size = 0;
  private words = new Int32Array(64 * width);
  /** Numbers plus one, at the places of their hashes or behind these. */
  private slots = new Int32Array(128);
  private readonly free: number[] = [];

  /** The number of a text; -1 where it has none. */
  find(words: Int32Array, at: number): number {
    const slots = this.slots;
    const mask = slots.length - 1;
    const own = this.words;
    for (let slot = (words[at] as number) & mask; ; slot = (slot + 1) & mask) {
      const number = (slots[slot] as number) - 1;
      if (number < 0) return -1;
      if (own[number * width] === words[at] && sameText(own, number * width, words, at)) return number;
    }
  }

  /** Gives a number to a text that has none. -1 where the text is too long to be kept. */
  add(words: Int32Array, at: number): number {
    const length = textHeader + wordsOf(words[at + 1] as number);
    if (length > width) return -1;
    const number = this.free.pop() ?? this.bound++;
    if (this.bound * width > this.words.length) {
      const grown = new Int32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    const own = this.words;
    for (let word = 0, to = number * width; word < length; word += 1) own[to + word] = words[at + word] as number;
    this.size += 1;
    if (this.size * 2 > this.slots.length) this.#grow();
    this.#place(number);
    return number;
  }

  /** The number of a text, which is given one if it has none. -1 where it is too long to be kept. */
  numberOf(words: Int32Array, at: number): number {
    const known = this.find(words, at);
    return known < 0 ? this.add(words, at) : known;
  }

  /** Whether a text is the one of this number. */
  is(number: number, words: Int32Array, at: number): boolean {
    return sameText(this.words, number * width, words, at);
  }

  text(number: number): string {
    return textAt(this.words, number * width);
  }

  /** The first hash of a text. */
  hashOf(number: number): number {
    return this.words[number * width] as number;
  }

  /** The first hashes of all texts, of which none was removed. */
  hashes(): readonly number[] {
    return Array.from({ length: this.bound }, (_, number) => this.hashOf(number));
  }

  /** Goes on with another hash by a text. */
  hash(number: number, hash: RunningHash): void {
    hashUnits(hash, this.words, number * width);
  }

  /** Takes a text's number away. Those that stand behind its place move up, so that none is lost behind a gap. */
  remove(number: number): void {
    const slots = this.slots;
    const mask = slots.length - 1;
    let gap = this.hashOf(number) & mask;
    while (slots[gap] !== number + 1) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const home = this.hashOf((slots[slot] as number) - 1) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] as number;
      gap = slot;
    }
    slots[gap] = 0;
    this.free.push(number);
    this.size -= 1;
  }

  #place(number: number): void {
    const slots = this.slots;
    const mask = slots.length - 1;
    let slot = this.hashOf(number) & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number + 1;
  }

  #grow(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    for (const slot of old) if (slot !== 0) this.#place(slot - 1);
  }
}
