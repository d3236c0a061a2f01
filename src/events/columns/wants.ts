import { type Decoder, decoders } from '../decode.ts';
import type { EventName } from '../event.ts';
import type { Field, Form } from '../field.ts';
import { text } from '../field.ts';

/**
 * What a use case reads of a log: of each event type that it names the fields that it needs, or `whole`, the event as it is.
 * Lines of other types are read just far enough to be sure of them, and counted.
 */
export type Wants = { readonly [Name in EventName]?: readonly string[] | 'whole' };

/** A field that becomes a column. */
export interface WantedField {
  readonly name: string;
  readonly form: Form;
  /** Where its value stands in a row. */
  readonly cell: number;
}

/** How lines of one event type are handed over. */
export interface WantedType {
  readonly name: EventName;
  readonly whole: boolean;
  readonly fields: readonly WantedField[];
}

/** What is wanted, laid out: what writers and readers of columns go by. */
export interface ColumnPlan {
  readonly wants: Wants;
  /** All event types, in the order of the family: a row's kind is an index here. */
  readonly types: readonly WantedType[];
  readonly kinds: ReadonlyMap<string, number>;
  /** How many cells a row has. */
  readonly width: number;
}

/** The cells that every row has. `writer`: an index into the batch's writers. The fields begin at `field`. */
export const cell = { kind: 0, line: 1, seq: 2, incarnation: 3, writer: 4, field: 5 } as const;

/** Lays out what is wanted. Throws where a type has no such field, or none that fits a column. */
export function planColumns(wants: Wants): ColumnPlan {
  const types = [...decoders.values()].map((decoder) => wantedType(decoder, wants[decoder.name]));
  return {
    wants,
    types,
    kinds: new Map(types.map(({ name }, kind) => [name, kind])),
    width: cell.field + Math.max(0, ...types.map(({ fields }) => fields.length)),
  };
}

/** Where a field stands in the rows of its type. Throws where the plan does not lay it out. */
export function cellOf({ kinds, types }: ColumnPlan, type: EventName, name: string): number {
  const field = types[kinds.get(type) as number]?.fields.find((each) => each.name === name);
  if (!field) throw new Error(`${type} is laid out without ${name}`);
  return field.cell;
}

function wantedType({ name, shape }: Decoder, wanted: Wants[EventName] = []): WantedType {
  if (wanted === 'whole') return { name, whole: true, fields: [] };
  const fields = wanted.map((key, index) => {
    const field: Field<unknown, never> | undefined = key === 'opId' ? text : shape[key];
    if (field?.form === undefined) throw new Error(`${name} has no field ${key} that fits a column`);
    return { name: key, form: field.form, cell: cell.field + index };
  });
  return { name, whole: false, fields };
}
