import { type Amount, add, isZero, negate, zero } from '../../base/amount.ts';
import { Column } from '../../base/column.ts';
import { Names } from '../../events/columns/names.ts';
import { encodeText } from '../../events/columns/texts.ts';
import type { HeldToken } from '../projections/readings.ts';
import type { Amounts } from './amounts.ts';
import { type Changes, noChange } from './changes.ts';
import type { DeviceLedger } from './device-ledger.ts';
import type { StrayMoves } from './stray-moves.ts';
import type { TokenChange } from './suspects.ts';

/** Whoever books changes: a device by its number among those of the identity. */
export interface Holder {
  readonly index: number;
  readonly ledger: DeviceLedger;
  readonly strays: StrayMoves;
}

/** How far a token's life is: spent by nobody; by an effect that is under way; by one that came everywhere; and over. */
const [alive, ending, ended, forgotten] = [0, 1, 2, 3];

/** The tokens of one identity, by number: what each is worth, which changes bring it and take it away, and who holds it. */
export class TokenBook {
  readonly names = new Names();
  readonly #amounts: Amounts;
  readonly #coins: Names;
  readonly #changes: Changes;
  private readonly coin = new Column(Int32Array);
  private readonly amount = new Column(Int32Array);
  /** The changes that bring it and take it away; none once they are booked everywhere. */
  private readonly birth = new Column(Int32Array);
  private readonly death = new Column(Int32Array);
  private readonly life = new Column(Int32Array);

  constructor(amounts: Amounts, coins: Names, changes: Changes) {
    this.#amounts = amounts;
    this.#coins = coins;
    this.#changes = changes;
  }

  /** Takes a new token of a coin, with its worth; both by number. Returns its own number; -1 where its id is too long. */
  add(words: Int32Array, id: number, coin: number, amount: number): number {
    const token = this.names.add(words, id);
    if (token < 0) return token;
    this.coin.set(token, coin);
    this.amount.set(token, amount);
    this.life.set(token, alive);
    return token;
  }

  /** The number of a token that nobody spent; -1 where there is none of that id. */
  findAlive(words: Int32Array, id: number): number {
    const token = this.names.find(words, id);
    return token >= 0 && this.life.get(token) === alive ? token : -1;
  }

  coinOf(token: number): number {
    return this.coin.get(token);
  }

  amountOf(token: number): number {
    return this.amount.get(token);
  }

  /** By which change it comes. */
  beginBy(token: number, change: number): void {
    this.birth.set(token, change);
  }

  /** By which change it goes. */
  endBy(token: number, change: number): void {
    this.death.set(token, change);
    this.life.set(token, ending);
  }

  isBroughtBy(token: number, change: number): boolean {
    return this.birth.get(token) === change;
  }

  /** The change that takes it away, while the effect that makes that is under way; none where nobody spends it, or everybody booked it. */
  endOf(token: number): number {
    return this.life.get(token) === ending ? this.death.get(token) : noChange;
  }

  /** A change that brings or takes it away is booked everywhere. Returns whether it takes it away. */
  settle(token: number, change: number): boolean {
    const brings = this.isBroughtBy(token, change);
    if (brings) this.birth.set(token, noChange);
    else {
      this.death.set(token, noChange);
      this.life.set(token, ended);
    }
    if (this.life.get(token) === ended && this.birth.get(token) === noChange) {
      this.life.set(token, forgotten);
      this.#amounts.release(this.amount.get(token));
      this.names.remove(token);
    }
    return !brings;
  }

  /** Whether a device, as a bit, booked that it came. */
  hasCome(token: number, bit: number): boolean {
    return this.#isBooked(this.birth.get(token), bit);
  }

  /** Whether a device booked that it went. */
  hasGone(token: number, bit: number): boolean {
    return this.life.get(token) !== alive && this.#isBooked(this.death.get(token), bit);
  }

  /** Whether a device holds it by what effects say. */
  isHeld(token: number, bit: number): boolean {
    return this.hasCome(token, bit) && !this.hasGone(token, bit);
  }

  /** The numbers of all that are not forgotten. */
  *numbers(): Generator<number> {
    for (let token = 0; token < this.names.bound; token += 1) if (this.life.get(token) !== forgotten) yield token;
  }

  /** What a change says, in words. */
  changeBy(change: number): TokenChange {
    const { tokenId, coin } = this.#worth(this.#changes.tokenOf(change));
    return { tokenId, coin, delta: this.#amounts.value(this.#changes.deltaOf(change)) };
  }

  /** The tokens that live. To be asked where nothing is under way. */
  *living(): Generator<HeldToken> {
    for (let token = 0; token < this.names.bound; token += 1) {
      if (this.life.get(token) === alive) yield this.#worth(token);
    }
  }

  /** The tokens that a device holds by its own lines; less than none of one that was spent there before it came. */
  heldBy({ index, strays }: Holder): Generator<HeldToken> {
    return strays.onTopOf(this.#heldByEffects(1 << index));
  }

  /** How many tokens of a coin a device holds more than effects say, or fewer. */
  heldBeside(coin: number, { index, strays }: Holder): number {
    let tokens = 0;
    for (const [tokenId, stray] of strays.of(this.#coins.text(coin))) {
      const token = this.names.find(encodeText(tokenId), 0);
      const isOfCoin = token >= 0 && this.coin.get(token) === coin;
      const own = isOfCoin ? this.#amountOn(token, 1 << index) : zero;
      tokens += Number(!isZero(add(own, stray))) - Number(!isZero(own));
    }
    return tokens;
  }

  *#heldByEffects(bit: number): Generator<HeldToken> {
    for (const token of this.numbers()) {
      const amount = this.#amountOn(token, bit);
      if (!isZero(amount)) yield { ...this.#worth(token), amount };
    }
  }

  #amountOn(token: number, bit: number): Amount {
    const [came, went] = [this.hasCome(token, bit), this.hasGone(token, bit)];
    if (came === went) return zero;
    const amount = this.#amounts.value(this.amount.get(token));
    return came ? amount : negate(amount);
  }

  #isBooked(change: number, bit: number): boolean {
    return change === noChange || this.#changes.isDoneOn(change, bit);
  }

  #worth(token: number): HeldToken {
    const amount = this.#amounts.value(this.amount.get(token));
    return { tokenId: this.names.text(token), coin: this.#coins.text(this.coin.get(token)), amount };
  }
}
