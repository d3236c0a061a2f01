import { type Amount, parseAmount } from '../../../base/amount.ts';
import { byte, stringStop } from './bytes.ts';
import type { Cursor, ValueReader } from './cursor.ts';
import { falseBytes, hop, hopNumber, standsAt, trueBytes } from './hop.ts';
import { Interned } from './interned.ts';
import { Words } from './words.ts';

const { listStart, lowerE, minus, objectStart, point, quote, upperE, zero } = byte;

const texts = new Interned<string>((bytes, from, to, ascii) => bytes.toString(ascii ? 'latin1' : 'utf8', from, to));

/** Amounts never change, so that one object serves wherever the same digits stand. */
const amounts = new Interned<Amount>((bytes, from, to) => parseAmount(bytes.toString('latin1', from, to)));

/** Any string without an escape; it may be empty. */
export function readString(cursor: Cursor): string | undefined {
  const from = cursor.at;
  const end = endOfString(cursor);
  return end < 0 ? undefined : texts.get(cursor, from, end);
}

/** A string that is not empty. */
export function readText(cursor: Cursor): string | undefined {
  return readString(cursor) || undefined;
}

/** An amount in a string, or a number without a fraction; what is to be said of others is not said here. */
export function readAmount(cursor: Cursor): Amount | undefined {
  const from = cursor.at;
  if (cursor.bytes[from] !== quote) {
    const negative = cursor.bytes[from] === minus;
    if (negative) cursor.at += 1;
    const value = readCount(cursor) as number | undefined;
    cursor.numericAmount = true;
    return value === undefined ? undefined : { units: BigInt(negative ? -value : value), scale: 0 };
  }
  const end = endOfString(cursor);
  return end < 0 ? undefined : amounts.get(cursor, from, end);
}

/** Steps over a string without an escape. Returns the position of the closing quote; -1 where there is no such string. */
function endOfString(cursor: Cursor): number {
  const { bytes, at } = cursor;
  if (bytes[at] !== quote) return -1;
  const end = stringStop(bytes, at + 1);
  if (bytes[end] !== quote) return -1;
  cursor.at = end + 1;
  return end;
}

/** Steps over a string, a number or a word that nobody reads. */
export function stepOver(cursor: Cursor): true | undefined {
  const first = cursor.bytes[cursor.at];
  if (first === objectStart || first === listStart) return undefined;
  const end = hop(cursor.bytes, cursor.at);
  if (end < 0) return undefined;
  cursor.at = end;
  return true;
}

/** `true` or `false`. */
export function readFlag(cursor: Cursor): boolean | undefined {
  const { bytes, at } = cursor;
  const yes = standsAt(trueBytes, bytes, at);
  if (!yes && !standsAt(falseBytes, bytes, at)) return undefined;
  cursor.at = at + (yes ? trueBytes.length : falseBytes.length);
  return yes;
}

/** A reader of one of the given words. */
export function wordReader(words: readonly string[]): ValueReader {
  const readIndex = wordIndexReader(words);
  return (cursor) => words[readIndex(cursor) ?? words.length];
}

/** A reader of the index of one of the given words. */
export function wordIndexReader(among: readonly string[]): (cursor: Cursor) => number | undefined {
  const words = new Words(among);
  return (cursor) => {
    const from = cursor.at;
    const end = endOfString(cursor);
    const index = end < 0 ? -1 : words.find(cursor, from, end);
    return index < 0 ? undefined : index;
  };
}

/** The most digits of a whole number that are safe whatever they are. */
const safeDigits = 15;

/** A reader of a whole number of at least so much, written in digits alone. */
export function wholeReader(least: number): ValueReader {
  return (cursor) => {
    const { bytes } = cursor;
    const from = cursor.at;
    let at = from;
    let value = 0;
    for (let digit = (bytes[at] as number) - zero; digit >>> 0 <= 9; digit = (bytes[at] as number) - zero) {
      value = value * 10 + digit;
      at += 1;
    }
    const digits = at - from;
    if (digits === 0 || digits > safeDigits || (digits > 1 && bytes[from] === zero)) return undefined;
    cursor.at = at;
    return value >= least ? value : undefined;
  };
}

const readCount = wholeReader(0);

/** The most digits of which 32 bits hold any. */
const fewDigits = 9;

/** The powers of ten that a double holds exactly. */
const powers = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/**
 * A finite number. Digits that make a safe integer, divided by a power of ten that is exact, are rounded once, and so are
 * what JSON.parse makes of them; all others are handed on as a text.
 */
export function readNumber(cursor: Cursor): number | undefined {
  const { bytes, at: start } = cursor;
  const negative = bytes[start] === minus;
  const from = negative ? start + 1 : start;
  let at = from;
  let head = 0;
  // As long as they are sure to be few enough, in whole numbers of 32 bits: most numbers are times.
  const few = from + fewDigits;
  for (let digit = (bytes[at] as number) - zero; digit >>> 0 <= 9 && at < few; digit = (bytes[at] as number) - zero) {
    head = Math.imul(head, 10) + digit;
    at += 1;
  }
  let units = head;
  for (let digit = (bytes[at] as number) - zero; digit >>> 0 <= 9; digit = (bytes[at] as number) - zero) {
    units = units * 10 + digit;
    at += 1;
  }
  const whole = at;
  if (whole === from || (whole - from > 1 && bytes[from] === zero)) return undefined;
  if (bytes[at] === point) {
    at += 1;
    for (let digit = (bytes[at] as number) - zero; digit >>> 0 <= 9; digit = (bytes[at] as number) - zero) {
      units = units * 10 + digit;
      at += 1;
    }
    if (at === whole + 1) return undefined;
  }
  const decimals = at === whole ? 0 : at - whole - 1;
  const exponent = bytes[at];
  if (exponent === lowerE || exponent === upperE || units > Number.MAX_SAFE_INTEGER || decimals >= powers.length) {
    return readAnyNumber(cursor);
  }
  cursor.at = at;
  const value = decimals === 0 ? units : units / (powers[decimals] as number);
  return negative ? -value : value;
}

function readAnyNumber(cursor: Cursor): number | undefined {
  const { bytes, at } = cursor;
  const end = hopNumber(bytes, at);
  if (end < 0) return undefined;
  cursor.at = end;
  const value = Number(bytes.toString('latin1', at, end));
  return Number.isFinite(value) ? value : undefined;
}
