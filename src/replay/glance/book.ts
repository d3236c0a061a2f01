import { isZero } from '../../base/amount.ts';
import { has, newSeen, see } from '../../base/seen.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { Names } from '../../events/columns/names.ts';
import { sameText, secondHash, textAt } from '../../events/columns/texts.ts';
import { Amounts, addendOf, readAmountAt } from './amounts.ts';
import { Beyond } from './beyond.ts';
import { Changes, noChange } from './changes.ts';
import { Conservation, writeKind } from './conservation.ts';
import { EffectsUnderWay } from './effects-under-way.ts';
import { EndedEffects } from './ended-effects.ts';
import { cells } from './layout.ts';
import { mostDevices } from './log-lane.ts';
import { Recovery } from './recovery.ts';
import { Sought } from './sought.ts';
import { Stillborn } from './stillborn.ts';
import type { Suspects } from './suspects.ts';
import { type Holder, TokenBook } from './token-book.ts';
import type { Transfers } from './transfers.ts';
import { type Author, isTransfer, itemsAt, outputWidth } from './write-row.ts';

/**
 * The effects of one identity that are under way, and its tokens. By the book each effect is written once, and applied and booked on
 * every device, once, by what it says. An effect that came so far is closed and forgotten, a token once the effect that spends it is.
 * Where tokens are spent, made or booked in another way, that is kept as stray, and what bears on it is sought. Whatever else happens is beyond it.
 */
export class Book {
  readonly identity: string;
  readonly devices: number;
  readonly #identityText: Int32Array;
  readonly #transfers: Transfers;
  readonly #suspects: Suspects | undefined;
  readonly amounts = new Amounts();
  readonly coins = new Names();
  readonly effects: EffectsUnderWay;
  private readonly changes = new Changes();
  readonly sought = new Sought();
  readonly stillborn = new Stillborn();

  readonly tokens = new TokenBook(this.amounts, this.coins, this.changes);
  readonly ended: EndedEffects;
  readonly recovery: Recovery;
  /** All that ever were, so that none comes twice. */
  private readonly effectsSeen = newSeen();
  private readonly tokensSeen = newSeen();
  /** Of the effect that is written just now. */
  readonly #conserved = new Conservation();

  constructor(
    identity: string,
    identityText: Int32Array,
    devices: number,
    transfers: Transfers,
    suspects: Suspects | undefined,
  ) {
    if (devices > mostDevices) throw new Beyond(`more than ${mostDevices} devices`);
    this.identity = identity;
    this.#identityText = identityText;
    this.devices = devices;
    this.effects = new EffectsUnderWay(devices);
    this.ended = new EndedEffects(this.effects, this.changes, this.tokens, this.amounts);
    this.recovery = new Recovery(this.effects, this.changes, this.tokens, this.ended);
    this.#transfers = transfers;
    this.#suspects = suspects;
  }

