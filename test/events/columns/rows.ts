import { type Amount, formatAmount, parseAmount } from '../../../src/base/amount.ts';
import type { ColumnBatch } from '../../../src/events/columns/column-batch.ts';
import { encodeText, textAt, textHeader, wordsOf } from '../../../src/events/columns/texts.ts';
import { type ColumnPlan, cell, planColumns, type WantedType, type Wants } from '../../../src/events/columns/wants.ts';
import type { LoggedEvent, Problem } from '../../../src/events/event.ts';
import type { Field, Form } from '../../../src/events/field.ts';
import { eventTypes } from '../../../src/events/types/index.ts';

/** A line as rows and events both know it: what every line says, and those of its own fields that are wanted. */
interface Row {
  readonly type: string;
  readonly line: number;
  readonly seq: number;
  readonly incarnation: number;
  readonly device: string;
  readonly identity: string;
  readonly run: string | undefined;
  readonly time: number | null;
  readonly stream: string | undefined;
  /** The wanted fields by name; the event itself where all of it is wanted. */
  readonly fields: unknown;
}

/** What was read of a file, in rows. */
export interface Rows {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
  readonly skipped: number;
  readonly bytes: number;
}

/** Every field of every event type that fits a column. */
export const everything: ColumnPlan = planColumns(
  Object.fromEntries(
    eventTypes.map(({ name, fields }) => [
      name,
      ['opId', ...Object.entries<Field<unknown, never>>(fields).flatMap(([key, { form }]) => (form ? [key] : []))],
    ]),
  ) as Wants,
);

/** The rows that events would make: the measure of all others. */
export function rowsOf(
  batches: readonly {
    readonly events: readonly LoggedEvent[];
    readonly problems: readonly Problem[];
    readonly skipped: number;
    readonly bytes: number;
  }[],
  plan: ColumnPlan,
): Rows {
  return {
    rows: batches.flatMap(({ events }) => events.map((event) => rowOf(event, plan))),
    problems: batches.flatMap(({ problems }) => problems),
    skipped: batches.reduce((sum, { skipped }) => sum + skipped, 0),
    bytes: batches.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Reads batches back into rows, each before the next one is asked for. */
export async function decodeAll(batches: AsyncIterable<ColumnBatch>, plan: ColumnPlan): Promise<Rows> {
  const all: Rows[] = [];
  for await (const batch of batches) {
    const { problems, skipped, bytes } = batch;
    all.push({ rows: decodeRows(batch, plan), problems, skipped, bytes });
  }
  return {
    rows: all.flatMap(({ rows }) => rows),
    problems: all.flatMap(({ problems }) => problems),
    skipped: all.reduce((sum, { skipped }) => sum + skipped, 0),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

/** Reads the rows of one batch back. */
function decodeRows(batch: ColumnBatch, plan: ColumnPlan): Row[] {
  return Array.from({ length: batch.rows }, (_, row) => decodeRow(batch, row, plan));
}

function decodeRow(batch: ColumnBatch, row: number, plan: ColumnPlan): Row {
  const cells = batch.cells.subarray(row * plan.width, (row + 1) * plan.width);
  const kind = cells[cell.kind] as number;
  const line = batch.lineOffset + (cells[cell.line] as number);
  const writer = batch.writers[cells[cell.writer] as number];
  const milliseconds = batch.times[row] as number;
  const time = Number.isNaN(milliseconds) ? null : milliseconds;
  if (kind < 0) {
    const event = batch.events[-1 - kind] as LoggedEvent;
    // What its own cells say of it must agree, too.
    return { ...rowOf(event, plan), line, ...(writer as NonNullable<typeof writer>), time };
  }
  const wanted = plan.types[kind] as WantedType;
  const fields = wanted.fields.map(({ name, form, cell: at }) => [name, decode(cells[at] as number, form, batch)]);
  return {
    ...{ type: wanted.name, line, seq: cells[cell.seq] as number, incarnation: cells[cell.incarnation] as number },
    ...(writer as NonNullable<typeof writer>),
    ...{ time, stream: undefined, fields: Object.fromEntries(fields) },
  };
}

function rowOf(event: LoggedEvent, plan: ColumnPlan): Row {
  const { type, line, seq, incarnation, device, identity, run, time, stream } = event;
  const kind = plan.kinds.get(type);
  const wanted = kind === undefined ? undefined : plan.types[kind];
  const values = event as unknown as Readonly<Record<string, unknown>>;
  const fields = wanted?.fields.map(({ name, form }) => [name, canonical(values[name], form)]);
  return {
    ...{ type, line, seq, incarnation, device, identity, run, time, stream },
    fields: wanted === undefined || wanted.whole ? event : Object.fromEntries(fields ?? []),
  };
}

/** A value as a row can tell it: a whole number that is 0 and one that is absent are alike, and so are amounts of one worth. */
function canonical(value: unknown, { kind, ...form }: Form): unknown {
  if (kind === 'whole') return value || undefined;
  if (value === undefined) return undefined;
  if (kind === 'amount') return formatAmount(value as Amount);
  if (kind === 'list') return (value as unknown[]).map((item) => canonicalItem(item, (form as ItemForm).item));
  return value;
}

type ItemForm = { readonly item: Field<unknown, never> };

function canonicalItem(item: unknown, { form }: Field<unknown, never>): unknown {
  if (form?.kind !== 'shape') return canonical(item, form as Form);
  const parts = Object.entries(form.fields).map(([name, field]) => {
    return [name, canonical((item as Record<string, unknown>)[name], field.form as Form)];
  });
  return Object.fromEntries(parts);
}

/** What a cell stands for. */
function decode(value: number, form: Form, batch: ColumnBatch): unknown {
  const { words, wordCount, numbers } = batch;
  if (value === 0) return undefined;
  switch (form.kind) {
    case 'string':
      return checkedText(words, value, wordCount);
    case 'amount':
      return formatAmount(parseAmount(checkedText(words, value, wordCount)) as Amount);
    case 'whole':
      return value;
    case 'words':
      return form.words[value - 1];
    case 'flag':
      return value === 2;
    case 'number':
      return numbers[value];
    case 'list':
      return decodeList(value, form.item, batch);
    case 'shape':
    case 'table':
      throw new Error(`a ${form.kind} in a cell`);
  }
}

function decodeList(at: number, { form }: Field<unknown, never>, batch: ColumnBatch): unknown[] {
  const names = form?.kind === 'shape' ? Object.keys(form.fields) : [];
  const width = Math.max(names.length, 1);
  return Array.from({ length: batch.words[at] as number }, (_, index) => {
    const first = at + 1 + index * width;
    if (form?.kind !== 'shape') return decode(batch.words[first] as number, form as Form, batch);
    const parts = names.map((name, part) => {
      const item = form.fields[name]?.form as Form;
      return [name, decode(batch.words[first + part] as number, item, batch)];
    });
    return Object.fromEntries(parts);
  });
}

/** A text that stands there word for word as everybody writes it, with its hash: who compares two makes no string of them. */
function checkedText(words: Int32Array, at: number, wordCount: number): string {
  const text = textAt(words, at);
  const length = textHeader + wordsOf(words[at + 1] as number);
  const expected = encodeText(text);
  const found = words.subarray(at, at + length);
  if (Buffer.compare(Buffer.from(expected.buffer), Buffer.from(new Int32Array(found).buffer)) !== 0) {
    throw new Error(`a text that nobody finds: ${JSON.stringify(text)}`);
  }
  if (at + length > wordCount) throw new Error('a text behind the end of the batch');
  return text;
}
