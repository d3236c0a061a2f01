import { isZero, negate } from '../../base/amount.ts';
import { Column } from '../../base/column.ts';
import { newSeen, see } from '../../base/seen.ts';
import { Names } from '../../events/columns/names.ts';
import { sameText, secondHash } from '../../events/columns/texts.ts';
import type { HeldToken } from '../projections/readings.ts';
import { Amounts } from './amounts.ts';
import { Beyond } from './beyond.ts';
import { Conservation, writeKind } from './conservation.ts';
import type { DeviceLedger } from './device-ledger.ts';
import { EffectsUnderWay, noChange } from './effects-under-way.ts';
import { RowNumbers } from './row-numbers.ts';
import type { Transfers } from './transfers.ts';
import { isTransfer, itemsAt, outputWidth, type WriteRow, type Writing } from './write-row.ts';

/** More devices than a mask has bits for are left to others. */
const mostDevices = 30;

/** How far a token's life is: spent by nobody; by an effect that is under way; by one that came everywhere; and over. */
const [alive, ending, ended, forgotten] = [0, 1, 2, 3];

/** What was looked at and went by the book, for a report. */
export interface Booked {
  effects: number;
  changes: number;
  spent: number;
  transfers: number;
}

/**
 * The effects of one identity that are under way, and its tokens, while everything goes by the book: each effect is written once, and
 * applied and booked on every device, once, by what it says. An effect that came so far is closed and forgotten, a token once the
 * effect that spends it is. Whatever else happens is beyond it.
 */
export class Book {
  readonly identity: string;
  readonly booked: Booked = { effects: 0, changes: 0, spent: 0, transfers: 0 };
  readonly devices: number;
  readonly #identityText: Int32Array;
  readonly #transfers: Transfers;
  readonly amounts = new Amounts();
  readonly coins = new Names();

  readonly effects: EffectsUnderWay;
  /** By device, how far in its order the effects are known that came everywhere and changed balances. */
  readonly bookedUntil: Float64Array;

  /** By change: the token, by how much, on which devices it is booked, and the next change of the effect. */
  private readonly changes = new RowNumbers();
  private readonly token = new Column(Int32Array);
  private readonly delta = new Column(Int32Array);
  private readonly bookedOn = new Column(Int32Array);
  private readonly nextChange = new Column(Int32Array);

  readonly tokens = new Names();
  /** All that ever were, so that none comes twice. */
  private readonly effectsSeen = newSeen();
  private readonly tokensSeen = newSeen();
  private readonly coin = new Column(Int32Array);
  private readonly amount = new Column(Int32Array);
  /** By token: the changes that bring it and take it away, -1 once they are booked everywhere; and how far its life is. */
  private readonly birth = new Column(Int32Array);
  private readonly death = new Column(Int32Array);
  private readonly spent = new Column(Int32Array);

  constructor(identity: string, identityText: Int32Array, devices: number, transfers: Transfers) {
    if (devices > mostDevices) throw new Beyond(`more than ${mostDevices} devices`);
    this.identity = identity;
    this.#identityText = identityText;
    this.devices = devices;
    this.effects = new EffectsUnderWay(devices);
    this.bookedUntil = new Float64Array(devices);
    this.#transfers = transfers;
  }

  /** Takes an effect that a device writes. */
  write(row: WriteRow, { device, originSeq, time, place }: Writing): void {
    const { words, kind } = row;
    if (see(this.effectsSeen, words[row.effect] as number, secondHash(words, row.effect))) {
      throw new Beyond('an effect that is written twice');
    }
    const effect = this.effects.begin(words, row.effect, device, originSeq, time, place);
    if (effect < 0) throw new Beyond('a long id');
    const conserved = new Conservation(kind);
    let changes = this.#spend(row, effect, conserved);
    changes += this.#make(row, effect, conserved);
    if (isTransfer(row)) this.booked.transfers += 1;
    const isDone = this.effects.expect(effect, changes);
    if (!conserved.holds) this.effects.dispute(effect);
    else if (isDone) this.#close(effect);
  }

