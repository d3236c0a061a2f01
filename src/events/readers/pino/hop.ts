import { byte, isDigit, skipBlanks, stringStop } from './bytes.ts';

const {
  backslash,
  colon,
  comma,
  listEnd,
  listStart,
  lowerE,
  lowerU,
  minus,
  objectEnd,
  objectStart,
  plus,
  point,
  quote,
  upperE,
  zero,
} = byte;

/** How deep a value may be nested to be stepped over; a deeper one is left to JSON.parse. */
const deepest = 32;

/** Steps over a JSON value that nobody reads. Returns the position behind it, or -1 where it is not plainly JSON. */
export function hop(bytes: Uint8Array, at: number, depth = 0): number {
  const first = bytes[at] as number;
  if (first === quote) return hopString(bytes, at);
  if (first === minus || isDigit(first)) return hopNumber(bytes, at);
  if (first === objectStart) return depth < deepest ? hopObject(bytes, at, depth + 1) : -1;
  if (first === listStart) return depth < deepest ? hopList(bytes, at, depth + 1) : -1;
  return hopWord(bytes, at);
}

/** Steps over a string, and over the escapes in it. */
function hopString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; ; ) {
    at = stringStop(bytes, at);
    const stop = bytes[at] as number;
    if (stop === quote) return at + 1;
    if (stop !== backslash) return -1;
    const escaped = bytes[at + 1] as number;
    at += 2;
    if (escaped === lowerU) {
      for (const last = at + 4; at < last; at += 1) if (hexadecimal[bytes[at] as number] === 0) return -1;
    } else if (escapes[escaped] === 0) return -1;
  }
}

/** Steps over a number of any shape that JSON allows. */
export function hopNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === minus ? start + 1 : start;
  if (!isDigit(bytes[at])) return -1;
  at = bytes[at] === zero ? at + 1 : hopDigits(bytes, at);
  if (bytes[at] === point) {
    if (!isDigit(bytes[at + 1])) return -1;
    at = hopDigits(bytes, at + 1);
  }
  if (bytes[at] === lowerE || bytes[at] === upperE) {
    at += 1;
    if (bytes[at] === plus || bytes[at] === minus) at += 1;
    if (!isDigit(bytes[at])) return -1;
    at = hopDigits(bytes, at);
  }
  return at;
}

function hopDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at += 1;
  return at;
}

function hopObject(bytes: Uint8Array, start: number, depth: number): number {
  let at = skipBlanks(bytes, start + 1);
  if (bytes[at] === objectEnd) return at + 1;
  for (;;) {
    if (bytes[at] !== quote) return -1;
    at = hopString(bytes, at);
    if (at < 0) return -1;
    at = skipBlanks(bytes, at);
    if (bytes[at] !== colon) return -1;
    at = hop(bytes, skipBlanks(bytes, at + 1), depth);
    if (at < 0) return -1;
    at = skipBlanks(bytes, at);
    if (bytes[at] === objectEnd) return at + 1;
    if (bytes[at] !== comma) return -1;
    at = skipBlanks(bytes, at + 1);
  }
}

function hopList(bytes: Uint8Array, start: number, depth: number): number {
  let at = skipBlanks(bytes, start + 1);
  if (bytes[at] === listEnd) return at + 1;
  for (;;) {
    at = hop(bytes, at, depth);
    if (at < 0) return -1;
    at = skipBlanks(bytes, at);
    if (bytes[at] === listEnd) return at + 1;
    if (bytes[at] !== comma) return -1;
    at = skipBlanks(bytes, at + 1);
  }
}

/** Steps over `true`, `false` or `null`. */
function hopWord(bytes: Uint8Array, at: number): number {
  if (standsAt(trueBytes, bytes, at)) return at + 4;
  if (standsAt(falseBytes, bytes, at)) return at + 5;
  if (standsAt(nullBytes, bytes, at)) return at + 4;
  return -1;
}

/** Whether these bytes stand at a position. They hold no line end, so that the line is not left. */
export function standsAt(word: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let index = 0; index < word.length; index += 1) if (bytes[at + index] !== word[index]) return false;
  return true;
}

/** `true` as it stands in JSON. */
export const trueBytes: Uint8Array = Buffer.from('true');
/** `false` as it stands in JSON. */
export const falseBytes: Uint8Array = Buffer.from('false');
/** `null` as it stands in JSON. */
export const nullBytes: Uint8Array = Buffer.from('null');

const escapes = memberTable('"\\/bfnrt');
const hexadecimal = memberTable('0123456789abcdefABCDEF');

function memberTable(members: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const member of Buffer.from(members)) table[member] = 1;
  return table;
}
