import { slackUs } from '../../../base/intervals.ts';
import { Names } from '../../../events/columns/names.ts';
import { encodeText } from '../../../events/columns/texts.ts';
import { mayBeLongest, putChain } from '../../operations/chain.ts';
import { insertInstance, mayBeAmongMost, mayBeMostRetried } from '../../operations/most.ts';
import { addTally, type KindTally } from '../../operations/operation.ts';
import { leastInRow } from '../../operations/repetition.ts';
import { verifyKind } from '../../operations/step.ts';
import {
  maySample,
  sampleFolded,
  type Tally,
  tallyAttempts,
  tallyCost,
  tallyFor,
  tallySpan,
} from '../../operations/tally.ts';
import type { Operations } from '../../projections/operations.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';
import { FoldedChain, type FoldedOperation, retriesOf } from './folded-operation.ts';
import { TripsWithin } from './trips-within.ts';

/** The operations of one name. */
interface OfName {
  readonly tally: Tally;
  /** The trips of the plain ones, by the numbers of their kinds; and how many were not made anew. */
  readonly kinds: (KindTally | undefined)[];
  atOnce: number;
}

/** Sums up plain operations: in the tallies that those are summed up in of which more is known. */
export class PlainTallies {
  readonly #state: Operations;
  readonly #kinds = new Names();
  readonly #names = new Names();
  /** By the number of a name. */
  readonly #tallies: OfName[] = [];
  /** Of the operation at hand: when its trips were under way, and by kind, how many first attempts it has. */
  readonly #within = new TripsWithin();
  readonly #alike: number[] = [];
  #mostAlike = 0;
  #mostAttempts = 0;
  /** The number of the kind of every verify. */
  readonly verify: number;