  /** Takes an effect that a device writes by a row. */
  write({ cells: all, words }: ColumnBatch, base: number, { index, written, time, events }: Author): void {
    const at = all[base + cells.write.effect] as number;
    const kind = all[base + cells.write.kind] as number;
    const inputs = all[base + cells.write.inputs] as number;
    if (see(this.effectsSeen, words[at] as number, secondHash(words, at))) {
      throw new Beyond('an effect that is written twice');
    }
    const effect = this.effects.begin(words, at, index, written, time, events);
    if (effect < 0) throw new Beyond('a long id');
    this.#conserved.begin(kind);
    const spent = this.#spend(words, inputs, effect);
    const made = this.#make(words, all[base + cells.write.outputs] as number, kind, effect);
    if (isTransfer(words, inputs, kind)) this.ended.booked.transfers += 1;
    if (this.#suspects?.mayMiss([...this.#changesBy(effect)].map((change) => this.tokens.changeBy(change))))
      this.#seek(words, at, inputs, all[base + cells.write.outputs] as number);
    const isDone = this.effects.expect(effect, spent + made);
    if (!this.#conserved.holds) this.effects.dispute(effect);
    else if (isDone) this.ended.add(effect);
  }

  /** Whether there is anything that did not come everywhere, or not by the book. */
  get isOpen(): boolean {
    return this.effects.names.size > 0 || !this.sought.isEmpty;
  }

  /** Whether what somebody owns is the identity's: by its name, or because nobody is named. */
  owns(words: Int32Array, owner: number): boolean {
    return owner === 0 || sameText(words, owner, this.#identityText, 0);
  }

  /** The number of an effect that is under way; -1 where there is none of that id. */
  find(words: Int32Array, at: number): number {
    return this.effects.names.find(words, at);
  }

  /** Whether an effect of this id was written by now, be it over or not. */
  wasWritten(words: Int32Array, at: number): boolean {
    return has(this.effectsSeen, words[at] as number, secondHash(words, at));
  }

  /** A device applies an effect, by a line at a place in its order. */
  apply(effect: number, device: number, place: number): void {
    if (!this.effects.learn(effect, device, place)) return;
    for (let change = this.effects.firstChange(effect); change !== noChange; change = this.changes.nextOf(change)) {
      this.#passWhereSpent(effect, change, device);
    }
    this.#step(effect);
  }

  /** A token whose end a device applied before it came does not come alive there: neither is booked. */
  #passWhereSpent(effect: number, birth: number, device: number): void {
    const { changes, tokens } = this;
    const token = changes.tokenOf(birth);
    const death = tokens.isBroughtBy(token, birth) ? tokens.endOf(token) : noChange;
    const bit = 1 << device;
    if (death === noChange || changes.isDoneOn(death, bit) || changes.isDoneOn(birth, bit)) return;
    const spender = changes.effectOf(death);
    if (!this.effects.isKnownTo(spender, device)) return;
    for (const change of [birth, death]) changes.pass(change, bit);
    this.stillborn.add(device, tokens.names.text(token));
    this.#step(spender);
    this.#step(effect);
  }

  /** A device books a change of an effect that is under way, by a row. */
  move(effect: number, batch: ColumnBatch, base: number, holder: Holder): void {
    const { changes } = this;
    const { cells: all, words } = batch;
    const tokenAt = all[base + cells.balance.token] as number;
    let change = this.effects.firstChange(effect);
    while (change !== noChange && !this.tokens.names.is(changes.tokenOf(change), words, tokenAt)) {
      change = changes.nextOf(change);
    }
    const bit = 1 << holder.index;
    if (change === noChange || changes.isDoneOn(change, bit) || !this.#isMovedBy(change, batch, base)) {
      this.effects.dispute(effect);
      this.#stray(batch, base, holder);
      return;
    }
    changes.book(change, bit);
    const token = changes.tokenOf(change);
    const brings = this.tokens.isBroughtBy(token, change);
    const isWhole = brings ? !this.tokens.hasGone(token, bit) : this.tokens.hasCome(token, bit);
    // What is spent before it came is held less than not at all.
    if (!isWhole) this.effects.dispute(effect);
    const delta = this.amounts.value(changes.deltaOf(change));
    holder.ledger.move(this.tokens.coinOf(token), delta, brings === isWhole ? 1 : -1);
    this.#step(effect);
  }

  /** A device books a change of an effect that is over. */
  moveLate(batch: ColumnBatch, base: number, holder: Holder): void {
    const { cells: all, words } = batch;
    const effect = all[base + cells.balance.effect] as number;
    if (!this.wasWritten(words, effect)) throw new Beyond('a change by an effect that nobody wrote before');
    this.sought.seekEffect(words, effect);
    this.#stray(batch, base, holder);
  }

  #isMovedBy(change: number, { cells: all, words }: ColumnBatch, base: number): boolean {
    const coin = this.tokens.coinOf(this.changes.tokenOf(change));
    return (
      this.coins.is(coin, words, all[base + cells.balance.coin] as number) &&
      this.amounts.is(this.changes.deltaOf(change), words, all[base + cells.balance.delta] as number)
    );
  }

  #stray({ cells: all, words }: ColumnBatch, base: number, { ledger, strays }: Holder): void {
    const token = all[base + cells.balance.token] as number;
    this.sought.seekToken(words, token);
    const coin = this.#coinOf(words, all[base + cells.balance.coin] as number);
    const delta = readAmountAt(words, all[base + cells.balance.delta] as number);
    ledger.move(coin, addendOf(delta), 0);
    strays.add(this.coins.text(coin), textAt(words, token), delta);
  }

