import type { SourceFile } from '../event.ts';
import type { Field, Form } from '../field.ts';
import type { ColumnBatch, Writer } from './column-batch.ts';
import { constantWords, larger } from './column-writer.ts';
import { textAt, textHeader, wordsOf } from './texts.ts';
import { type ColumnPlan, cell } from './wants.ts';

/** How rows of one kind are taken over. */
interface KindLayout {
  /** How many cells of a row mean anything. */
  readonly cells: number;
  /** The cells whose values stand for something outside of the row, by what that is. */
  readonly texts: readonly number[];
  readonly numbers: readonly number[];
  readonly lists: readonly { readonly cell: number; readonly parts: Parts }[];
  /** The cell of a text that all rows have in common; 0 where there is none. */
  readonly common: number;
}

/** How rows are taken over, by kind. */
export interface KeptLayout {
  readonly width: number;
  readonly kinds: readonly KindLayout[];
}

/** How the rows of a plan are taken over. `common`: the field that is the same text in all rows that are kept together. */
export function keptLayout({ width, types }: ColumnPlan, common: string): KeptLayout {
  const kinds = types.map(({ fields }): KindLayout => {
    const own = fields.filter(({ name }) => name !== common);
    const cellsOf = (...forms: Form['kind'][]) =>
      own.filter(({ form }) => forms.includes(form.kind)).map(({ cell: at }) => at);
    return {
      cells: cell.field + fields.length,
      texts: cellsOf('string', 'amount'),
      numbers: cellsOf('number'),
      lists: own.flatMap(({ form, cell: at }) =>
        form.kind === 'list' ? [{ cell: at, parts: partsOf(form.item) }] : [],
      ),
      common: fields.find(({ name }) => name === common)?.cell ?? 0,
    };
  });
  return { width, kinds };
}

/** Where the first text of kept rows stands in their batch: at none of the places at which all batches of a file agree. */
const textsBegin = constantWords;
/** What stands before the cells of a kept row: its time, the place of the next row, and a word that is not used. */
const header = { time: 0, next: 2, words: 4 } as const;

/** What kept rows are handed over in, one time after the other. The numbers are the same memory as the words. */
let handedOver = { cells: new Int32Array(0), times: new Float64Array(0), ...wordsAndNumbers(textsBegin) };

/** Rows of one device that are put by, one behind the other, in as little room as they take. */
export interface PackedRows {
  readonly rows: number;
  readonly words: Int32Array;
  /** Where the text that they have in common would stand in their batch. */
  readonly common: number;
  readonly file: SourceFile;
  readonly writer: Writer;
}

/** Rows of one device and one file that outlive their batches, one behind the other, each with its texts and numbers. Made anew, they take the room that they had. */
export class KeptRows {
  rows = 0;
  readonly #layout: KeptLayout;
  #words = new Int32Array(256);
  /** The same memory as numbers, which stand at even places. */
  #numbers = new Float64Array(this.#words.buffer);
  #end = 0;
  #common = 0;
  #file: SourceFile | undefined;
  #writer: Writer | undefined;

  constructor(layout: KeptLayout) {
    this.#layout = layout;
  }

  /** How many words it has room for. */
  get room(): number {
    return this.#words.length;
  }

  /** Takes over the first row, or one behind those before it. */
  keep(batch: ColumnBatch, row: number): void {
    const { cells, times, writers, file, lineOffset, words, numbers } = batch;
    const { width, kinds } = this.#layout;
    const from = row * width;
    const kind = kinds[cells[from + cell.kind] as number] as KindLayout;
    const begin = this.#reserve(header.words + kind.cells);
    const to = begin + header.words;
    if (this.rows === 0) {
      this.#file = file;
      this.#writer = writers[cells[from + cell.writer] as number];
      this.#common = kind.common === 0 ? 0 : this.#text(words, cells[from + kind.common] as number);
    }
    const own = this.#words;
    for (let index = 0; index < kind.cells; index += 1) own[to + index] = cells[from + index] as number;
    own[to + cell.line] = lineOffset + (cells[from + cell.line] as number);
    own[to + cell.writer] = 0;
    if (kind.common > 0) own[to + kind.common] = this.#common;
    for (const at of kind.texts) this.#set(to + at, this.#text(words, cells[from + at] as number));
    for (const at of kind.numbers) this.#set(to + at, this.#number(numbers, cells[from + at] as number));
    for (const { cell: at, parts } of kind.lists)
      this.#set(to + at, this.#list(batch, cells[from + at] as number, parts));
    this.#end += this.#end & 1;
    this.#numbers[(begin + header.time) / 2] = times[row] as number;
    this.#set(begin + header.next, this.#end);
    this.rows += 1;
  }

