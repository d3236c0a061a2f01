import type { Interval } from '../../../base/intervals.ts';
import { commonText, type PackedRows } from '../../../events/columns/kept-rows.ts';
import { type Chain, chainOf, tripsWithin } from '../../operations/chain.ts';
import type { Instance, Retry } from '../../operations/most.ts';
import { kindsOf, type Operation, type SampledOperation, spanOf } from '../../operations/operation.ts';
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
  /** How long each of its verifies took. */
  readonly verifyUs: readonly number[];
  readonly #rows: PackedRows | undefined;
  readonly #by: Folding;
  #unfolded: Operation | undefined;
  #opId: string | undefined;

  /** `rows`: none, where nobody will ask for events. */
  constructor(figures: Float64Array, rows: PackedRows | undefined, by: Folding) {
    // Counts are made integers again: an object keeps any other number in a box of its own.
    const attempts = (figures[figure.trips] as number) | 0;
    this.retries = (figures[figure.retries] as number) | 0;
    this.writes = (figures[figure.writes] as number) | 0;
    this.trips = attempts - this.retries;
    this.verifies = (figures[figure.verifies] as number) | 0;
    this.wallUs = figures[figure.wallUs] as number;
    this.verifyUs = verifyTimesOf(figures, by.verify);
    this.#rows = rows;
    this.#by = by;
  }

  get operation(): this {
    return this;
  }

  /** As others cost the same it is asked for more often than the rest. */
  get opId(): string {
    this.#opId ??= commonText(this.#keptRows());
    return this.#opId;
  }

  get device(): string {
    return this.#keptRows().writer.device;
  }

  get name(): string | null {
    return this.unfold().name;
  }

  get start(): Operation['start'] {
    return this.unfold().start;
  }

  get end(): Operation['end'] {
    return this.unfold().end;
  }

  get first(): Operation['start'] {
    return this.start;
  }

  get last(): Operation['end'] {
    return this.end;
  }

  get kinds(): Instance['kinds'] {
    return kindsOf(this.unfold());
  }

  unfold(): Operation {
    this.#unfolded ??= this.#by.unfold(this.#keptRows());
    return this.#unfolded;
  }

  #keptRows(): PackedRows {
    if (this.#rows === undefined) throw new Error('an operation of which no rows were kept');
    return this.#rows;
  }
}

/** The trips of an operation that were made anew. */
export function retriesOf(operation: FoldedOperation, figures: Float64Array): readonly Retry[] {
  const retries: Retry[] = [];
  for (let trip = 0; trip < (figures[figure.trips] as number); trip += 1) {
    const attempt = figures[figuresOf(trip) + tripFigure.attempt] as number;
    if (attempt > 1) retries.push(new FoldedRetry(operation, attempt, trip));
  }
  return retries;
}

function verifyTimesOf(figures: Float64Array, verify: number): number[] {
  const times: number[] = [];
  const behind = figuresOf(figures[figure.trips] as number);
  for (let trip = figuresOf(0); trip < behind; trip += tripFigure.count) {
    if (figures[trip + tripFigure.kind] === verify) times.push(figures[trip + tripFigure.durationUs] as number);
  }
  return times;
}

/** The longest chain of an operation's trips, of which only the length is known. */
export class FoldedChain implements Chain {
  readonly lengthUs: number;
  readonly instance: FoldedOperation;

  constructor(instance: FoldedOperation, lengthUs: number) {
    this.instance = instance;
    this.lengthUs = lengthUs;
  }

  get trips(): Chain['trips'] {
    const operation = this.instance.unfold();
    return chainOf(tripsWithin(operation, spanOf(operation) as Interval), this.instance).trips;
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