  /** The tokens that effects make or spend which did not come everywhere, by their numbers. */
  disputed(): ReadonlySet<number> {
    const tokens = new Set<number>();
    for (const effect of this.effects.open()) {
      for (const change of this.#changesBy(effect)) tokens.add(this.changes.tokenOf(change));
    }
    return tokens;
  }

  #changesBy(effect: number): Iterable<number> {
    return this.changes.from(this.effects.firstChange(effect));
  }

  /** An effect and what it spends and makes are looked up, however they go on. */
  #seek(words: Int32Array, effect: number, inputs: number, outputs: number): void {
    this.sought.seekEffect(words, effect);
    for (let index = itemsAt(words, inputs); index > 0; index -= 1) {
      this.sought.seekToken(words, words[inputs + index] as number);
    }
    for (let index = itemsAt(words, outputs) - 1; index >= 0; index -= 1) {
      this.sought.seekToken(words, words[outputs + 1 + index * outputWidth] as number);
    }
  }

  #spend(words: Int32Array, inputs: number, effect: number): number {
    const count = itemsAt(words, inputs);
    let changes = 0;
    for (let index = 1; index <= count; index += 1) {
      const tokenAt = words[inputs + index] as number;
      const token = this.tokens.findAlive(words, tokenAt);
      if (token < 0) {
        this.sought.seekToken(words, tokenAt);
        this.#conserved.giveUp();
        continue;
      }
      changes += 1;
      const amount = this.tokens.amountOf(token);
      this.#conserved.takeIn(this.tokens.coinOf(token), this.amounts.value(amount));
      this.tokens.endBy(token, this.#addChange(effect, token, this.amounts.acquireNegative(amount)));
    }
    return changes;
  }

  #make(words: Int32Array, outputs: number, kind: number, effect: number): number {
    const count = itemsAt(words, outputs);
    let changes = 0;
    for (let index = 0; index < count; index += 1) {
      const at = outputs + 1 + index * outputWidth;
      const tokenAt = words[at] as number;
      const amountAt = words[at + 2] as number;
      const coin = this.#coinOf(words, words[at + 1] as number);
      const amount = this.amounts.acquire(words, amountAt);
      const value = this.amounts.value(amount);
      this.#conserved.putOut(coin, value);
      if (!this.owns(words, words[at + 3] as number)) {
        this.#transfers.send(words, tokenAt, this.coins.text(coin), value);
        this.amounts.release(amount);
        continue;
      }
      if (kind === writeKind.receive) this.#transfers.receive(words, tokenAt, this.coins.text(coin), value);
      if (isZero(value)) throw new Beyond('a token of no worth');
      if (see(this.tokensSeen, words[tokenAt] as number, secondHash(words, tokenAt))) {
        this.sought.seekToken(words, tokenAt);
        this.#conserved.giveUp();
        this.amounts.release(amount);
        continue;
      }
      const token = this.tokens.add(words, tokenAt, coin, amount);
      if (token < 0) throw new Beyond('a long id');
      // The same amount twice: for the token, and for the change that brings it.
      this.tokens.beginBy(token, this.#addChange(effect, token, this.amounts.acquire(words, amountAt)));
      changes += 1;
    }
    return changes;
  }

  #coinOf(words: Int32Array, at: number): number {
    const coin = this.coins.numberOf(words, at);
    if (coin < 0) throw new Beyond('a long name of a coin');
    return coin;
  }

  #addChange(effect: number, token: number, delta: number): number {
    const change = this.changes.add(effect, token, delta, this.effects.firstChange(effect));
    this.effects.setFirstChange(effect, change);
    return change;
  }

  #step(effect: number): void {
    if (this.effects.step(effect)) this.ended.add(effect);
  }
}
