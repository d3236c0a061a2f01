import type { Field, Fields } from '../../field.ts';
import { byte } from './bytes.ts';
import { behindMember, intoMembers, toValue, type ValueReader } from './cursor.ts';
import { type Member, Members } from './members.ts';
import { readAmount, readFlag, readNumber, readString, readText, wholeReader, wordReader } from './scalars.ts';
import { Words } from './words.ts';

const { listEnd, listStart, objectEnd, objectStart } = byte;

/** Makes of a field's form what reads it from bytes; a field without a form is never read from bytes. */
function valueReader({ form }: Field<unknown, never>): ValueReader {
  switch (form?.kind) {
    case 'string':
      return readText;
    case 'flag':
      return readFlag;
    case 'number':
      return readNumber;
    case 'amount':
      return readAmount;
    case 'whole':
      return wholeReader(form.least);
    case 'words':
      return wordReader(form.words);
    case 'list':
      return listReader(valueReader(form.item));
    case 'table':
      return tableReader(valueReader(form.item));
    case 'shape':
      return shapeReader(form.fields);
    case undefined:
      return refuse;
  }
}

/** Reads nothing: where a value stands here, the line goes through JSON.parse. */
export function refuse(): undefined {
  return undefined;
}

function listReader(readItem: ValueReader): ValueReader {
  return (cursor) => {
    const items: unknown[] = [];
    let next = intoMembers(cursor, listStart, listEnd);
    while (next === 'more') {
      const item = readItem(cursor);
      if (item === undefined) return undefined;
      items.push(item);
      next = behindMember(cursor, listEnd);
    }
    return next === 'end' ? items : undefined;
  };
}

function tableReader(readItem: ValueReader): ValueReader {
  return (cursor) => {
    // A key that stands there twice keeps its first place and takes its last value, as with JSON.parse.
    const items: Record<string, unknown> = Object.create(null);
    let next = intoMembers(cursor, objectStart, objectEnd);
    while (next === 'more') {
      const key = readString(cursor);
      if (key === undefined || !toValue(cursor, cursor.at)) return undefined;
      const item = readItem(cursor);
      if (item === undefined) return undefined;
      items[key] = item;
      next = behindMember(cursor, objectEnd);
    }
    return next === 'end' ? items : undefined;
  };
}

function shapeReader(fields: Fields): ValueReader {
  const names = Object.keys(fields);
  const required = Object.values(fields).map(({ optional }) => !optional);
  const own = Object.values(fields).map(memberOf);
  const members = new Members(new Words(names));
  return (cursor) => {
    members.begin();
    let next = intoMembers(cursor, objectStart, objectEnd);
    while (next === 'more') {
      if (!members.read(cursor, own)) return undefined;
      next = behindMember(cursor, objectEnd);
    }
    if (next !== 'end') return undefined;
    const shape: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index += 1) {
      const value = members.values[index];
      if (value !== undefined) shape[names[index] as string] = value;
      else if (required[index]) return undefined;
    }
    return shape;
  };
}

/** A field as a member of an object. */
export function memberOf(field: Field<unknown, never>): Member {
  return { reader: valueReader(field), nullable: field.optional, form: field.form };
}
