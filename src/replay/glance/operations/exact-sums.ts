import { textAt } from '../../../events/columns/texts.ts';
import { bookInto, type CoinLedger, newCoin } from '../../projections/ledger.ts';
import { readAmountAt } from '../amounts.ts';
import type { CoinSums } from './coin-sums.ts';

/** The same as `CoinSums` of amounts of any length, for a coin whose sums outgrew these. */
export class ExactSums implements Pick<CoinSums, 'move' | 'clear' | 'of'> {
  /** By device. */
  readonly #holdings: (CoinLedger | undefined)[];

  constructor(sums: CoinSums, devices: number) {
    this.#holdings = Array.from({ length: devices }, (_, device) => sums.of(device));
  }

  move(device: number, words: Int32Array, tokenAt: number, deltaAt: number): true {
    const holding = this.#holdings[device] ?? newCoin();
    this.#holdings[device] = holding;
    bookInto(holding, textAt(words, tokenAt), readAmountAt(words, deltaAt));
    return true;
  }

  clear(device: number): void {
    this.#holdings[device] = undefined;
  }

  of(device: number): CoinLedger | undefined {
    return this.#holdings[device];
  }
}
