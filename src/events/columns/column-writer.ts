import { type Amount, formatAmount } from '../../base/amount.ts';
import type { LoggedEvent, SourceFile } from '../event.ts';
import type { Field, Form } from '../field.ts';
import type { EventBatch, Place } from '../reader.ts';
import type { ColumnBatch, Writer } from './column-batch.ts';
import { encodeText } from './texts.ts';
import { type ColumnPlan, cell, type WantedField } from './wants.ts';

/** How many words are kept free at the beginning of each batch, for texts that stand in every one at the same place. */
export const constantWords = 4096;
/** Whether a text stands at this place in every batch of its file. */
export function isConstant(at: number): boolean {
  return at < constantWords;
}

/** The most that a cell holds. */
const largestCell = 0x7fffffff;

/** Half of a pair in UTF-16 without the other: UTF-8 has none, so that such texts would all be alike in words. */
export const loneSurrogate = /\p{Surrogate}/u;

/** What a batch is written into. */
export interface ColumnMemory {
  cells: Int32Array;
  times: Float64Array;
  words: Int32Array;
}

/** Memory for some rows; `shared`: which other threads may read. */
export function newMemory({ width }: ColumnPlan, shared: boolean, rows = 2048): ColumnMemory {
  const bytes = (count: number) => (shared ? new SharedArrayBuffer(count) : new ArrayBuffer(count));
  return {
    cells: new Int32Array(bytes(rows * width * 4)),
    times: new Float64Array(bytes(rows * 8)),
    words: new Int32Array(bytes(rows * 32 * 4)),
  };
}

/** Rows that were laid out elsewhere. */
export interface LaidOut {
  readonly rows: number;
  readonly cells: Int32Array;
  readonly times: Float64Array;
  readonly words: Int32Array;
  readonly numbers: Float64Array;
}

/** Writes the rows of one file, batch by batch, into the same memory each time, unless it is given another. */
export class ColumnWriter implements ColumnMemory {
  readonly plan: ColumnPlan;
  cells: Int32Array;
  times: Float64Array;
  words: Int32Array;
  /** Where the next text or list goes. */
  next = constantWords;
  rows = 0;
  readonly #file: SourceFile;
  readonly #writers: Writer[] = [];
  readonly #constants = new Map<string, number>();
  #numbers: number[] = [0];
  #events: LoggedEvent[] = [];
  #constantsEnd = 1;

  constructor(plan: ColumnPlan, file: SourceFile) {
    this.plan = plan;
    this.#file = file;
    const { cells, times, words } = newMemory(plan, false);
    this.cells = cells;
    this.times = times;
    this.words = words;
  }

  /** Writes into other memory from now on. To be called between two batches. */
  use({ cells, times, words }: ColumnMemory): void {
    words.set(this.words.subarray(0, this.#constantsEnd));
    this.cells = cells;
    this.times = times;
    this.words = words;
  }

  /** Makes room for another row. Returns where its cells begin; it counts once `rows` does. */
  beginRow(): number {
    this.#reserveRows(1);
    return this.rows * this.plan.width;
  }

  #reserveRows(count: number): void {
    if (this.rows + count > this.times.length) {
      const room = Math.max(this.rows + count, this.times.length * 2);
      this.times = larger(this.times, room);
      this.cells = larger(this.cells, room * this.plan.width);
    }
  }

  /** Makes room for so many words. */
  reserve(count: number): void {
    if (this.next + count > this.words.length) {
      this.words = larger(this.words, Math.max(this.words.length * 2, this.next + count));
    }
  }

  /** What a cell holds for a value in this batch and in all that follow; `undefined` where it cannot be the same in all of them. */
  constantOf(value: unknown, form: Form): number | undefined {
    if (form.kind === 'string') return this.#constant(value as string);
    if (form.kind === 'amount') return this.#constant(formatAmount(value as Amount));
    return form.kind === 'whole' || form.kind === 'words' || form.kind === 'flag'
      ? this.encode(value, form)
      : undefined;
  }

  #constant(text: string): number | undefined {
    const known = this.#constants.get(text);
    if (known !== undefined) return known;
    if (loneSurrogate.test(text)) return undefined;
    const words = encodeText(text);
    const at = this.#constantsEnd;
    if (at + words.length > constantWords) return undefined;
    this.words.set(words, at);
    this.#constantsEnd += words.length;
    this.#constants.set(text, at);
    return at;
  }

  /** The index of whoever wrote a line. */
  writer(device: string, identity: string, run: string | undefined): number {
    const same = (other: Writer) => other.device === device && other.identity === identity && other.run === run;
    const known = this.#writers.findIndex(same);
    return known < 0 ? this.#writers.push({ device, identity, run }) - 1 : known;
  }

