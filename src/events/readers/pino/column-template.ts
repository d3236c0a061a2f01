import type { ColumnWriter } from '../../columns/column-writer.ts';
import { textAt } from '../../columns/texts.ts';
import { cell, type WantedType } from '../../columns/wants.ts';
import type { EventDefaults } from '../../decode.ts';
import { into, type Slot, slotOf, way } from './column-slots.ts';
import { hopText, mostTextWords, readCell, storeAmount, storeText } from './column-values.ts';
import type { Cursor } from './cursor.ts';
import { header, lineKeys } from './event-plan.ts';
import type { Literal } from './literal.ts';
import { Pattern, type ReadLine } from './pattern.ts';

/** A pattern whose lines become rows of columns. */
export class ColumnTemplate extends Pattern {
  readonly #writer: ColumnWriter;
  /** What becomes of each value that varies. */
  readonly slots: readonly Slot[];
  readonly #row: Int32Array;
  /** How many words the texts of a line take at most, lists aside. */
  readonly #mostWords: number;
  #first = 0;
  readonly #time: number;
  readonly #fixedWriter: number | undefined;
  /** Device, identity and run of the line at hand; what all lines share stands there for good. */
  readonly #names: [device: string, identity: string, run: string | undefined];

  private constructor(
    line: ReadLine,
    varies: readonly boolean[],
    wanted: WantedType,
    stated: EventDefaults,
    writer: ColumnWriter,
    row: Int32Array,
  ) {
    super(line, varies);
    const { values } = line;
    this.#writer = writer;
    this.#row = row;
    this.#mostWords = mostTextWords * this.varying.length;
    this.slots = this.varying.map(({ key }) => slotOf(key, line.plan, wanted, writer));
    this.#names = [
      (values[header.device] ?? stated.device) as string,
      (values[header.identity] ?? stated.identity ?? '') as string,
      (values[header.run] ?? stated.run) as string | undefined,
    ];
    this.#time = (values[header.time] ?? Number.NaN) as number;
    const named = this.slots.some(({ into: where }) => where >= into.device && where <= into.run);
    this.#fixedWriter = named ? undefined : writer.writer(...this.#names);
  }

  /** The template of a line; `undefined` where its lines are handed over in another way. */
  static of(
    line: ReadLine,
    varies: readonly boolean[],
    stated: EventDefaults,
    writer: ColumnWriter,
  ): ColumnTemplate | undefined {
    const kind = writer.plan.kinds.get(line.plan.type);
    const wanted = kind === undefined ? undefined : writer.plan.types[kind];
    if (wanted === undefined || wanted.whole || line.numericAmount) return undefined;
    const row = new Int32Array(writer.plan.width);
    row[cell.kind] = kind as number;
    const seq = line.values[header.seq] as number;
    const incarnation = (line.values[header.incarnation] ?? stated.incarnation ?? 1) as number;
    row[cell.seq] = seq;
    row[cell.incarnation] = incarnation;
    // Beyond what a cell holds, lines are handed over whole.
    if (row[cell.seq] !== seq || row[cell.incarnation] !== incarnation) return undefined;
    const all = [...varies];
    for (const { name, form, cell: at } of wanted.fields) {
      const key = lineKeys.indexOf(name);
      const member = line.members.findIndex((each) => each.key === key);
      if (all[member]) continue;
      const value = line.values[key];
      const constant = value === undefined ? 0 : writer.constantOf(value, form);
      if (constant === undefined) all[member] = true;
      else row[at] = constant;
    }
    return new ColumnTemplate(line, all, wanted, stated, writer, row);
  }

  /** What all of its lines have in common: their cells, and their time, unless that varies; `undefined` where lines of several writers agree with it. */
  get common(): { readonly row: Int32Array; readonly time: number } | undefined {
    if (this.#fixedWriter === undefined) return undefined;
    const row = this.#row.slice();
    row[cell.writer] = this.#fixedWriter;
    return { row, time: this.#time };
  }

  /** What one type needs as a cell, another only steps over: then the first slot is not read alike. */
  override beginsLike(other: ColumnTemplate): boolean {
    const [own] = this.slots;
    const [first] = other.slots;
    return super.beginsLike(other) && own?.into === first?.into && own?.cell === first?.cell;
  }

  readFirst(cursor: Cursor): boolean {
    const value = this.slots[0]?.read(cursor);
    // What is stepped over is there or not, and nothing else.
    this.#first = Number(value);
    return value !== undefined;
  }

  readRest(cursor: Cursor, begun: ColumnTemplate): boolean {
    const { literals } = this;
    const slots = this.slots;
    const row = this.#row;
    const writer = this.#writer;
    const base = writer.beginRow();
    const { cells, rows } = writer;
    for (let index = 0; index < row.length; index += 1) cells[base + index] = row[index] as number;
    writer.times[rows] = this.#time;
    this.#put(slots[0] as Slot, begun.#first, base);
    writer.reserve(this.#mostWords);
    for (let index = 1; index < literals.length; index += 1) {
      const at = (literals[index] as Literal).endAt(cursor, cursor.at);
      if (at < 0) return false;
      cursor.at = at;
      if (index === slots.length) break;
      const slot = slots[index] as Slot;
      let value: number;
      switch (slot.way) {
        case way.text:
          value = storeText(cursor, writer);
          break;
        case way.amount:
          value = storeAmount(cursor, writer);
          break;
        case way.whole:
          value = readCell(cursor, slot.least);
          break;
        case way.hop:
          if (!hopText(cursor, slot.least)) return false;
          continue;
        default:
          if (!this.#readOther(slot, cursor, base)) return false;
          // A list takes as much room as it is long.
          writer.reserve(this.#mostWords);
          continue;
      }
      if (value < 0) return false;
      cells[base + slot.cell] = value;
    }
    cells[base + cell.writer] = this.#fixedWriter ?? writer.writer(...this.#names);
    return this.mayBe(cursor);
  }

  #readOther(slot: Slot, cursor: Cursor, base: number): boolean {
    const value = slot.read(cursor);
    if (value === undefined) return false;
    if (slot.into !== into.nothing) this.#put(slot, value as number, base);
    return true;
  }

  #put({ into: where, cell: at }: Slot, value: number, base: number): void {
    const writer = this.#writer;
    if (where === into.cell) writer.cells[base + at] = value;
    else if (where === into.time) writer.times[writer.rows] = value;
    else if (where !== into.nothing) this.#names[where - into.device] = textAt(writer.words, value);
  }
}
