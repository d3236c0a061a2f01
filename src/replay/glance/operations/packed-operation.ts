import type { Ring } from '../../../base/ring.ts';
import type { StoredRows } from '../../../events/columns/kept-rows.ts';
import type { FoldedOperation, Operation } from '../../operations/operation.ts';
import type { Ended } from '../../projections/operations.ts';
import type { DeviceRows } from './device-rows.ts';
import { figure, figuresOf } from './figures.ts';
import type { PlainOperation } from './plain-operation.ts';

/** Who keeps packed operations. */
interface Keeper {
  /** Sums one up that will not change any more: its figures stand in the numbers from a place on. */
  sumUp(operation: PackedOperation, numbers: Float64Array, at: number): void;
}

/**
 * A plain operation that ended, and of which a report needs its sums alone, unless late lines belong to it: its figures and its rows, one behind the other among
 * those of its device. Thousands of them wait for late lines; so they take little room, and the operation itself is used again at once. One that was
 * summed up is used again, too.
 */
export class PackedOperation implements FoldedOperation, Ended {
  operation: Ended['operation'] = this;
  weight = 0;
  /** The number of its id on its device. */
  number = 0;
  readonly #keeper: Keeper;
  readonly #ring: Ring;
  readonly #rows: StoredRows = { rows: 0, words: 0, file: undefined, writer: undefined };
  #incarnation = 0;
  #piece = 0;
  #figures = 0;

  constructor(keeper: Keeper, ring: Ring) {
    this.#keeper = keeper;
    this.#ring = ring;
  }

  /** Packs an operation that ended. */
  pack({ number, incarnation, figures, rows }: PlainOperation, weight: number): void {
    this.weight = weight;
    this.number = number;
    this.#incarnation = incarnation;
    this.#figures = figuresOf(figures[figure.trips] as number);
    const ring = this.#ring;
    this.#piece = ring.take(this.#figures * 2 + rows.words);
    const at = ring.at(this.#piece);
    for (let index = 0; index < this.#figures; index += 1) ring.numbers[at / 2 + index] = figures[index] as number;
    rows.store(ring.integers, at + this.#figures * 2, this.#rows);
  }

  close(): Operation | null {
    const { numbers } = this.#ring;
    this.#keeper.sumUp(this, numbers, this.#ring.at(this.#piece) / 2);
    this.#ring.giveBack(this.#piece);
    return null;
  }

  /** Makes it a plain operation again, at its place among those that ended. */
  unpack(device: DeviceRows, into: PlainOperation): void {
    into.begin(device, this.number, this.#incarnation);
    into.rows.restore(this.#ring.integers, this.#ring.at(this.#piece) + this.#figures * 2, this.#rows);
    into.ended = this;
    this.operation = into;
    this.#ring.giveBack(this.#piece);
  }
}