  pack(): PackedRows {
    const words = this.#words.slice(0, this.#end);
    const [file, writer] = [this.#file as SourceFile, this.#writer as Writer];
    return { rows: this.rows, words, common: this.#common, file, writer };
  }

  /** Forgets the rows, and keeps their room. */
  clear(): void {
    this.rows = 0;
    this.#end = 0;
  }

  /** Makes room for some words. Returns where it begins. */
  #reserve(count: number): number {
    const at = this.#end;
    this.#end += count;
    if (this.#end + 1 > this.#words.length) {
      this.#words = larger(this.#words, 2 ** Math.ceil(Math.log2(this.#end + 1)));
      this.#numbers = new Float64Array(this.#words.buffer);
    }
    return at;
  }

  #set(at: number, value: number): void {
    this.#words[at] = value;
  }

  // What a value stands for is taken over from a place, and has another one here; 0 stays 0.

  #text(words: Int32Array, from: number): number {
    if (from === 0) return 0;
    const count = textHeader + wordsOf(words[from + 1] as number);
    const at = this.#reserve(count);
    const own = this.#words;
    for (let index = 0; index < count; index += 1) own[at + index] = words[from + index] as number;
    return textsBegin + at;
  }

  #number(numbers: Float64Array, from: number): number {
    if (from === 0) return 0;
    const at = this.#reserve(2 + (this.#end & 1));
    const place = (at + 1) >> 1;
    this.#numbers[place] = numbers[from] as number;
    return textsBegin / 2 + place;
  }

  #list(batch: ColumnBatch, from: number, parts: Parts): number {
    if (from === 0) return 0;
    const { words } = batch;
    const length = (words[from] as number) * parts.length;
    const at = this.#reserve(1 + length);
    this.#set(at, words[from] as number);
    for (let index = 1; index <= length; index += 1) {
      this.#set(at + index, this.#part(batch, words[from + index] as number, parts[(index - 1) % parts.length]));
    }
    return textsBegin + at;
  }

  #part(batch: ColumnBatch, value: number, form: Form | undefined): number {
    switch (form?.kind) {
      case 'string':
      case 'amount':
        return this.#text(batch.words, value);
      case 'number':
        return this.#number(batch.numbers, value);
      case 'list':
        return this.#list(batch, value, partsOf(form.item));
      default:
        return value;
    }
  }
}

/** Rows that were put by as a batch of their own. Good until others are asked for theirs. */
export function batchOf({ width, kinds }: KeptLayout, { rows, words: own, file, writer }: PackedRows): ColumnBatch {
  const wordCount = textsBegin + own.length;
  if (rows * width > handedOver.cells.length || rows > handedOver.times.length) {
    handedOver = { ...handedOver, cells: new Int32Array(rows * 2 * width), times: new Float64Array(rows * 2) };
  }
  if (wordCount > handedOver.words.length) handedOver = { ...handedOver, ...wordsAndNumbers(wordCount * 2) };
  const { cells, times, words, numbers } = handedOver;
  words.set(own, textsBegin);
  for (let row = 0, at = 0; row < rows; row += 1, at = own[at + header.next] as number) {
    const from = at + header.words;
    const kind = kinds[own[from + cell.kind] as number] as KindLayout;
    cells.set(own.subarray(from, from + kind.cells), row * width);
    times[row] = numbers[(textsBegin + at + header.time) / 2] as number;
  }
  return {
    ...{ file, begins: { bytes: 0, lines: 0 }, lineOffset: 0, lines: 0, rows },
    ...{ cells, times, words, wordCount, numbers },
    ...{ writers: [writer], events: [], problems: [], skipped: 0, bytes: 0 },
  };
}

/** The text that all rows have in common which were put by. */
export function commonText({ common, words }: PackedRows): string {
  return textAt(words, common - textsBegin);
}

/** Room for words, an even number of them, and the same memory as numbers. */
function wordsAndNumbers(count: number) {
  const words = new Int32Array(count);
  return { words, numbers: new Float64Array(words.buffer) };
}

/** The forms of what the items of a list are made of, one after the other. */
type Parts = readonly (Form | undefined)[];

function partsOf({ form }: Field<unknown, never>): Parts {
  return form?.kind === 'shape' ? Object.values(form.fields).map((field) => field.form) : [form];
}
