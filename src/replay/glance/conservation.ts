import { type Amount, add, compareAmounts, isZero, subtract, zero } from '../../base/amount.ts';

/** How a write's `kind` stands in a row: its index among the words of the field, plus one. */
export const writeKind = { none: 0, mint: 1, transfer: 2, receive: 3, burn: 4 } as const;

/** Whether a write puts out what it takes in, coin by coin, as far as anybody can tell. */
export class Conservation {
  readonly #kind: number;
  /** By coin, what was taken in and not put out. Most writes take in one coin. */
  readonly #rest = new Map<number, Amount>();
  #inputs = 0;
  #isKnown = true;

  constructor(kind: number) {
    this.#kind = kind;
  }

  /** Something goes in that is not there, or comes out that was there before. */
  giveUp(): void {
    this.#isKnown = false;
  }

  takeIn(coin: number, amount: Amount): void {
    this.#inputs += 1;
    this.#rest.set(coin, add(this.#rest.get(coin) ?? zero, amount));
  }

  putOut(coin: number, amount: Amount): void {
    if (this.#inputs > 0) this.#rest.set(coin, subtract(this.#rest.get(coin) ?? zero, amount));
  }

  get holds(): boolean {
    if (!this.#isKnown) return false;
    if (this.#inputs === 0 || this.#kind === writeKind.receive || this.#kind === writeKind.mint) return true;
    for (const rest of this.#rest.values()) {
      if (this.#kind === writeKind.transfer ? !isZero(rest) : compareAmounts(rest, zero) < 0) return false;
    }
    return true;
  }
}
