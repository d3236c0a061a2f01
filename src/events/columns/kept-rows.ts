import type { SourceFile } from '../event.ts';
import type { Field, Form } from '../field.ts';
import type { ColumnBatch, Writer } from './column-batch.ts';
import { constantWords, larger } from './column-writer.ts';
import { textHeader, wordsOf } from './texts.ts';
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

/** Rows of one device that outlive their batches, with their texts and numbers. Made anew, they take the room that they had. */
export class KeptRows {
  rows = 0;
  readonly #layout: KeptLayout;
  readonly #kept = new Kept();
  /** Those that somebody needs by themselves. */
  readonly #lent: KeptRow[] = [];
  #cells: Int32Array;
  #times = new Float64Array(8);
  #common = 0;
  #file: SourceFile | undefined;
  #writer: Writer | undefined;

  constructor(layout: KeptLayout) {
    this.#layout = layout;
    this.#cells = new Int32Array(this.#times.length * layout.width);
  }

  /** How many integers it has room for. */
  get room(): number {
    return this.#cells.length + this.#kept.room;
  }

  /** Whether a row of the device is in the same file as those before it, and names the same run. */
  goesOn({ cells, writers, file }: ColumnBatch, row: number): boolean {
    const writer = writers[cells[row * this.#layout.width + cell.writer] as number];
    return this.#file?.path === file.path && this.#writer?.run === writer?.run;
  }

  /** Takes over the first row, or one that goes on from those before it. */
  keep(batch: ColumnBatch, row: number): void {
    const { cells, times, writers, file, lineOffset } = batch;
    const { width, kinds } = this.#layout;
    const from = row * width;
    const kind = kinds[cells[from + cell.kind] as number] as KindLayout;
    if (this.rows === 0) {
      this.#file = file;
      this.#writer = writers[cells[from + cell.writer] as number];
      this.#common = this.#kept.text(batch.words, cells[from + kind.common] as number);
    }
    const to = this.rows * width;
    if (this.rows === this.#times.length) this.#grow();
    const own = this.#cells;
    const kept = this.#kept;
    for (let index = 0; index < kind.cells; index += 1) own[to + index] = cells[from + index] as number;
    own[to + cell.line] = lineOffset + (cells[from + cell.line] as number);
    own[to + cell.writer] = 0;
    if (kind.common > 0) own[to + kind.common] = this.#common;
    for (const at of kind.texts) own[to + at] = kept.text(batch.words, cells[from + at] as number);
    for (const at of kind.numbers) own[to + at] = kept.number(batch.numbers, cells[from + at] as number);
    for (const { cell: at, parts } of kind.lists) own[to + at] = kept.list(batch, cells[from + at] as number, parts);
    this.#times[this.rows] = times[row] as number;
    this.rows += 1;
  }

  /** The newest row for somebody who needs it for longer than the others, perhaps. */
  lendNewest(): KeptRow {
    const lent = new KeptRow(this, this.rows - 1);
    this.#lent.push(lent);
    return lent;
  }

  /** Nobody needs a row any more that was lent. */
  takeBack(lent: KeptRow): void {
    const place = this.#lent.lastIndexOf(lent);
    if (place >= 0) this.#lent.splice(place, 1);
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

  /** Forgets the rows, and keeps their room. Those that are lent move out. */
  clear(): void {
    while (this.#lent.length > 0) this.#lent.pop()?.moveTo(new KeptRows(this.#layout));
    this.rows = 0;
    this.#kept.clear();
  }

  #grow(): void {
    this.#cells = larger(this.#cells, this.#cells.length * 2);
    this.#times = larger(this.#times, this.#times.length * 2);
  }
}

/** One of some rows, for somebody who may need it for longer than they are kept: it is taken over by itself only if they are not. */
export class KeptRow {
  #rows: KeptRows;
  #row: number;

  constructor(rows: KeptRows, row: number) {
    this.#rows = rows;
    this.#row = row;
  }

  /** The rows that it is among, as a batch, and its number there. Good until other rows are asked for theirs. */
  inBatch(): { readonly batch: ColumnBatch; readonly row: number } {
    return { batch: this.#rows.asBatch(), row: this.#row };
  }

  /** Takes it over by itself. */
  moveTo(own: KeptRows): void {
    own.keep(this.#rows.asBatch(), this.#row);
    this.#rows = own;
    this.#row = 0;
  }

  giveBack(): void {
    this.#rows.takeBack(this);
  }
}

/** Where the first text of kept rows stands in their batch: at none of the places at which all batches of a file agree. */
const textsBegin = constantWords;

/** The words in which kept texts are handed over, one time after the other. */
let handedOver = new Int32Array(textsBegin);

/** Texts, lists and numbers that rows stand for. Each is taken over from a place, and has another one here; 0 stays 0. */
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

  text(words: Int32Array, from: number): number {
    if (from === 0) return 0;
    const count = textHeader + wordsOf(words[from + 1] as number);
    const at = this.#reserve(count);
    const own = this.#words;
    for (let index = 0, to = at - textsBegin; index < count; index += 1)
      own[to + index] = words[from + index] as number;
    return at;
  }

  number(numbers: Float64Array, from: number): number {
    if (from === 0) return 0;
    if (this.#numbersEnd === this.#numbers.length) this.#numbers = larger(this.#numbers, this.#numbersEnd * 2);
    this.#numbers[this.#numbersEnd] = numbers[from] as number;
    return this.#numbersEnd++;
  }

  list(batch: ColumnBatch, from: number, parts: Parts): number {
    if (from === 0) return 0;
    const { words } = batch;
    const length = (words[from] as number) * parts.length;
    const at = this.#reserve(1 + length);
    this.#words[at - textsBegin] = words[from] as number;
    for (let index = 1; index <= length; index += 1) {
      const value = this.#part(batch, words[from + index] as number, parts[(index - 1) % parts.length]);
      this.#words[at - textsBegin + index] = value;
    }
    return at;
  }

  #part(batch: ColumnBatch, value: number, form: Form | undefined): number {
    switch (form?.kind) {
      case 'string':
      case 'amount':
        return this.text(batch.words, value);
      case 'number':
        return this.number(batch.numbers, value);
      case 'list':
        return this.list(batch, value, partsOf(form.item));
      default:
        return value;
    }
  }

  contents(): Pick<ColumnBatch, 'words' | 'wordCount' | 'numbers'> {
    const wordCount = textsBegin + this.#end;
    if (wordCount > handedOver.length) handedOver = new Int32Array(wordCount * 2);
    handedOver.set(this.#words.subarray(0, this.#end), textsBegin);
    return { words: handedOver, wordCount, numbers: this.#numbers };
  }
}

/** The forms of what the items of a list are made of, one after the other. */
type Parts = readonly (Form | undefined)[];

function partsOf({ form }: Field<unknown, never>): Parts {
  return form?.kind === 'shape' ? Object.values(form.fields).map((field) => field.form) : [form];
}
