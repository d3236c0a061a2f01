import { type Amount, add, isZero, zero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import { defineProjection } from '../projection.ts';

/** One coin on one device: each token that is not zero, and their sum. */
export interface CoinLedger {
  readonly tokens: Map<string, Amount>;
  total: Amount;
}

/** A coin's sum and how many tokens make it up, at a point that has passed. */
export interface CoinTotal {
  readonly coin: string;
  readonly amount: Amount;
  readonly tokens: number;
}

/** Everything that one device holds. */
export interface Ledger {
  readonly coins: Map<string, CoinLedger>;
  /** What it held at each `clear`, in order: the phase before the first, before the second, … */
  readonly cleared: (readonly CoinTotal[])[];
}

/** The ledger of each device: the fold of its `balance` lines, emptied by `clear`. Bounded by the tokens that live. */
export const ledger = defineProjection<Map<string, Ledger>>({
  name: 'ledger',
  initial: () => new Map(),
  on: {
    balance(ledgers, { device, coin, tokenId, delta }) {
      const { coins } = ledgerOf(ledgers, device);
      bookInto(getOrCreate(coins, coin, newCoin), tokenId, delta);
    },
    clear(ledgers, { device }) {
      const { coins, cleared } = ledgerOf(ledgers, device);
      cleared.push(totals(coins));
      coins.clear();
    },
  },
});

/** Books that there is so much more of a token, or less. */
export function bookInto(holding: CoinLedger, tokenId: string, delta: Amount): void {
  const amount = add(holding.tokens.get(tokenId) ?? zero, delta);
  if (isZero(amount)) holding.tokens.delete(tokenId);
  else holding.tokens.set(tokenId, amount);
  holding.total = add(holding.total, delta);
}

/** Nothing of a coin. */
export function newCoin(): CoinLedger {
  return { tokens: new Map(), total: zero };
}

/** The sum of each coin, ordered by coin. */
export function totals(coins: Ledger['coins']): CoinTotal[] {
  return [...coins].map(([coin, { total, tokens }]) => ({ coin, amount: total, tokens: tokens.size })).sort(byCoin);
}

/** The order of coins. */
export function byCoin(left: CoinTotal, right: CoinTotal): number {
  return left.coin < right.coin ? -1 : 1;
}

function ledgerOf(ledgers: Map<string, Ledger>, device: string): Ledger {
  return getOrCreate(ledgers, device, newLedger);
}

function newLedger(): Ledger {
  return { coins: new Map(), cleared: [] };
}
