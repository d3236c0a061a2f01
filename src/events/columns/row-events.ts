import { parseAmount } from '../../base/amount.ts';
import { eventHeader } from '../decode.ts';
import type { LoggedEvent } from '../event.ts';
import type { Fields, Form } from '../field.ts';
import type { ColumnBatch, Writer } from './column-batch.ts';
import { isConstant } from './column-writer.ts';
import { Names } from './names.ts';
import { textAt } from './texts.ts';
import { type ColumnPlan, cell, type Wants } from './wants.ts';

/** A field of an event, and where its value stands in a row. */
interface RowField {
  readonly name: string;
  readonly cell: number;
  readonly form: Form;
}

/** How long a text is at most that may be a word of the log's own, and how many of these are kept. */
const shortBytes = 12;
const mostWords = 1024;

/** Makes events of rows again, for those who want few of them: with the fields that they name, and no others. */
export class RowEvents {
  readonly #plan: ColumnPlan;
  /** By kind; `undefined` for a type of which nothing is named. */
  readonly #fields: readonly (readonly RowField[] | undefined)[];
  readonly #opIds: readonly (number | undefined)[];
  readonly #words = new Names();
  readonly #strings: string[] = [];
  /** By the writers of a file: its texts that stand at the same place in every batch. */
  readonly #constants = new WeakMap<readonly Writer[], Map<number, string>>();

  /** `wants`: what is named, of the fields that the plan lays out. */
  constructor(plan: ColumnPlan, wants: Wants) {
    this.#plan = plan;
    this.#fields = plan.types.map(({ name, fields }) => {
      const named = wants[name];
      return named === 'whole'
        ? undefined
        : named && fields.filter((field) => field.name !== 'opId' && named.includes(field.name));
    });
    this.#opIds = plan.types.map(({ fields }) => fields.find(({ name }) => name === 'opId')?.cell);
  }

  /** Whether events of this kind are made at all. */
  makes(kind: number): boolean {
    return this.#fields[kind] !== undefined;
  }

  /** The event of a row that was not handed over whole. `identity`: the device's, whatever its lines say. */
  event(batch: ColumnBatch, row: number, identity: string): LoggedEvent {
    const { cells, times, writers, file, lineOffset } = batch;
    const base = row * this.#plan.width;
    const kind = cells[base + cell.kind] as number;
    const { device, run } = writers[cells[base + cell.writer] as number] as Writer;
    const time = times[row] as number;
    const opId = this.#opIds[kind];
    const event = eventHeader(
      (this.#plan.types[kind] as ColumnPlan['types'][number]).name,
      device,
      identity,
      cells[base + cell.incarnation] as number,
      cells[base + cell.seq] as number,
      Number.isNaN(time) ? null : time,
      opId === undefined ? undefined : this.#text(batch, cells[base + opId] as number),
      run,
      undefined,
      file,
      lineOffset + (cells[base + cell.line] as number),
      undefined,
    ) as unknown as Record<string, unknown>;
    for (const { name, cell: at, form } of this.#fields[kind] ?? []) {
      event[name] = this.#decode(batch, cells[base + at] as number, form);
    }
    return event as unknown as LoggedEvent;
  }

  #decode(batch: ColumnBatch, value: number, form: Form): unknown {
    if (form.kind === 'whole') return value;
    if (value === 0) return undefined;
    switch (form.kind) {
      case 'string':
        return this.#text(batch, value);
      case 'amount':
        return parseAmount(this.#text(batch, value) ?? '');
      case 'words':
        return form.words[value - 1];
      case 'flag':
        return value === 2;
      case 'number':
        return batch.numbers[value];
      case 'list': {
        const { form: item } = form.item;
        if (item === undefined) throw new Error('a list whose items have no form is handed over whole');
        return item.kind === 'shape' ? this.#shapes(batch, value, item.fields) : this.#items(batch, value, item);
      }
      case 'shape':
      case 'table':
        throw new Error(`a ${form.kind} is handed over whole`);
    }
  }

  #items(batch: ColumnBatch, at: number, form: Form): unknown[] {
    const count = batch.words[at] as number;
    return Array.from({ length: count }, (_, index) =>
      this.#decode(batch, batch.words[at + 1 + index] as number, form),
    );
  }

  #shapes(batch: ColumnBatch, at: number, fields: Fields): unknown[] {
    const parts = Object.entries(fields);
    const count = batch.words[at] as number;
    return Array.from({ length: count }, (_, index) => {
      const shape: Record<string, unknown> = {};
      for (const [place, [name, { form }]] of parts.entries()) {
        const value = form && this.#decode(batch, batch.words[at + 1 + index * parts.length + place] as number, form);
        if (value !== undefined) shape[name] = value;
      }
      return shape;
    });
  }

  #text({ words, writers }: ColumnBatch, at: number): string | undefined {
    if (at === 0) return undefined;
    if (!isConstant(at)) return (words[at + 1] as number) <= shortBytes ? this.#word(words, at) : textAt(words, at);
    let constants = this.#constants.get(writers);
    if (constants === undefined) {
      constants = new Map();
      this.#constants.set(writers, constants);
    }
    let text = constants.get(at);
    if (text === undefined) {
      text = textAt(words, at);
      constants.set(at, text);
    }
    return text;
  }

  /** Words such as kinds recur without being the same in all lines. The same string for all of them is found faster by whoever counts by it. */
  #word(words: Int32Array, at: number): string {
    const known = this.#words.find(words, at);
    if (known >= 0) return this.#strings[known] as string;
    const text = textAt(words, at);
    if (this.#words.size < mostWords) this.#strings[this.#words.add(words, at)] = text;
    return text;
  }
}
