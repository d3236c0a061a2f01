import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { Names } from '../../events/columns/names.ts';
import { encodeText } from '../../events/columns/texts.ts';
import { type ColumnPlan, cell, cellOf } from '../../events/columns/wants.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { Place } from '../../events/reader.ts';
import { Beyond } from './beyond.ts';

/** A place in a file behind which a batch begins, and near. */
export function nearOf({ begins, lineOffset }: ColumnBatch): Place {
  return { bytes: begins.bytes, lines: lineOffset + begins.lines };
}

/** Files that follow one another, as columns. */
export type ColumnTape = AsyncIterable<ColumnBatch>;

/** A device as a walk knows it. */
export interface WalkLane {
  /** The number of its newest effect. */
  written: number;
}

/** Where a tape is read on: at a place of a file, or near behind it; `undefined` at the tape's beginning. */
export type TapePlace = { readonly file: string; readonly near: Place } | undefined;

interface Tape<Lane> {
  readonly batches: AsyncIterator<ColumnBatch>;
  batch: ColumnBatch | undefined;
  place: TapePlace;
  row: number;
  /** By the writers of the batch, as their lines come. */
  lanes: (Lane | undefined)[];
  writers: readonly Writer[] | undefined;
  ended: boolean;
}

/**
 * Goes through the rows of a run, each device's in their order, and what an effect names behind the line that writes it. Ends with
 * `Beyond` where that cannot be, or where whoever takes the rows goes beyond what it knows.
 */
export abstract class RowWalk<Lane extends WalkLane> {
  protected readonly plan: ColumnPlan;
  readonly #tapes: readonly Tape<Lane>[];
  /** The kind of lines that name effects of others, and where they do. */
  readonly #replication: number;
  readonly #origin: number;
  readonly #originSeq: number;
  /** Lanes by the names of their devices, as other devices' lines give them. */
  readonly #names = new Names();
  readonly #byName: Lane[] = [];

  constructor(tapes: readonly ColumnTape[], plan: ColumnPlan) {
    this.plan = plan;
    this.#replication = plan.kinds.get('replication') as number;
    this.#origin = cellOf(plan, 'replication', 'origin');
    this.#originSeq = cellOf(plan, 'replication', 'originSeq');
    this.#tapes = tapes.map((tape) => ({
      batches: tape[Symbol.asyncIterator](),
      ...{ batch: undefined, place: undefined, row: 0, lanes: [], writers: undefined, ended: false },
    }));
  }

  async readAll(): Promise<void> {
    for (let open = this.#tapes; open.length > 0; open = open.filter(({ ended }) => !ended)) {
      for (const tape of open) if (tape.batch === undefined) await this.#readOn(tape);
      while (!this.#takeTurns(open));
    }
  }

  async close(): Promise<void> {
    for (const { batches } of this.#tapes) await batches.return?.();
  }

  /** Every time before each tape goes on as far as it can. */
  protected turn(): void {}

  /** Where each tape is read on. */
  protected places(): readonly TapePlace[] {
    return this.#tapes.map(({ place }) => place);
  }

  /** Every batch, before its rows are taken. */
  protected begin(_batch: ColumnBatch): void {}

  /** Some rows of a batch, once they were taken one by one. `lanes`: by writer. */
  protected passed(_batch: ColumnBatch, _from: number, _to: number, _lanes: readonly (Lane | undefined)[]): void {}

  /** Every batch, once all its rows were taken. */
  protected leave(_batch: ColumnBatch): void {}

  /** Whether a line that is handed over whole can be taken by now, or waits for what it follows from. */
  protected mayTake(_whole: LoggedEvent): boolean {
    return true;
  }

  /** The lane of whoever wrote a line. */
  protected abstract laneOf(writer: Writer): Lane;

  /** Takes the next row of a lane; `whole`: its event, where it is handed over so. */
  protected abstract take(
    batch: ColumnBatch,
    row: number,
    base: number,
    lane: Lane,
    whole: LoggedEvent | undefined,
  ): void;

  /** Takes what an observer says of devices, which is no line of theirs. */
  protected abstract observe(event: LoggedEvent): void;

  /** Makes a device's lane known by its name. Returns false where the name is too long for that. */
  protected name(device: string, lane: Lane): boolean {
    const number = this.#names.add(encodeText(device), 0);
    if (number >= 0) this.#byName[number] = lane;
    return number >= 0;
  }

  /** The lane of the device that a line names. */
  protected named(words: Int32Array, at: number): Lane | undefined {
    const number = this.#names.find(words, at);
    return number < 0 ? undefined : this.#byName[number];
  }

  async #readOn(tape: Tape<Lane>): Promise<void> {
    const { done, value: batch } = await tape.batches.next();
    tape.ended = done === true;
    if (done) return;
    this.begin(batch);
    tape.batch = batch;
    tape.place = { file: batch.file.path, near: nearOf(batch) };
    tape.row = 0;
    if (tape.writers !== batch.writers) tape.lanes = [];
    tape.writers = batch.writers;
  }

  /** Takes rows of each tape as far as it can. Returns whether a tape is to be read on, or has ended. */
  #takeTurns(open: readonly Tape<Lane>[]): boolean {
    let progress = false;
    let isDry = false;
    this.turn();
    for (const tape of open) {
      progress = this.#take(tape) || progress;
      isDry ||= tape.batch === undefined;
    }
    if (!progress && !isDry) throw new Beyond('a line without the line that it follows from');
    return isDry;
  }

  /** Takes rows as far as it can. Returns whether it took any. */
  #take(tape: Tape<Lane>): boolean {
    const { batch, lanes } = tape;
    if (batch === undefined) return false;
    const { cells: all, rows } = batch;
    const { width } = this.plan;
    const begin = tape.row;
    let row = begin;
    for (; row < rows; row += 1) {
      const base = row * width;
      const kind = all[base + cell.kind] as number;
      const whole = kind < 0 ? batch.events[-1 - kind] : undefined;
      if (whole?.stream !== undefined) {
        this.observe(whole);
        continue;
      }
      const writer = all[base + cell.writer] as number;
      let lane = lanes[writer];
      if (lane === undefined) {
        lane = this.laneOf(batch.writers[writer] as Writer);
        lanes[writer] = lane;
      }
      if (whole !== undefined && !this.mayTake(whole)) break;
      if (kind === this.#replication && !this.#mayHear(batch, base, lane)) break;
      this.take(batch, row, base, lane, whole);
    }
    tape.row = row;
    if (row > begin) this.passed(batch, begin, row, lanes);
    if (row === rows) {
      this.leave(batch);
      tape.batch = undefined;
    }
    return row > begin || row === rows;
  }

  /** Whether the effect that a line names was written by now. */
  #mayHear({ cells: all, words }: ColumnBatch, base: number, lane: Lane): boolean {
    const origin = this.named(words, all[base + this.#origin] as number);
    return origin === lane || (origin?.written ?? 0) >= (all[base + this.#originSeq] as number);
  }
}
