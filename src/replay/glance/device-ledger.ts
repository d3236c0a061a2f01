import type { Holding } from '../projections/readings.ts';
import { type Addend, addTo, newSum, type Sum, totalOf } from './amounts.ts';

interface Tally {
  readonly sum: Sum;
  tokens: number;
}

/** What one device holds of each coin, by its balance lines. */
export class DeviceLedger {
  /** By the coin's number. */
  private readonly holdings: (Tally | undefined)[] = [];

  /** `tokens`: 1 where a token comes, -1 where one goes, 0 where that is for others to say. */
  move(coin: number, delta: Addend, tokens: -1 | 0 | 1): void {
    let holding = this.holdings[coin];
    if (holding === undefined) {
      holding = { sum: newSum(), tokens: 0 };
      this.holdings[coin] = holding;
    }
    addTo(holding.sum, delta);
    holding.tokens += tokens;
  }

  /** The device is wiped. */
  clear(): void {
    this.holdings.length = 0;
  }

  /** What the device holds of a coin; `undefined` where no line ever moved any. */
  of(coin: number): Holding | undefined {
    const holding = this.holdings[coin];
    return holding && { amount: totalOf(holding.sum), tokens: holding.tokens };
  }
}
