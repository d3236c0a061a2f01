import type { RunningHash } from '../../base/sample.ts';

/**
 * Texts among integers: a hash, the length in bytes, and the bytes as UTF-8, four to a word, the last filled up with zeros.
 * Whoever compares two of them compares hashes first and words only then, and makes no string of either.
 */

/** How many words stand before a text's bytes. */
export const textHeader = 2;

const seed = 0x2545f491;

/** The hash of a text with one more word. */
export function hashWord(hash: number, word: number): number {
  const mixed = Math.imul(hash ^ word, 0x9e3779b1);
  return (mixed << 13) | (mixed >>> 19);
}

/** The hash of a text without words. */
export function beginHash(): number {
  return seed;
}

/** The hash of a text whose words were all seen. */
export function endHash(hash: number, bytes: number): number {
  const mixed = Math.imul(hash ^ bytes ^ (hash >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** Another hash of a text, for those to whom 32 bits are too few. */
export function secondHash(words: Int32Array, at: number): number {
  const bytes = words[at + 1] as number;
  let hash = 0x1b873593 ^ bytes;
  for (let word = at + textHeader, end = word + wordsOf(bytes); word < end; word += 1) {
    hash = Math.imul(hash ^ (words[word] as number) ^ (hash >>> 15), 0xc2b2ae35);
  }
  return hash ^ (hash >>> 16);
}

/** How many words a text of so many bytes has. */
export function wordsOf(bytes: number): number {
  return (bytes + 3) >>> 2;
}

/** Whether two texts are the same. */
export function sameText(left: Int32Array, leftAt: number, right: Int32Array, rightAt: number): boolean {
  if (left[leftAt] !== right[rightAt]) return false;
  const bytes = left[leftAt + 1] as number;
  if (bytes !== right[rightAt + 1]) return false;
  const end = leftAt + textHeader + wordsOf(bytes);
  for (let at = leftAt + textHeader, other = rightAt + textHeader; at < end; at += 1, other += 1) {
    if (left[at] !== right[other]) return false;
  }
  return true;
}

/** The bytes of the words that were asked last, and of those that were asked before: a view of them costs more than a text. */
let asked: { readonly words: Int32Array; readonly bytes: Buffer } | undefined;
const askedBefore = new WeakMap<Int32Array, { readonly words: Int32Array; readonly bytes: Buffer }>();

/** A text as a string. */
export function textAt(words: Int32Array, at: number): string {
  if (asked?.words !== words) {
    asked = askedBefore.get(words) ?? { words, bytes: Buffer.from(words.buffer, words.byteOffset, words.byteLength) };
    askedBefore.set(words, asked);
  }
  const from = (at + textHeader) * 4;
  return asked.bytes.toString('utf8', from, from + (words[at + 1] as number));
}

/** Goes on with a hash by a text, as if it were a string. */
export function hashUnits(hash: RunningHash, words: Int32Array, at: number): void {
  const bytes = words[at + 1] as number;
  const from = at + textHeader;
  for (let word = from, end = from + wordsOf(bytes); word < end; word += 1) {
    // Only of ASCII is a byte a unit.
    if (((words[word] as number) & 0x80808080) !== 0) {
      hash.addText(textAt(words, at));
      return;
    }
  }
  for (let index = 0; index < bytes; index += 1) {
    hash.add(((words[from + (index >>> 2)] as number) >>> ((index & 3) * 8)) & 0xff);
  }
}

/** A string as such words, with their header. */
export function encodeText(text: string): Int32Array {
  const length = Buffer.byteLength(text);
  const words = new Int32Array(textHeader + wordsOf(length));
  Buffer.from(words.buffer, textHeader * 4).write(text);
  let hash = beginHash();
  for (let at = textHeader; at < words.length; at += 1) hash = hashWord(hash, words[at] as number);
  words[0] = endHash(hash, length);
  words[1] = length;
  return words;
}
