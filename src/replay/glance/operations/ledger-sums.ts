import { Names } from '../../../events/columns/names.ts';
import { type CoinLedger, type CoinTotal, type Ledger, totals } from '../../projections/ledger.ts';
import { Beyond } from '../beyond.ts';
import { CoinSums } from './coin-sums.ts';
import { ExactSums } from './exact-sums.ts';

/** What devices hold of each coin, by their balance lines. Devices are given by number. */
export class LedgerSums {
  readonly #coins = new Names();
  /** By the number of a coin. */
  readonly #sums: (CoinSums | ExactSums)[] = [];
  #devices = 0;
  /** By device, what it held whenever it was cleared. */
  readonly #cleared: CoinTotal[][][] = [];

  /** A device books a change: of a coin's token by an amount, all as places in its batch. */
  move(device: number, words: Int32Array, coin: number, token: number, delta: number): void {
    const number = this.#coins.numberOf(words, coin);
    if (number < 0) throw new Beyond('a long name of a coin');
    let sums = this.#sums[number];
    if (sums === undefined) {
      sums = new CoinSums();
      this.#sums[number] = sums;
    }
    this.#devices = Math.max(this.#devices, device + 1);
    if (sums.move(device, words, token, delta)) return;
    const exact = new ExactSums(sums as CoinSums, this.#devices);
    this.#sums[number] = exact;
    exact.move(device, words, token, delta);
  }

  clear(device: number): void {
    const cleared = this.#cleared[device] ?? [];
    this.#cleared[device] = cleared;
    cleared.push(totals(this.#coinsOf(device)));
    for (const sums of this.#sums) sums.clear(device);
  }

  /** What the projection `ledger` would hold of a device. */
  of(device: number): Ledger {
    return { coins: this.#coinsOf(device), cleared: this.#cleared[device] ?? [] };
  }

  #coinsOf(device: number): Map<string, CoinLedger> {
    const coins = new Map<string, CoinLedger>();
    for (const [number, sums] of this.#sums.entries()) {
      const held = sums.of(device);
      if (held) coins.set(this.#coins.text(number), held);
    }
    return coins;
  }
}
