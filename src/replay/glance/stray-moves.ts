import { type Amount, add, isZero, zero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { HeldToken } from '../projections/readings.ts';
import { Beyond } from './beyond.ts';

/** Each costs time whenever its coin is shown. */
const mostStrays = 1000;

/** What lines of one device moved beside what effects say: by coin and token, as far as it does not come to nothing. */
export class StrayMoves {
  private readonly sums: Map<string, Map<string, Amount>> = new Map();
  private size = 0;

  get isEmpty(): boolean {
    return this.size === 0;
  }

  add(coin: string, tokenId: string, delta: Amount): void {
    const ofCoin = getOrCreate(this.sums, coin, (): Map<string, Amount> => new Map());
    const before = ofCoin.size;
    const sum = add(ofCoin.get(tokenId) ?? zero, delta);
    if (isZero(sum)) ofCoin.delete(tokenId);
    else ofCoin.set(tokenId, sum);
    this.size += ofCoin.size - before;
    if (this.size > mostStrays) throw new Beyond('more stray changes than are kept');
  }

  /** By token, what was moved of a coin. */
  of(coin: string): ReadonlyMap<string, Amount> {
    return this.sums.get(coin) ?? new Map();
  }

  /** Tokens, with what was moved of each on top of what is held by effects. */
  *onTopOf(held: Iterable<HeldToken>): Generator<HeldToken> {
    const left = new Map([...this.sums].map(([coin, tokens]) => [coin, new Map(tokens)]));
    for (const token of held) {
      const strays = left.get(token.coin);
      const amount = add(token.amount, strays?.get(token.tokenId) ?? zero);
      strays?.delete(token.tokenId);
      if (!isZero(amount)) yield { ...token, amount };
    }
    for (const [coin, tokens] of left) for (const [tokenId, amount] of tokens) yield { tokenId, coin, amount };
  }
}