  constructor(state: Operations) {
    this.#state = state;
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

  /** Takes an operation to hand that ended, and completes its figures. */
  complete(figures: Float64Array): void {
    const within = this.#within;
    within.clear();
    const operationEnd = figures[figure.endUs] as number;
    const operationStart = operationEnd - (figures[figure.wallUs] as number);
    this.#alike.fill(0);
    this.#mostAlike = 0;
    this.#mostAttempts = 0;
    const behind = figuresOf(figures[figure.trips] as number);
    for (let trip = figuresOf(0); trip < behind; trip += tripFigure.count) {
      const tripEnd = figures[trip + tripFigure.endUs] as number;
      const start = Math.max(operationStart, tripEnd - (figures[trip + tripFigure.durationUs] as number));
      const end = Math.min(operationEnd, tripEnd);
      // Not so either where a line has no time.
      if (start <= end) within.add(start, end);
      this.#count((figures[trip + tripFigure.kind] as number) | 0, (figures[trip + tripFigure.attempt] as number) | 0);
    }
    figures[figure.tripsUs] = within.tripsUs();
    figures[figure.unionUs] = within.unionUs();
    figures[figure.verifies] = this.#alike[this.verify] ?? 0;
  }

  /** Whether the operation at hand may repeat like trips in a row: then its sums are not enough. */
  mayRepeat(): boolean {
    return this.#mostAlike >= leastInRow;
  }

  /** Whether a report may name the operation at hand. */
  mayName(figures: Float64Array): boolean {
    const { tally } = this.#of(figures);
    const wallUs = figures[figure.wallUs] as number;
    const trips = (figures[figure.trips] as number) - (figures[figure.retries] as number);
    return (
      mayBeAmongMost(tally, trips, figures[figure.verifies] as number, wallUs) ||
      mayBeMostRetried(tally, this.#mostAttempts, wallUs) ||
      this.#longestUs(figures) !== null
    );
  }

  /** Sums an operation up. */
  sumUp(figures: Float64Array): void {
    const of = this.#of(figures);
    const { tally, kinds } = of;
    const end = figures[figure.endUs] as number;
    const wallUs = figures[figure.wallUs] as number;
    // Counts are made integers again: an object keeps any other number in a box of its own.
    const retries = (figures[figure.retries] as number) | 0;
    const attempts = (figures[figure.trips] as number) | 0;
    tallyCost(tally, {
      writes: (figures[figure.writes] as number) | 0,
      trips: attempts - retries,
      verifies: (figures[figure.verifies] as number) | 0,
      retries,
      wallUs,
      ok: figures[figure.ok] === 1,
    });
    if (!Number.isNaN(end)) {
      const span = { start: end - wallUs, end };
      tallySpan(tally, span, figures[figure.tripsUs] as number, figures[figure.unionUs] as number);
    }
    for (let trip = figuresOf(0); trip < figuresOf(attempts); trip += tripFigure.count) {
      const kind = (figures[trip + tripFigure.kind] as number) | 0;
      const attempt = (figures[trip + tripFigure.attempt] as number) | 0;
      const durationUs = figures[trip + tripFigure.durationUs] as number;
      if (kind === this.verify) this.#state.verifyUs.push(durationUs);
      if (attempt === 1) of.atOnce += 1;
      else tallyAttempts(tally, attempt, 1);
      const counted = kinds[kind] ?? { trips: 0, retries: 0, timeUs: 0 };
      kinds[kind] = counted;
      if (attempt > 1) counted.retries += 1;
      else counted.trips += 1;
      counted.timeUs += durationUs;
    }
  }

  /** Whether an operation may be in the sample of its name. */
  maySample(figures: Float64Array, rank: number): boolean {
    return maySample(this.#of(figures).tally, rank);
  }

  /** Keeps an operation that was summed up, for as long as it may be named or is sampled. */
  keep(
    figures: Float64Array,
    operation: FoldedOperation,
    { rank, isNamed }: { readonly rank: number; readonly isNamed: boolean },
  ): void {
    const { tally } = this.#of(figures);
    if (isNamed) {
      insertInstance(tally, operation, retriesOf(operation, figures));
      const lengthUs = this.#longestUs(figures);
      if (lengthUs !== null) putChain(tally, new FoldedChain(operation, lengthUs));
    }
    sampleFolded(tally, operation, rank);
  }

  /** Adds what was summed up of trips to what is known of others. Nothing can be summed up after that. */
  finish(): void {
    for (const { tally, kinds, atOnce } of this.#tallies) {
      if (atOnce > 0) tallyAttempts(tally, 1, atOnce);
      for (const [kind, counted] of kinds.entries()) {
        if (counted === undefined) continue;
        addTally(tally.kinds, this.#kinds.text(kind), counted);
        addTally(this.#state.kinds, this.#kinds.text(kind), counted);
        this.#state.byId += counted.trips + counted.retries;
      }
    }
  }

  /** How long the longest chain of the trips at hand is; `null` where a longer one is known, or there is none. */
  #longestUs(figures: Float64Array): number | null {
    const { tally } = this.#of(figures);
    const unionUs = figures[figure.unionUs] as number;
    if (this.#within.count === 0 || !mayBeLongest(tally, unionUs)) return null;
    const lengthUs = Math.min(this.#within.chainUs(slackUs), unionUs);
    return mayBeLongest(tally, lengthUs) ? lengthUs : null;
  }

  #of(figures: Float64Array): OfName {
    const name = (figures[figure.name] as number) | 0;
    let of = this.#tallies[name];
    if (of === undefined) {
      of = { tally: tallyFor(this.#state.tallies, this.#names.text(name)), kinds: [], atOnce: 0 };
      this.#tallies[name] = of;
    }
    return of;
  }

  #count(kind: number, attempt: number): void {
    if (attempt > this.#mostAttempts) this.#mostAttempts = attempt;
    if (attempt > 1) return;
    const alike = (this.#alike[kind] ?? 0) + 1;
    this.#alike[kind] = alike;
    if (alike > this.#mostAlike) this.#mostAlike = alike;
  }
}
