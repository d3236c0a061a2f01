import type { ColumnWriter } from '../../columns/column-writer.ts';
import { beginHash, endHash, hashWord, textHeader } from '../../columns/texts.ts';
import type { Field, Form } from '../../field.ts';
import { byte, stringStop } from './bytes.ts';
import { behindMember, type Cursor, intoMembers, type ValueReader } from './cursor.ts';
import { Members } from './members.ts';
import { readAmount, readFlag, readNumber, readString, readText, wholeReader, wordIndexReader } from './scalars.ts';
import { memberOf, refuse } from './value-reader.ts';

const { listEnd, listStart, minus, objectEnd, objectStart, point, quote, zero } = byte;

/** The most that a cell holds. */
const largestCell = 0x7fffffff;

/** Makes of a field's form what reads it from bytes into a cell, as `ColumnWriter` would write it; only what is plainly so. */
export function cellReader(form: Form, writer: ColumnWriter): ValueReader {
  switch (form.kind) {
    case 'string':
      return textReader(writer);
    case 'amount': {
      const read = textReader(writer);
      return (cursor) => (checkAmountAt(cursor) < 0 ? undefined : read(cursor));
    }
    case 'whole':
      return wholeCellReader(form.least);
    case 'words': {
      const readIndex = wordIndexReader(form.words);
      return (cursor) => plusOne(readIndex(cursor));
    }
    case 'flag':
      return (cursor) => plusOne(Number(readFlag(cursor) ?? Number.NaN));
    case 'number':
      return (cursor) => {
        const value = readNumber(cursor);
        return value === undefined ? undefined : writer.number(value);
      };
    case 'list':
      return listReader(form.item, writer);
    case 'shape':
    case 'table':
      return refuse;
  }
}

/** Makes of a reader what finds fault with the same values, and keeps nothing of them. */
export function checking(reader: ValueReader): ValueReader {
  if (reader === readText) return (cursor) => checkString(cursor, 1);
  if (reader === readString) return (cursor) => checkString(cursor, 0);
  if (reader === readAmount) return checkAmount;
  return reader;
}

/** A reader of a whole number that fits a cell. */
export function wholeCellReader(least: number): ValueReader {
  const read = wholeReader(least);
  return (cursor) => {
    const value = read(cursor) as number | undefined;
    return value !== undefined && value <= largestCell ? value : undefined;
  };
}

function plusOne(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value + 1;
}

/** A reader of a text that stands in the writer's words. */
export function textReader(writer: ColumnWriter): (cursor: Cursor) => number | undefined {
  return (cursor) => {
    const place = storeText(cursor, writer);
    if (place !== undefined) cursor.at += (writer.words[place + 1] as number) + 2;
    return place;
  };
}

/** The longest text that goes the fast way, in words; ids and names are shorter. */
const longestWords = 64;

/** Copies a string without an escape, that is not empty, to the writer's words. Returns where it stands there; the cursor stays. */
function storeText({ bytes, view, at: start }: Cursor, writer: ColumnWriter): number | undefined {
  if (bytes[start] !== quote) return undefined;
  writer.reserve(textHeader + longestWords + 1);
  const { words, next: place } = writer;
  const from = start + 1;
  const last = Math.min(view.byteLength - 4, from + 4 * longestWords);
  let hash = beginHash();
  let at = from;
  let to = place + textHeader;
  for (; at <= last; at += 4, to += 1) {
    const word = view.getInt32(at, true);
    if (hasStop(word) !== 0) break;
    words[to] = word;
    hash = hashWord(hash, word);
  }
  const end = stringStop(bytes, at);
  const rest = end - at;
  // Where the bytes end, or the text is long, there are more left than a word.
  if (bytes[end] !== quote || end === from || rest > 3) return undefined;
  if (rest > 0) {
    const word =
      (bytes[at] as number) |
      (rest > 1 ? (bytes[at + 1] as number) << 8 : 0) |
      (rest > 2 ? (bytes[at + 2] as number) << 16 : 0);
    words[to] = word;
    to += 1;
    hash = hashWord(hash, word);
  }
  words[place] = endHash(hash, end - from);
  words[place + 1] = end - from;
  writer.next = to;
  return place;
}

