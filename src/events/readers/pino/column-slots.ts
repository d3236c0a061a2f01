import type { ColumnWriter } from '../../columns/column-writer.ts';
import { cell, type WantedType } from '../../columns/wants.ts';
import type { Form } from '../../field.ts';
import { cellReader, hopAmount, textReader } from './column-values.ts';
import type { ValueReader } from './cursor.ts';
import { type EventPlan, header, lineKeys } from './event-plan.ts';
import { type Member, stranger } from './members.ts';
import { stepOverAny } from './pattern.ts';
import { readAmount, readNumber, readString, readText } from './scalars.ts';

/** What becomes of a slot's value: it goes into a cell, is the line's time, names its writer, or is of no account. */
export const into = { cell: 0, time: 1, device: 2, identity: 3, run: 4, nothing: 5 } as const;

/**
 * How a slot is read. The ways that are taken most often have a number, by which the loop over a line calls what reads it itself: to call
 * whatever stands in a slot costs as much as reading it.
 */
export const way = { other: 0, text: 1, amount: 2, whole: 3, hop: 4 } as const;

/** A place on the lines of a template at which values vary. */
export interface Slot {
  readonly into: number;
  /** The cell that it goes into. */
  readonly cell: number;
  readonly way: number;
  /** The least that a whole number may be, and the fewest bytes that a string may have that is stepped over. */
  readonly least: number;
  /** What stands there, where it is the value of a field. */
  readonly form?: Form | undefined;
  /** What reads it where its way has no number; also as a first slot. */
  readonly read: ValueReader;
}

/** The slot of a member, by its key, on lines of a type. */
export function slotOf(key: number, plan: EventPlan, wanted: WantedType, writer: ColumnWriter): Slot {
  const field = wanted.fields.find(({ name }) => name === lineKeys[key]);
  if (field) {
    const { form } = field;
    const read = cellReader(form, writer);
    const least = form.kind === 'whole' ? form.least : 0;
    return { into: into.cell, cell: field.cell, way: ways[form.kind] ?? way.other, least, form, read };
  }
  switch (key) {
    case header.seq:
      return { into: into.cell, cell: cell.seq, ...readOrdinal(writer) };
    case header.incarnation:
      return { into: into.cell, cell: cell.incarnation, ...readOrdinal(writer) };
    case header.time:
      return { into: into.time, cell: 0, way: way.other, least: 0, read: readNumber };
    case header.device:
    case header.identity:
    case header.run:
      return { into: names[key] as number, cell: 0, way: way.other, least: 0, read: textReader(writer) };
    default:
      return { into: into.nothing, cell: 0, ...hopping(plan.members[key]) };
  }
}

/** By the forms of fields. */
const ways: Readonly<Record<string, number>> = { string: way.text, amount: way.amount, whole: way.whole };

const names: Readonly<Record<number, number>> = {
  [header.device]: into.device,
  [header.identity]: into.identity,
  [header.run]: into.run,
};

function readOrdinal(writer: ColumnWriter): Pick<Slot, 'way' | 'least' | 'read'> {
  return { way: way.whole, least: 1, read: cellReader({ kind: 'whole', least: 1 }, writer) };
}

/** Makes of a reader what finds fault with the same values, and keeps nothing of them. */
function hopping({ reader, form }: Member = stranger): Pick<Slot, 'way' | 'least' | 'form' | 'read'> {
  if (reader === readText) return { way: way.hop, least: 1, read: reader };
  if (reader === readString) return { way: way.hop, least: 0, read: reader };
  return { way: way.other, least: 0, form, read: reader === readAmount ? hopAmount : (reader ?? stepOverAny) };
}