  /** Whether what somebody owns is the identity's: by its name, or because nobody is named. */
  owns(words: Int32Array, owner: number): boolean {
    return owner === 0 || sameText(words, owner, this.#identityText, 0);
  }

  /** The number of an effect that is under way; -1 where there is none of that id. */
  find(words: Int32Array, at: number): number {
    return this.effects.names.find(words, at);
  }

  /** A device applies an effect, by a line at a place in its order. */
  apply(effect: number, device: number, place: number): void {
    if (this.effects.learn(effect, device, place)) this.#step(effect);
  }

  /** A device books a change of an effect. */
  move(
    effect: number,
    device: number,
    words: Int32Array,
    row: { token: number; coin: number; delta: number },
    ledger: DeviceLedger,
  ): void {
    let change = this.effects.firstChange(effect);
    while (change !== noChange && !this.tokens.is(this.token.get(change), words, row.token)) {
      change = this.nextChange.get(change);
    }
    if (change === noChange) throw new Beyond('a change that the effect does not name');
    const token = this.token.get(change);
    const delta = this.delta.get(change);
    const bit = 1 << device;
    const bookedOn = this.bookedOn.get(change);
    const coin = this.coin.get(token);
    if ((bookedOn & bit) !== 0 || !this.coins.is(coin, words, row.coin) || !this.amounts.is(delta, words, row.delta)) {
      throw new Beyond('a change by another amount');
    }
    this.bookedOn.set(change, bookedOn | bit);
    const brings = this.birth.get(token) === change;
    const isWhole = brings ? !this.#isGone(token, bit) : this.#isBooked(this.birth.get(token), bit);
    // What is spent before it came is held less than not at all.
    if (!isWhole) this.effects.dispute(effect);
    ledger.move(coin, this.amounts.value(delta), brings === isWhole);
    this.#step(effect);
  }

  #isBooked(change: number, bit: number): boolean {
    return change === noChange || (this.bookedOn.get(change) & bit) !== 0;
  }

