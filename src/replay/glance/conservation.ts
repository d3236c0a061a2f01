import { type Addend, addTo, empty, newSum, type Sum, signOf } from './amounts.ts';

/** How a write's `kind` stands in a row: its index among the words of the field, plus one. */
export const writeKind = { none: 0, mint: 1, transfer: 2, receive: 3, burn: 4 } as const;

/** Whether a write puts out what it takes in, coin by coin, as far as anybody can tell. */
export class Conservation {
  #kind: number = writeKind.none;
  /** The coins of the write, of which most have one; and of each what was taken in and not put out. What stands behind these is of writes before. */
  readonly #coins: number[] = [];
  readonly #rests: Sum[] = [];
  #count = 0;
  #inputs = 0;
  #isKnown = true;

  /** Begins with a write of which nothing is known but its kind. */
  begin(kind: number): void {
    this.#kind = kind;
    this.#count = 0;
    this.#inputs = 0;
    this.#isKnown = true;
  }

  /** Something goes in that is not there, or comes out that was there before. */
  giveUp(): void {
    this.#isKnown = false;
  }

  takeIn(coin: number, amount: Addend): void {
    this.#inputs += 1;
    addTo(this.#restOf(coin), amount);
  }

  putOut(coin: number, amount: Addend): void {
    if (this.#inputs > 0) addTo(this.#restOf(coin), amount, -1);
  }

  get holds(): boolean {
    if (!this.#isKnown) return false;
    if (this.#inputs === 0 || this.#kind === writeKind.receive || this.#kind === writeKind.mint) return true;
    for (let index = 0; index < this.#count; index += 1) {
      const sign = signOf(this.#rests[index] as Sum);
      if (this.#kind === writeKind.transfer ? sign !== 0 : sign < 0) return false;
    }
    return true;
  }

  #restOf(coin: number): Sum {
    let index = 0;
    while (index < this.#count && this.#coins[index] !== coin) index += 1;
    if (index === this.#rests.length) this.#rests.push(newSum());
    const rest = this.#rests[index] as Sum;
    if (index === this.#count) {
      this.#coins[index] = coin;
      this.#count += 1;
      empty(rest);
    }
    return rest;
  }
}
