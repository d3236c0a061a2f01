import type { PackedRows } from '../../../events/columns/kept-rows.ts';
import type { Instance, Retry } from '../../operations/most.ts';
import { kindsOf, type Operation, type SampledOperation } from '../../operations/operation.ts';
import { isTrip, type Trip } from '../../operations/step.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';

/** What operations of one device have in common. */
export interface Folding {
  /** The number of the kind of every verify. */
  readonly verify: number;
  /** Makes events of an operation's rows. */
  unfold(rows: PackedRows): Operation;
}

/**
 * A plain operation that is summed up and that a report may name, or draw from: its figures, and its rows, of which events are made only if somebody
 * asks for more. Most are not among those with most trips for long.
 */
export class FoldedOperation implements Instance, SampledOperation {
  readonly writes: number;
  readonly trips: number;
  readonly verifies: number;
  readonly retries: number;
  readonly inferred = 0;
  readonly wallUs: number;
  /** By trip: see `figures.ts`. */
  readonly #figures: Float64Array;
  readonly #rows: PackedRows | undefined;
  readonly #by: Folding;
  #unfolded: Operation | undefined;

  /** `rows`: none, where nobody will ask for events. */
  constructor(figures: Float64Array, rows: PackedRows | undefined, by: Folding) {
    // Counts are made integers again: an object keeps any other number in a box of its own.
    const attempts = (figures[figure.trips] as number) | 0;
    this.retries = (figures[figure.retries] as number) | 0;
    this.writes = (figures[figure.writes] as number) | 0;
    this.trips = attempts - this.retries;
    this.verifies = (figures[figure.verifies] as number) | 0;
    this.wallUs = figures[figure.wallUs] as number;
    this.#figures = figures.slice(figuresOf(0), figuresOf(attempts));
    this.#rows = rows;
    this.#by = by;
  }

  get operation(): Operation {
    return this.unfold();
  }

  get first(): Instance['first'] {
    return this.unfold().start;
  }

  get last(): Instance['last'] {
    return this.unfold().end;
  }

  get kinds(): Instance['kinds'] {
    return kindsOf(this.unfold());
  }

  verifyUs(): number[] {
    const figures = this.#figures;
    const times: number[] = [];
    for (let trip = 0; trip < figures.length; trip += tripFigure.count) {
      if (figures[trip + tripFigure.kind] === this.#by.verify)
        times.push(figures[trip + tripFigure.durationUs] as number);
    }
    return times;
  }

  /** Its trips that were made anew. */
  retried(): Retry[] {
    const figures = this.#figures;
    const retries: Retry[] = [];
    for (let trip = 0; trip < figures.length; trip += tripFigure.count) {
      const attempt = figures[trip + tripFigure.attempt] as number;
      if (attempt > 1) retries.push(new FoldedRetry(this, attempt, trip / tripFigure.count));
    }
    return retries;
  }

  unfold(): Operation {
    if (this.#rows === undefined) throw new Error('an operation of which no rows were kept');
    this.#unfolded ??= this.#by.unfold(this.#rows);
    return this.#unfolded;
  }
}

class FoldedRetry implements Retry {
  readonly instance: FoldedOperation;
  readonly attempt: number;
  readonly #place: number;

  constructor(instance: FoldedOperation, attempt: number, place: number) {
    this.instance = instance;
    this.attempt = attempt;
    this.#place = place;
  }

  get trip(): Trip {
    return this.instance.unfold().steps.filter(isTrip)[this.#place] as Trip;
  }
}
