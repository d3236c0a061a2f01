import { byte, skipBlanks } from './bytes.ts';

const { colon, comma } = byte;

/** Where a line is being read. The bytes end with a line end, so that whoever stops at one never reads past them. */
export interface Cursor {
  bytes: Buffer;
  /** The same bytes, for reading several at once. */
  view: DataView;
  /** How many bytes there are. */
  end: number;
  at: number;
  /** Whether an amount on this line is a JSON number. */
  numericAmount: boolean;
  /** Whether a member was stepped over that pino does not write of itself: who knows what is in it. */
  strange: boolean;
}

/** A cursor over nothing. */
export function newCursor(): Cursor {
  const bytes = Buffer.alloc(0);
  return { bytes, view: new DataView(bytes.buffer), end: 0, at: 0, numericAmount: false, strange: false };
}

/** Sets a cursor over other bytes. */
export function pointAt(cursor: Cursor, bytes: Buffer): void {
  cursor.bytes = bytes;
  cursor.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  cursor.end = bytes.length;
}

/**
 * Reads a JSON value where the cursor stands, and leaves it behind the value. `undefined`: the value is not plainly one that
 * fits; the line then goes through JSON.parse, whatever else is known of it.
 */
export type ValueReader = (cursor: Cursor) => unknown;

/** Steps over a colon and what is blank around it. */
export function toValue(cursor: Cursor, from: number): boolean {
  const { bytes } = cursor;
  const at = skipBlanks(bytes, from);
  if (bytes[at] !== colon) return false;
  cursor.at = skipBlanks(bytes, at + 1);
  return true;
}

/** What stands behind a part of an object or a list: another member, or the end of it. */
export type Next = 'more' | 'end' | undefined;

/** Steps over a comma behind a member, or over the end of the object or list. */
export function behindMember(cursor: Cursor, closing: number): Next {
  const { bytes } = cursor;
  const at = skipBlanks(bytes, cursor.at);
  const found = bytes[at];
  if (found === comma) {
    cursor.at = skipBlanks(bytes, at + 1);
    return 'more';
  }
  if (found !== closing) return undefined;
  cursor.at = at + 1;
  return 'end';
}

/** Steps over the beginning of an object or a list, and over its end if nothing is in it. */
export function intoMembers(cursor: Cursor, opening: number, closing: number): Next {
  const { bytes } = cursor;
  if (bytes[cursor.at] !== opening) return undefined;
  cursor.at = skipBlanks(bytes, cursor.at + 1);
  if (bytes[cursor.at] !== closing) return 'more';
  cursor.at += 1;
  return 'end';
}
