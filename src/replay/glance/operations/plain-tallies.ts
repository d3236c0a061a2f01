import { getOrCreate } from '../../../base/order.ts';
import { Names } from '../../../events/columns/names.ts';
import { encodeText } from '../../../events/columns/texts.ts';
import { mayName } from '../../operations/may-name.ts';
import type { KindTally } from '../../operations/operation.ts';
import { verifyKind } from '../../operations/step.ts';
import {
  chainWithin,
  mayBeLongest,
  maySample,
  sampleFolded,
  type Tally,
  tallyAttempt,
  tallyCost,
  tallyFor,
  tallySpan,
} from '../../operations/tally.ts';
import type { Operations } from '../../projections/operations.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';
import type { PlainOperation } from './plain-operation.ts';
import { TripsWithin } from './trips-within.ts';

/** The tallies of some kinds of trips, by the kinds' numbers. */
interface ByKind {
  readonly of: Map<string, KindTally>;
  readonly byNumber: KindTally[];
}

interface OfName {
  readonly tally: Tally;
  readonly kinds: ByKind;
}

/** Sums up plain operations: in the tallies that those are summed up in of which more is known. */
export class PlainTallies {
  readonly #state: Operations;
  readonly #kinds = new Names();
  readonly #names = new Names();
  /** All trips of the run. */
  readonly #all: ByKind;
  /** By the number of a name. */
  readonly #tallies: OfName[] = [];
  /** By kind, how many first attempts the operation at hand has. */
  readonly #alike: number[] = [];
  readonly #within = new TripsWithin();
  /** The number of the kind of every verify. */
  readonly verify: number;

  constructor(state: Operations) {
    this.#state = state;
    this.#all = { of: state.kinds, byNumber: [] };
    this.verify = this.#kinds.add(encodeText(verifyKind), 0);
  }

  /** The number of a kind of trips; -1 where its name is too long to have one. */
  kindAt(words: Int32Array, at: number): number {
    return this.#kinds.numberOf(words, at);
  }

  /** The number of an operation's name; -1 where it is too long to have one. */
  nameAt(words: Int32Array, at: number): number {
    return this.#names.numberOf(words, at);
  }

  /** Whether a report may name an operation, now or later. Completes its figures. */
  mayName(figures: Float64Array): boolean {
    const { tally } = this.#tallyOf(figures, 0);
    const within = this.#tripsWithin(figures);
    const unionUs = within.unionUs();
    figures[figure.tripsUs] = within.tripsUs();
    figures[figure.unionUs] = unionUs;
    const isLongest = mayBeLongest(tally, unionUs) && chainWithin(tally, within.all(), unionUs) !== null;
    const { alike, attempts } = this.#count(figures);
    return mayName(tally, costOf(figures, 0), { isLongest, attempts, alike });
  }

  /** Sums up an operation, whose figures stand from a place on. */
  sumUp(figures: Float64Array, at: number): void {
    const { tally, kinds } = this.#tallyOf(figures, at);
    const end = figures[at + figure.endUs] as number;
    const cost = costOf(figures, at);
    tallyCost(tally, cost);
    if (!Number.isNaN(end)) {
      const span = { start: end - cost.wallUs, end };
      tallySpan(tally, span, figures[at + figure.tripsUs] as number, figures[at + figure.unionUs] as number);
    }
    const trips = figures[at + figure.trips] as number;
    this.#state.byId += trips;
    for (let trip = at + figuresOf(0); trip < at + figuresOf(trips); trip += tripFigure.count) {
      const kind = figures[trip + tripFigure.kind] as number;
      const attempt = figures[trip + tripFigure.attempt] as number;
      const durationUs = figures[trip + tripFigure.durationUs] as number;
      if (kind === this.verify) this.#state.verifyUs.push(durationUs);
      tallyAttempt(tally, attempt);
      this.#add(kinds, kind, attempt, durationUs);
      this.#add(this.#all, kind, attempt, durationUs);
    }
  }

  /** Whether an operation may be in the sample of its name. */
  maySample({ figures, rank }: PlainOperation): boolean {
    return maySample(this.#tallyOf(figures, 0).tally, rank);
  }

  /** Keeps an operation that is summed up for the sample of its name. Returns whether it may be in it. */
  sample(operation: PlainOperation): boolean {
    return sampleFolded(this.#tallyOf(operation.figures, 0).tally, operation, operation.rank);
  }

  #tallyOf(figures: Float64Array, at: number): OfName {
    const name = figures[at + figure.name] as number;
    let of = this.#tallies[name];
    if (of === undefined) {
      const tally = tallyFor(this.#state.tallies, this.#names.text(name));
      of = { tally, kinds: { of: tally.kinds, byNumber: [] } };
      this.#tallies[name] = of;
    }
    return of;
  }

  /** When an operation's trips were under way within it. */
  #tripsWithin(figures: Float64Array): TripsWithin {
    const within = this.#within;
    within.clear();
    const operationEnd = figures[figure.endUs] as number;
    const operationStart = operationEnd - (figures[figure.wallUs] as number);
    const behind = figuresOf(figures[figure.trips] as number);
    for (let trip = figuresOf(0); trip < behind; trip += tripFigure.count) {
      const tripEnd = figures[trip + tripFigure.endUs] as number;
      const start = Math.max(operationStart, tripEnd - (figures[trip + tripFigure.durationUs] as number));
      const end = Math.min(operationEnd, tripEnd);
      // Not so either where a line has no time.
      if (start <= end) within.add(start, end);
    }
    return within;
  }

  #count(figures: Float64Array): { alike: number; attempts: number } {
    const of = this.#alike;
    of.fill(0);
    let attempts = 0;
    let most = 0;
    const behind = figuresOf(figures[figure.trips] as number);
    for (let trip = figuresOf(0); trip < behind; trip += tripFigure.count) {
      const attempt = figures[trip + tripFigure.attempt] as number;
      attempts = Math.max(attempts, attempt);
      if (attempt > 1) continue;
      const kind = figures[trip + tripFigure.kind] as number;
      const alike = (of[kind] ?? 0) + 1;
      of[kind] = alike;
      most = Math.max(most, alike);
    }
    figures[figure.verifies] = of[this.verify] ?? 0;
    return { alike: most, attempts };
  }

  #add({ of, byNumber }: ByKind, kind: number, attempt: number, durationUs: number): void {
    let tally = byNumber[kind];
    if (tally === undefined) {
      tally = getOrCreate(of, this.#kinds.text(kind), () => ({ trips: 0, retries: 0, timeUs: 0 }));
      byNumber[kind] = tally;
    }
    if (attempt > 1) tally.retries += 1;
    else tally.trips += 1;
    tally.timeUs += durationUs;
  }
}

/** Counts are made integers again: an object keeps any other number in a box of its own. */
function costOf(figures: Float64Array, at: number) {
  const retries = (figures[at + figure.retries] as number) | 0;
  return {
    writes: (figures[at + figure.writes] as number) | 0,
    trips: ((figures[at + figure.trips] as number) | 0) - retries,
    verifies: (figures[at + figure.verifies] as number) | 0,
    retries,
    wallUs: figures[at + figure.wallUs] as number,
    ok: figures[at + figure.ok] === 1,
  };
}