/** Not zero where one of four bytes is a quote, a backslash or a control character. */
function hasStop(word: number): number {
  const quotes = word ^ 0x22222222;
  const escapes = word ^ 0x5c5c5c5c;
  return (
    (((quotes - 0x01010101) & ~quotes) | ((escapes - 0x01010101) & ~escapes) | ((word - 0x20202020) & ~word)) &
    0x80808080
  );
}

/** Steps over a string without an escape of at least so many bytes. */
function checkString(cursor: Cursor, least: number): true | undefined {
  const { bytes, at } = cursor;
  if (bytes[at] !== quote) return undefined;
  const end = stringStop(bytes, at + 1);
  if (bytes[end] !== quote || end - at - 1 < least) return undefined;
  cursor.at = end + 1;
  return true;
}

/** Steps over an amount in a string; a number is for the slow lane. */
function checkAmount(cursor: Cursor): true | undefined {
  const end = checkAmountAt(cursor);
  if (end < 0) return undefined;
  cursor.at = end;
  return true;
}

/** The most digits that an amount is sure to be allowed. */
const safeDigits = 78;

/** The position behind an amount in a string; -1 where there is none. */
function checkAmountAt({ bytes, at: start }: Cursor): number {
  if (bytes[start] !== quote) return -1;
  const from = bytes[start + 1] === minus ? start + 2 : start + 1;
  let at = digitsFrom(bytes, from);
  if (at === from || (bytes[from] === zero && at > from + 1)) return -1;
  if (bytes[at] === point) {
    const decimals = digitsFrom(bytes, at + 1);
    if (decimals === at + 1) return -1;
    at = decimals;
  }
  return bytes[at] === quote && at - from <= safeDigits ? at + 1 : -1;
}

function digitsFrom(bytes: Uint8Array, from: number): number {
  let at = from;
  while (((bytes[at] as number) - zero) >>> 0 <= 9) at += 1;
  return at;
}

/** Lists are short and rare; what is gathered of one is put down at its end, behind the texts in it. */
function listReader({ form }: Field<unknown, never>, writer: ColumnWriter): ValueReader {
  if (form === undefined) return refuse;
  const items: number[] = [];
  const readItem = form.kind === 'shape' ? shapeInto(items, form, writer) : scalarInto(items, form, writer);
  return (cursor) => {
    items.length = 1;
    let count = 0;
    let next = intoMembers(cursor, listStart, listEnd);
    while (next === 'more') {
      if (!readItem(cursor)) return undefined;
      count += 1;
      next = behindMember(cursor, listEnd);
    }
    if (next !== 'end') return undefined;
    items[0] = count;
    return writer.append(items);
  };
}

function scalarInto(items: number[], form: Form, writer: ColumnWriter): (cursor: Cursor) => boolean {
  const read = cellReader(form, writer);
  return (cursor) => {
    const value = read(cursor) as number | undefined;
    if (value !== undefined) items.push(value);
    return value !== undefined;
  };
}

function shapeInto(items: number[], { fields }: Form & { kind: 'shape' }, writer: ColumnWriter) {
  const members = new Members(Object.keys(fields));
  const own = Object.values(fields).map((field) => ({
    ...memberOf(field),
    reader: field.form ? cellReader(field.form, writer) : refuse,
  }));
  const required = Object.values(fields).map(({ optional }) => !optional);
  return (cursor: Cursor): boolean => {
    members.begin();
    let next = intoMembers(cursor, objectStart, objectEnd);
    while (next === 'more') {
      if (!members.read(cursor, own)) return false;
      next = behindMember(cursor, objectEnd);
    }
    if (next !== 'end') return false;
    for (let index = 0; index < required.length; index += 1) {
      const value = members.values[index] as number | undefined;
      if (value === undefined && required[index]) return false;
      items.push(value ?? 0);
    }
    return true;
  };
}