  /** Whether a device booked the token's end. */
  #isGone(token: number, bit: number): boolean {
    return this.spent.get(token) !== alive && this.#isBooked(this.death.get(token), bit);
  }

  /** The tokens that effects make or spend which did not come everywhere, by their numbers. */
  disputed(): ReadonlySet<number> {
    const tokens = new Set<number>();
    for (const effect of this.effects.open()) {
      for (let change = this.effects.firstChange(effect); change !== noChange; change = this.nextChange.get(change)) {
        tokens.add(this.token.get(change));
      }
    }
    return tokens;
  }

  /** The tokens that live. To be asked where nothing is under way. */
  *living(): Generator<HeldToken> {
    for (let token = 0; token < this.tokens.bound; token += 1) {
      if (this.spent.get(token) === alive) yield this.#held(token);
    }
  }

  /** The tokens that a device holds by its own lines; less than none of one that was spent there before it came. */
  *heldBy(device: number): Generator<HeldToken> {
    const bit = 1 << device;
    for (let token = 0; token < this.tokens.bound; token += 1) {
      if (this.spent.get(token) === forgotten) continue;
      const [came, went] = [this.#isBooked(this.birth.get(token), bit), this.#isGone(token, bit)];
      if (came && !went) yield this.#held(token);
      else if (went && !came) yield negative(this.#held(token));
    }
  }

  #held(token: number): HeldToken {
    const amount = this.amounts.value(this.amount.get(token));
    return { tokenId: this.tokens.text(token), coin: this.coins.text(this.coin.get(token)), amount };
  }

  #spend({ words, inputs }: WriteRow, effect: number, conserved: Conservation): number {
    const count = itemsAt(words, inputs);
    for (let index = 1; index <= count; index += 1) {
      const token = this.tokens.find(words, words[inputs + index] as number);
      if (token < 0) throw new Beyond('a token of unknown origin');
      if (this.spent.get(token) !== alive) throw new Beyond('a token that is spent twice');
      this.spent.set(token, ending);
      const amount = this.amount.get(token);
      conserved.takeIn(this.coin.get(token), this.amounts.value(amount));
      this.death.set(token, this.#addChange(effect, token, this.amounts.acquireNegative(amount)));
    }
    return count;
  }

  #make({ words, outputs, kind }: WriteRow, effect: number, conserved: Conservation): number {
    const count = itemsAt(words, outputs);
    let own = 0;
    for (let index = 0; index < count; index += 1) {
      const at = outputs + 1 + index * outputWidth;
      const [tokenAt, coinAt, amountAt, ownerAt] = [words[at], words[at + 1], words[at + 2], words[at + 3]] as [
        number,
        number,
        number,
        number,
      ];
      const coin = this.#coinOf(words, coinAt);
      const amount = this.amounts.acquire(words, amountAt);
      const value = this.amounts.value(amount);
      conserved.putOut(coin, value);
      if (!this.owns(words, ownerAt)) {
        this.#transfers.send(words, tokenAt, this.coins.text(coin), value);
        this.amounts.release(amount);
        continue;
      }
      if (kind === writeKind.receive) this.#transfers.receive(words, tokenAt, this.coins.text(coin), value);
      if (isZero(value)) throw new Beyond('a token of no worth');
      if (see(this.tokensSeen, words[tokenAt] as number, secondHash(words, tokenAt))) {
        throw new Beyond('a token that is made twice');
      }
      const token = this.tokens.add(words, tokenAt);
      if (token < 0) throw new Beyond('a long id');
      this.coin.set(token, coin);
      this.amount.set(token, amount);
      this.spent.set(token, alive);
      // The same amount twice: for the token, and for the change that brings it.
      this.birth.set(token, this.#addChange(effect, token, this.amounts.acquire(words, amountAt)));
      own += 1;
    }
    return own;
  }

  #coinOf(words: Int32Array, at: number): number {
    const coin = this.coins.numberOf(words, at);
    if (coin < 0) throw new Beyond('a long name of a coin');
    return coin;
  }

  #addChange(effect: number, token: number, delta: number): number {
    const change = this.changes.take();
    this.token.set(change, token);
    this.delta.set(change, delta);
    this.bookedOn.set(change, 0);
    this.nextChange.set(change, this.effects.firstChange(effect));
    this.effects.setFirstChange(effect, change);
    return change;
  }

  #step(effect: number): void {
    if (this.effects.step(effect)) this.#close(effect);
  }

  /** Everything about an effect is done. */
  #close(effect: number): void {
    let change = this.effects.firstChange(effect);
    for (let device = 0; change !== noChange && device < this.devices; device += 1) {
      const since = this.effects.since(effect, device);
      if (since > (this.bookedUntil[device] as number)) this.bookedUntil[device] = since;
    }
    while (change !== noChange) {
      const token = this.token.get(change);
      if (this.birth.get(token) === change) this.birth.set(token, noChange);
      else {
        this.death.set(token, noChange);
        this.spent.set(token, ended);
        this.booked.spent += 1;
      }
      if (this.spent.get(token) === ended && this.birth.get(token) === noChange) this.#forgetToken(token);
      this.booked.changes += this.devices;
      this.amounts.release(this.delta.get(change));
      this.changes.release(change);
      change = this.nextChange.get(change);
    }
    this.effects.end(effect);
    this.booked.effects += 1;
  }

  #forgetToken(token: number): void {
    this.spent.set(token, forgotten);
    this.amounts.release(this.amount.get(token));
    this.tokens.remove(token);
  }
}

function negative({ amount, ...token }: HeldToken): HeldToken {
  return { ...token, amount: negate(amount) };
}