  text(text: string): number {
    return this.append(encodeText(text));
  }

  number(value: number): number {
    return this.#numbers.push(value) - 1;
  }

  /** Puts words together. Returns where they begin. */
  append(words: ArrayLike<number>): number {
    this.reserve(words.length);
    const at = this.next;
    this.words.set(words, at);
    this.next += words.length;
    return at;
  }

  /** Writes an event, also of a type of which nothing is wanted, or one that fits no row: that is handed over whole. */
  event(event: LoggedEvent): void {
    const { type, line, seq, incarnation, device, identity, run, time } = event;
    const base = this.beginRow();
    const kind = this.plan.kinds.get(type);
    const wanted = kind === undefined ? undefined : this.plan.types[kind];
    const values = event as unknown as Readonly<Record<string, unknown>>;
    const whole =
      !wanted || wanted.whole || event.stream !== undefined || seq > largestCell || incarnation > largestCell;
    const fits = !whole && wanted.fields.every((field) => this.#write(base, field, values[field.name]));
    const { cells } = this;
    cells[base + cell.kind] = fits ? (kind as number) : -this.#events.push(event);
    cells[base + cell.line] = line;
    cells[base + cell.seq] = seq;
    cells[base + cell.incarnation] = incarnation;
    cells[base + cell.writer] = this.writer(device, identity, run);
    this.times[this.rows] = time ?? Number.NaN;
    this.rows += 1;
  }

  /** How many numbers there are. */
  get numbers(): number {
    return this.#numbers.length;
  }

  /** Adds rows that were laid out elsewhere, with what they stand for: texts and lists from `next` on, numbers from `numbers` on. */
  add({ rows, cells, times, words, numbers }: LaidOut): void {
    this.#reserveRows(rows);
    this.cells.set(cells, this.rows * this.plan.width);
    this.times.set(times, this.rows);
    this.rows += rows;
    for (const value of numbers) this.#numbers.push(value);
    this.append(words);
  }

  /** What was written since the last batch, with what else was found in these lines; `lines`: how many there were so far; `begins`: where these do. */
  take(
    { problems, skipped, bytes }: Pick<EventBatch, 'problems' | 'skipped' | 'bytes'>,
    lines: number,
    begins: Place,
  ): ColumnBatch {
    const { rows, cells, times, words } = this;
    const batch = {
      ...{
        file: this.#file,
        begins,
        lineOffset: 0,
        lines,
        rows,
        cells,
        times,
        words,
        wordCount: this.next,
        numbers: Float64Array.from(this.#numbers),
      },
      ...{ writers: this.#writers, events: this.#events, problems, skipped, bytes },
    };
    this.#events = [];
    this.#numbers = [0];
    this.rows = 0;
    this.next = constantWords;
    return batch;
  }

  /** What a cell holds for a value: undefined where it fits none. */
  encode(value: unknown, form: Form): number | undefined {
    switch (form.kind) {
      case 'string':
        return loneSurrogate.test(value as string) ? undefined : this.text(value as string);
      case 'amount':
        return this.text(formatAmount(value as Amount));
      case 'whole':
        return (value as number) <= largestCell ? (value as number) : undefined;
      case 'words':
        return form.words.indexOf(value as string) + 1;
      case 'flag':
        return value === true ? 2 : 1;
      case 'number':
        return this.number(value as number);
      case 'list':
        return this.#list(value as readonly unknown[], form.item);
      case 'shape':
      case 'table':
        return undefined;
    }
  }

  #write(base: number, { cell: at, form }: WantedField, value: unknown): boolean {
    const encoded = value === undefined ? 0 : this.encode(value, form);
    this.cells[base + at] = encoded ?? 0;
    return encoded !== undefined;
  }

  #list(items: readonly unknown[], { form }: Field<unknown, never>): number | undefined {
    if (form === undefined) return undefined;
    const encoded = [items.length];
    for (const item of items) {
      const parts = form.kind === 'shape' ? Object.entries(form.fields) : [['', { form }] as const];
      for (const [name, field] of parts) {
        const value = name === '' ? item : (item as Readonly<Record<string, unknown>>)[name];
        const part = value === undefined ? 0 : field.form && this.encode(value, field.form);
        if (part === undefined) return undefined;
        encoded.push(part);
      }
    }
    return this.append(encoded);
  }
}

/** The same numbers with room for so many, in memory of the same kind. */
export function larger<Numbers extends Int32Array | Float64Array>(old: Numbers, length: number): Numbers {
  const Kind = old.constructor as new (buffer: ArrayBufferLike) => Numbers;
  const Buffer = old.buffer.constructor as new (bytes: number) => ArrayBufferLike;
  const grown = new Kind(new Buffer(length * old.BYTES_PER_ELEMENT));
  grown.set(old);
  return grown;
}
