import { toMicroseconds } from '../../../base/intervals.ts';
import type { ColumnBatch, Writer } from '../../../events/columns/column-batch.ts';
import { type KeptLayout, KeptRows, type PackedRows } from '../../../events/columns/kept-rows.ts';
import { cell } from '../../../events/columns/wants.ts';
import type { SourceFile } from '../../../events/event.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';

/** The room of an operation that took more integers is not kept for another one. */
const mostRoom = 4 * 1024;

/**
 * An operation that began in order on one device, as integers: what its sums need, and which rows are its own, in case that more is asked of it. These stay in their
 * batch as long as it is there: most operations are over by then. One that begins anew takes the room that the one before it had.
 */
export class PlainOperation {
  /** The number of its id on its device. */
  number = 0;
  incarnation = 0;
  /** When its last step was over; before all times where none has one. */
  lastUs = 0;
  lines = 0;
  #firstLine = 0;
  /** See `figures.ts`. */
  figures = new Float64Array(figuresOf(8));
  readonly #width: number;
  readonly #kept: KeptRows;
  #file: SourceFile | undefined;
  #writer: Writer | undefined;
  /** The rows in the batch that is at hand on its device; those before them were taken over. */
  readonly #here: number[] = [];
  #hereCount = 0;

  constructor(layout: KeptLayout) {
    this.#width = layout.width;
    this.#kept = new KeptRows(layout);
  }

  begin(number: number, incarnation: number, batch: ColumnBatch, row: number): void {
    this.number = number;
    this.incarnation = incarnation;
    this.lastUs = Number.NEGATIVE_INFINITY;
    this.lines = 0;
    this.figures.fill(0, 0, figure.firstTrip);
    this.#kept.clear();
    this.#hereCount = 0;
    this.#firstLine = lineAt(batch, row, this.#width);
    this.#file = batch.file;
    this.#writer = batch.writers[batch.cells[row * this.#width + cell.writer] as number];
    this.addLine(row);
  }

  /** Whether a row of the device is in the same file as those before it, and names the same run. */
  goesOn({ cells, writers, file }: ColumnBatch, row: number): boolean {
    const writer = writers[cells[row * this.#width + cell.writer] as number];
    return (
      (file === this.#file || file.path === this.#file?.path) &&
      (writer === this.#writer || writer?.run === this.#writer?.run)
    );
  }

  /** Whether a row tells of the line with which it began. */
  beganAt(batch: ColumnBatch, row: number): boolean {
    return lineAt(batch, row, this.#width) === this.#firstLine;
  }

  addLine(row: number): void {
    this.#here[this.#hereCount] = row;
    this.#hereCount += 1;
    this.lines += 1;
  }

  addWrite(time: number): void {
    this.figures[figure.writes] = (this.figures[figure.writes] as number) + 1;
    this.#addEnd(toMicroseconds(time));
  }

  addTrip(kind: number, attempt: number, durationUs: number, time: number): void {
    const trips = this.figures[figure.trips] as number;
    const at = figuresOf(trips);
    if (at + tripFigure.count > this.figures.length) this.#grow();
    const { figures } = this;
    const endUs = toMicroseconds(time);
    figures[at + tripFigure.kind] = kind;
    figures[at + tripFigure.attempt] = attempt;
    figures[at + tripFigure.durationUs] = durationUs;
    figures[at + tripFigure.endUs] = endUs;
    figures[figure.trips] = trips + 1;
    if (attempt > 1) figures[figure.retries] = (figures[figure.retries] as number) + 1;
    this.#addEnd(endUs);
  }

  end(name: number, ok: boolean, durationUs: number, time: number): void {
    const { figures } = this;
    figures[figure.name] = name;
    figures[figure.ok] = ok ? 1 : 0;
    figures[figure.wallUs] = Math.max(0, durationUs);
    figures[figure.endUs] = toMicroseconds(time);
  }

  /** Takes over the rows that it has in the batch that is at hand: that is over. */
  leave(batch: ColumnBatch): void {
    for (let row = 0; row < this.#hereCount; row += 1) this.#kept.keep(batch, this.#here[row] as number);
    this.#hereCount = 0;
  }

  /** All of its rows. `batch`: the one that is at hand, if there is one. */
  rows(batch: ColumnBatch | undefined): PackedRows {
    if (batch) this.leave(batch);
    return this.#kept.pack();
  }

  /** Whether it is worth while to keep its room. */
  get isSmall(): boolean {
    return this.#kept.room <= mostRoom;
  }

  #addEnd(us: number): void {
    if (us > this.lastUs) this.lastUs = us;
  }

  #grow(): void {
    const grown = new Float64Array(this.figures.length * 2);
    grown.set(this.figures);
    this.figures = grown;
  }
}

function lineAt({ cells, lineOffset }: ColumnBatch, row: number, width: number): number {
  return lineOffset + (cells[row * width + cell.line] as number);
}
