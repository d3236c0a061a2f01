import type { ColumnWriter } from '../../columns/column-writer.ts';
import { beginHash, endHash, hashWord, textHeader } from '../../columns/texts.ts';
import type { Field, Form } from '../../field.ts';
import { byte, stringStop } from './bytes.ts';
import { behindMember, type Cursor, intoMembers, type ValueReader } from './cursor.ts';
import { Members } from './members.ts';
import { readFlag, readNumber, wordIndexReader } from './scalars.ts';
import { memberOf, refuse } from './value-reader.ts';
import { Words } from './words.ts';

const { listEnd, listStart, minus, objectEnd, objectStart, point, quote, zero } = byte;

/** How many digits a cell holds, whatever they are. */
const surelyCell = 9;

/** Makes of a field's form what reads it from bytes into a cell, as `ColumnWriter` would write it; only what is plainly so. */
export function cellReader(form: Form, writer: ColumnWriter): ValueReader {
  switch (form.kind) {
    case 'string':
      return textReader(writer);
    case 'amount':
      return (cursor) => {
        writer.reserve(mostTextWords);
        return cellValue(storeAmount(cursor, writer));
      };
    case 'whole':
      return (cursor) => cellValue(readCell(cursor, form.least));
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

/** Reads a whole number of at least so much that fits a cell; -1 where there is none, or one of more digits than are sure to fit. */
export function readCell(cursor: Cursor, least: number): number {
  const { bytes, at: from } = cursor;
  let at = from;
  let value = 0;
  for (let digit = (bytes[at] as number) - zero; digit >>> 0 <= 9; digit = (bytes[at] as number) - zero) {
    value = (Math.imul(value, 10) + digit) | 0;
    at += 1;
  }
  const digits = at - from;
  if (digits === 0 || digits > surelyCell || (digits > 1 && bytes[from] === zero) || value < least) return -1;
  cursor.at = at;
  return value;
}

function cellValue(value: number): number | undefined {
  return value < 0 ? undefined : value;
}

function plusOne(value: number | undefined): number | undefined {
  return value === undefined || Number.isNaN(value) ? undefined : value + 1;
}

/** A reader of a text that stands in the writer's words. */
export function textReader(writer: ColumnWriter): (cursor: Cursor) => number | undefined {
  return (cursor) => {
    writer.reserve(mostTextWords);
    return cellValue(storeText(cursor, writer));
  };
}

/** The longest text that goes the fast way, in words; ids and names are shorter. */
const longestWords = 64;

/** How many words must be free where a text is stored. */
export const mostTextWords = textHeader + longestWords + 1;

/** Copies a string without an escape, that is not empty, to the writer's words. Returns where it stands there; -1 where it is none such. */
export function storeText(cursor: Cursor, writer: ColumnWriter): number {
  const { bytes, view } = cursor;
  const { words, next: place } = writer;
  const from = cursor.at + 1;
  if (bytes[from - 1] !== quote) return -1;
  const last = cursor.end - 4;
  const end = place + textHeader + longestWords;
  let hash = beginHash();
  let at = from;
  let to = place + textHeader;
  let word = at <= last ? view.getInt32(at, true) : lastWord(bytes, at);
  let stops = stopsIn(word);
  for (; stops === 0 && to < end; to += 1) {
    words[to] = word;
    hash = hashWord(hash, word);
    at += 4;
    word = at <= last ? view.getInt32(at, true) : lastWord(bytes, at);
    stops = stopsIn(word);
  }
  // The lowest byte that was found is one for sure.
  const shift = (31 - Math.clz32(stops & -stops)) & 0x18;
  if (stops === 0 || ((word >>> shift) & 0xff) !== quote) return -1;
  if (shift > 0) {
    const rest = word & ((1 << shift) - 1);
    words[to] = rest;
    to += 1;
    hash = hashWord(hash, rest);
  }
  const length = at - from + (shift >>> 3);
  if (length === 0) return -1;
  words[place] = endHash(hash, length);
  words[place + 1] = length;
  writer.next = to;
  cursor.at = from + length + 1;
  return place;
}

/** Four bytes of which the last ones are behind the end, and zero. */
function lastWord(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
}

/** Not zero where one of four bytes is a quote, a backslash or a control character: the lowest bit that is set is the highest of the first of them. */
function stopsIn(word: number): number {
  const quotes = word ^ 0x22222222;
  const escapes = word ^ 0x5c5c5c5c;
  return (
    (((quotes - 0x01010101) & ~quotes) | ((escapes - 0x01010101) & ~escapes) | ((word - 0x20202020) & ~word)) &
    0x80808080
  );
}

/** Copies an amount in a string, as a text; -1 where there is none. A number is for the slow lane. */
export function storeAmount(cursor: Cursor, writer: ColumnWriter): number {
  return amountEnd(cursor) < 0 ? -1 : storeText(cursor, writer);
}

/** Steps over a string without an escape of at least so many bytes. */
export function hopText(cursor: Cursor, least: number): boolean {
  const { bytes, at } = cursor;
  if (bytes[at] !== quote) return false;
  const end = stringStop(bytes, at + 1);
  if (bytes[end] !== quote || end - at - 1 < least) return false;
  cursor.at = end + 1;
  return true;
}

/** Steps over an amount in a string. */
export function hopAmount(cursor: Cursor): true | undefined {
  const end = amountEnd(cursor);
  if (end < 0) return undefined;
  cursor.at = end;
  return true;
}

/** The most digits that an amount is sure to be allowed. */
const safeDigits = 78;

/** The position behind an amount in a string; -1 where there is none. */
function amountEnd({ bytes, at: start }: Cursor): number {
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
  const members = new Members(new Words(Object.keys(fields)));
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
