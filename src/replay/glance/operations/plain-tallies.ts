import { getOrCreate } from '../../../base/order.ts';
import { Names } from '../../../events/columns/names.ts';
import { encodeText } from '../../../events/columns/texts.ts';
import { mayName } from '../../operations/may-name.ts';
import type { KindTally } from '../../operations/operation.ts';
import { verifyKind } from '../../operations/step.ts';
import {
  chainWithin,
  mayBeLongest,
  sampleFolded,
  type Tally,
  tallyAttempt,
  tallyCost,
  tallyFor,
  tallySpan,
} from '../../operations/tally.ts';
import type { Operations } from '../../projections/operations.ts';
import { type PlainOperation, TripsWithin } from './plain-operation.ts';

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

  /** Sums up an operation, unless it may be named. Returns whether it did. */
  sumUp(operation: PlainOperation): boolean {
    const { writes, retries, wallUs, ok, span } = operation;
    const { tally, kinds } = this.#tallyOf(operation);
    const within = this.#within;
    if (span) operation.tripsWithin(span, within);
    else within.clear();
    const { tripsUs, unionUs } = within.lengths();
    const isLongest = mayBeLongest(tally, unionUs) && chainWithin(tally, within.all(), unionUs) !== null;
    const { verifies, alike, attempts } = this.#count(operation);
    const trips = operation.trips - retries;
    const outline = { writes, trips, verifies, retries, wallUs, ok, isLongest, attempts, alike };
    if (mayName(tally, outline)) return false;
    tallyCost(tally, outline);
    if (span) tallySpan(tally, span, tripsUs, unionUs);
    this.#state.byId += operation.trips;
    for (let trip = 0; trip < operation.trips; trip += 1) {
      const kind = operation.kinds[trip] as number;
      const attempt = operation.attempts[trip] as number;
      const durationUs = operation.durationsUs[trip] as number;
      if (kind === this.verify) this.#state.verifyUs.push(durationUs);
      tallyAttempt(tally, attempt);
      this.#add(kinds, kind, attempt, durationUs);
      this.#add(this.#all, kind, attempt, durationUs);
    }
    return true;
  }

  /** Keeps an operation that is summed up for the sample of its name. Returns whether it may be in it. */
  sample(operation: PlainOperation, rank: number): boolean {
    return sampleFolded(this.#tallyOf(operation).tally, operation, rank);
  }

  #tallyOf({ name }: PlainOperation): OfName {
    let of = this.#tallies[name];
    if (of === undefined) {
      const tally = tallyFor(this.#state.tallies, this.#names.text(name));
      of = { tally, kinds: { of: tally.kinds, byNumber: [] } };
      this.#tallies[name] = of;
    }
    return of;
  }

  #count({ trips, kinds, attempts: each }: PlainOperation): { verifies: number; alike: number; attempts: number } {
    this.#alike.fill(0);
    let attempts = 0;
    let most = 0;
    for (let trip = 0; trip < trips; trip += 1) {
      const attempt = each[trip] as number;
      attempts = Math.max(attempts, attempt);
      if (attempt > 1) continue;
      const kind = kinds[trip] as number;
      const alike = (this.#alike[kind] ?? 0) + 1;
      this.#alike[kind] = alike;
      most = Math.max(most, alike);
    }
    return { verifies: this.#alike[this.verify] ?? 0, alike: most, attempts };
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
