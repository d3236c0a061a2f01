import { toMicroseconds } from '../../../base/intervals.ts';
import { type KeptLayout, KeptRows } from '../../../events/columns/kept-rows.ts';
import type { FoldedOperation, Operation, SampledOperation } from '../../operations/operation.ts';
import type { Ended } from '../../projections/operations.ts';
import type { DeviceRows } from './device-rows.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';

/** Who keeps plain operations. */
interface Keeper {
  close(operation: PlainOperation): Operation | null;
  unfold(operation: PlainOperation): Operation;
}

/**
 * An operation that begins and ends in order on one device, as integers: what its sums need, and its rows in case that more is asked
 * of it. One that begins anew takes the room that the one before it had.
 */
export class PlainOperation implements FoldedOperation, SampledOperation {
  /** Its device, and the number of its id there. */
  device: DeviceRows | undefined;
  number = 0;
  incarnation = 0;
  /** Its place among those that ended; `null` as long as it did not. */
  ended: Ended | null = null;
  /** What it is sampled by, once it ended. */
  rank = 0;
  /** See `figures.ts`. */
  figures = new Float64Array(figuresOf(8));
  readonly rows: KeptRows;
  readonly #keeper: Keeper;
  #unfolded: Operation | undefined;

  constructor(keeper: Keeper, layout: KeptLayout) {
    this.#keeper = keeper;
    this.rows = new KeptRows(layout);
  }

  begin(device: DeviceRows, number: number, incarnation: number): void {
    this.device = device;
    this.number = number;
    this.incarnation = incarnation;
    this.ended = null;
    this.figures.fill(0, 0, figure.firstTrip);
    this.rows.clear();
  }

  addWrite(): void {
    this.figures[figure.writes] = (this.figures[figure.writes] as number) + 1;
  }

  addTrip(kind: number, attempt: number, durationUs: number, time: number): void {
    const trips = this.figures[figure.trips] as number;
    const at = figuresOf(trips);
    if (at + tripFigure.count > this.figures.length) this.#grow();
    const { figures } = this;
    figures[at + tripFigure.kind] = kind;
    figures[at + tripFigure.attempt] = attempt;
    figures[at + tripFigure.durationUs] = durationUs;
    figures[at + tripFigure.endUs] = toMicroseconds(time);
    figures[figure.trips] = trips + 1;
    if (attempt > 1) figures[figure.retries] = (figures[figure.retries] as number) + 1;
  }

  /** Returns its place among those that ended. */
  end(name: number, ok: boolean, durationUs: number, time: number): Ended {
    const { figures } = this;
    figures[figure.name] = name;
    figures[figure.ok] = ok ? 1 : 0;
    figures[figure.wallUs] = Math.max(0, durationUs);
    figures[figure.endUs] = toMicroseconds(time);
    // All lines but the first and the last are steps.
    this.ended = { operation: this, weight: this.rows.rows - 1 };
    return this.ended;
  }

  close(): Operation | null {
    return this.#keeper.close(this);
  }

  unfold(): Operation {
    this.#unfolded ??= this.#keeper.unfold(this);
    return this.#unfolded;
  }

  #grow(): void {
    const grown = new Float64Array(this.figures.length * 2);
    grown.set(this.figures);
    this.figures = grown;
  }
}
