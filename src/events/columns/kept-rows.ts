import type { SourceFile } from '../event.ts';
import type { Field, Form } from '../field.ts';
import type { ColumnBatch, Writer } from './column-batch.ts';
import { constantWords, larger } from './column-writer.ts';
import { textHeader, wordsOf } from './texts.ts';
import { type ColumnPlan, cell } from './wants.ts';

/** A cell that stands for something outside of its row. */
interface Link {
  readonly cell: number;
  readonly form: Form;
}

/** By kind: the cells whose values are taken over with what they stand for. */
export type Links = readonly (readonly Link[])[];

/** Finds those cells in the rows of a plan. */
export function linksIn({ types }: ColumnPlan): Links {
  return types.map(({ fields }) => fields.filter(({ form }) => linking.has(form.kind)));
}

const linking: ReadonlySet<Form['kind']> = new Set(['string', 'amount', 'number', 'list'] as const);

/** Rows of one device that outlive their batches, with their texts and numbers. Made anew, they take the room that they had. */
export class KeptRows {
  rows = 0;
  readonly #width: number;
  readonly #links: Links;
  readonly #kept = new Kept();
  #cells: Int32Array;
  #times = new Float64Array(8);
  #file: SourceFile | undefined;
  #writer: Writer | undefined;

  constructor({ width }: ColumnPlan, links: Links) {
    this.#width = width;
    this.#links = links;
    this.#cells = new Int32Array(this.#times.length * width);
  }

  /** How many integers it has room for. */
  get room(): number {
    return this.#cells.length + this.#kept.room;
  }

  /** Whether a row of the device is in the same file as those before it, and names the same run. */
  goesOn({ cells, writers, file }: ColumnBatch, row: number): boolean {
    const writer = writers[cells[row * this.#width + cell.writer] as number];
    return this.#file?.path === file.path && this.#writer?.run === writer?.run;
  }

  /** Takes over the first row, or one that goes on from those before it. */
  keep(batch: ColumnBatch, row: number): void {
    const { cells, times, writers, file, lineOffset } = batch;
    const from = row * this.#width;
    if (this.rows === 0) {
      this.#file = file;
      this.#writer = writers[cells[from + cell.writer] as number];
    }
    const to = this.rows * this.#width;
    if (this.rows === this.#times.length) this.#grow();
    const own = this.#cells;
    for (let index = 0; index < this.#width; index += 1) own[to + index] = cells[from + index] as number;
    own[to + cell.line] = lineOffset + (cells[from + cell.line] as number);
    own[to + cell.writer] = 0;
    const links = this.#links[cells[from + cell.kind] as number] ?? [];
    for (let index = 0; index < links.length; index += 1) {
      const { cell: at, form } = links[index] as Link;
      own[to + at] = this.#kept.take(batch, cells[from + at] as number, form);
    }
    this.#times[this.rows] = times[row] as number;
    this.rows += 1;
  }

  /** The rows as a batch of their own. Good until other rows are asked for theirs. */
  asBatch(): ColumnBatch {
    const { words, wordCount, numbers } = this.#kept.contents();
    return {
      ...{ file: this.#file as SourceFile, from: 0, lineOffset: 0, lines: 0, rows: this.rows },
      ...{ cells: this.#cells, times: this.#times, words, wordCount, numbers },
      ...{ writers: [this.#writer as Writer], events: [], problems: [], skipped: 0, bytes: 0 },
    };
  }

  /** Forgets the rows, and keeps their room. */
  clear(): void {
    this.rows = 0;
    this.#kept.clear();
  }

  #grow(): void {
    this.#cells = larger(this.#cells, this.#cells.length * 2);
    this.#times = larger(this.#times, this.#times.length * 2);
  }
}

/** Where the first text of kept rows stands in their batch: at none of the places at which all batches of a file agree. */
const textsBegin = constantWords;

/** The words in which kept texts are handed over, one time after the other. */
let handedOver = new Int32Array(textsBegin);

/** Texts, lists and numbers that rows stand for. */
class Kept {
  #words = new Int32Array(128);
  #end = 0;
  #numbers = new Float64Array(8);
  #numbersEnd = 1;

  get room(): number {
    return this.#words.length;
  }

  clear(): void {
    this.#end = 0;
    this.#numbersEnd = 1;
  }

  /** Makes room for some words. Returns where it begins. */
  #reserve(count: number): number {
    const at = this.#end;
    this.#end += count;
    if (this.#end > this.#words.length) this.#words = larger(this.#words, Math.max(this.#words.length * 2, this.#end));
    return textsBegin + at;
  }

  /** Takes over what a value stands for. Returns the value that stands for it here. */
  take(batch: ColumnBatch, value: number, form: Form | undefined): number {
    if (value === 0) return 0;
    switch (form?.kind) {
      case 'string':
      case 'amount':
        return this.#text(batch.words, value);
      case 'number':
        return this.#number(batch.numbers[value] as number);
      case 'list':
        return this.#list(batch, value, partsOf(form.item));
      default:
        return value;
    }
  }

  #list(batch: ColumnBatch, from: number, parts: readonly (Form | undefined)[]): number {
    const { words } = batch;
    const length = (words[from] as number) * parts.length;
    const at = this.#reserve(1 + length);
    this.#words[at - textsBegin] = words[from] as number;
    for (let index = 1; index <= length; index += 1) {
      const value = this.take(batch, words[from + index] as number, parts[(index - 1) % parts.length]);
      this.#words[at - textsBegin + index] = value;
    }
    return at;
  }

  #text(words: Int32Array, from: number): number {
    const count = textHeader + wordsOf(words[from + 1] as number);
    const at = this.#reserve(count);
    const own = this.#words;
    for (let index = 0, to = at - textsBegin; index < count; index += 1)
      own[to + index] = words[from + index] as number;
    return at;
  }

  #number(value: number): number {
    if (this.#numbersEnd === this.#numbers.length) this.#numbers = larger(this.#numbers, this.#numbersEnd * 2);
    this.#numbers[this.#numbersEnd] = value;
    return this.#numbersEnd++;
  }

  contents(): Pick<ColumnBatch, 'words' | 'wordCount' | 'numbers'> {
    const wordCount = textsBegin + this.#end;
    if (wordCount > handedOver.length) handedOver = new Int32Array(wordCount * 2);
    handedOver.set(this.#words.subarray(0, this.#end), textsBegin);
    return { words: handedOver, wordCount, numbers: this.#numbers };
  }
}

/** The forms of what the items of a list are made of, one after the other. */
function partsOf({ form }: Field<unknown, never>): readonly (Form | undefined)[] {
  return form?.kind === 'shape' ? Object.values(form.fields).map((field) => field.form) : [form];
}
