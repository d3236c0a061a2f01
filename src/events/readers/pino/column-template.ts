import type { ColumnWriter } from '../../columns/column-writer.ts';
import { textAt } from '../../columns/texts.ts';
import { cell, type WantedType } from '../../columns/wants.ts';
import type { EventDefaults } from '../../decode.ts';
import { cellReader, checking, textReader, wholeCellReader } from './column-values.ts';
import type { Cursor, ValueReader } from './cursor.ts';
import { header, lineKeys } from './event-plan.ts';
import type { Literal } from './literal.ts';
import { Pattern, type ReadLine, stepOverAny } from './pattern.ts';
import { readNumber } from './scalars.ts';

/** What becomes of a slot's value: it goes into a cell, is the line's time, names its writer, or is of no account. */
const into = { cell: 0, time: 1, device: 2, identity: 3, run: 4, nothing: 5 } as const;

interface Slot {
  readonly into: number;
  readonly cell: number;
  readonly read: ValueReader;
}

/** A pattern whose lines become rows of columns. */
export class ColumnTemplate extends Pattern {
  readonly #writer: ColumnWriter;
  readonly #slots: readonly Slot[];
  readonly #row: Int32Array;
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
    this.#slots = this.varying.map(({ key }) => slotOf(key, line, wanted, writer));
    this.#names = [
      (values[header.device] ?? stated.device) as string,
      (values[header.identity] ?? stated.identity ?? '') as string,
      (values[header.run] ?? stated.run) as string | undefined,
    ];
    this.#time = (values[header.time] ?? Number.NaN) as number;
    const named = this.#slots.some(({ into: where }) => where >= into.device && where <= into.run);
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

  /** What one type needs as a cell, another only steps over: then the first slot is not read alike. */
  override beginsLike(other: ColumnTemplate): boolean {
    const [own] = this.#slots;
    const [first] = other.#slots;
    return super.beginsLike(other) && own?.into === first?.into && own?.cell === first?.cell;
  }

  readFirst(cursor: Cursor): unknown {
    return this.#slots[0]?.read(cursor);
  }

  readRest(cursor: Cursor, first: unknown): boolean {
    const { literals } = this;
    const slots = this.#slots;
    const row = this.#row;
    const writer = this.#writer;
    const base = writer.beginRow();
    const { cells, rows } = writer;
    for (let index = 0; index < row.length; index += 1) cells[base + index] = row[index] as number;
    writer.times[rows] = this.#time;
    this.#put(slots[0] as Slot, first, base);
    for (let index = 1; index < literals.length; index += 1) {
      const at = (literals[index] as Literal).endAt(cursor, cursor.at);
      if (at < 0) return false;
      cursor.at = at;
      if (index === slots.length) break;
      const slot = slots[index] as Slot;
      const value = slot.read(cursor);
      if (value === undefined) return false;
      if (slot.into === into.cell) cells[base + slot.cell] = value as number;
      else if (slot.into !== into.nothing) this.#put(slot, value, base);
    }
    cells[base + cell.writer] = this.#fixedWriter ?? writer.writer(...this.#names);
    return this.mayBe(cursor);
  }

  #put({ into: where, cell: at }: Slot, value: unknown, base: number): void {
    const writer = this.#writer;
    if (where === into.cell) writer.cells[base + at] = value as number;
    else if (where === into.time) writer.times[writer.rows] = value as number;
    else if (where !== into.nothing) this.#names[where - into.device] = textAt(writer.words, value as number);
  }
}

function slotOf(key: number, { plan }: ReadLine, wanted: WantedType, writer: ColumnWriter): Slot {
  const field = wanted.fields.find(({ name }) => name === lineKeys[key]);
  if (field) return { into: into.cell, cell: field.cell, read: cellReader(field.form, writer) };
  switch (key) {
    case header.seq:
      return { into: into.cell, cell: cell.seq, read: readSeq };
    case header.incarnation:
      return { into: into.cell, cell: cell.incarnation, read: readSeq };
    case header.time:
      return { into: into.time, cell: 0, read: readNumber };
    case header.device:
    case header.identity:
    case header.run:
      return { into: names[key] as number, cell: 0, read: textReader(writer) };
    default: {
      const reader = plan.members[key]?.reader;
      return { into: into.nothing, cell: 0, read: reader ? checking(reader) : stepOverAny };
    }
  }
}

const readSeq = wholeCellReader(1);

const names: Readonly<Record<number, number>> = {
  [header.device]: into.device,
  [header.identity]: into.identity,
  [header.run]: into.run,
};
