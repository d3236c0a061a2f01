import { isRecord } from '../../field.ts';
import { shiftAmount } from '../../mapping/value.ts';
import { parseJson } from '../../sources/salvage.ts';

/** One coin of a balance listing, as a `balance.read` without its device. */
export interface ListedBalance {
  readonly coin: string;
  readonly amount: unknown;
  readonly tokens: unknown;
}

const listed = /^\s*([^\s:{]+):\s*(-?\d+(?:\.\d+)?)\s*\((\d+) tokens?\)\s*$/;

/**
 * The balances on one line of a listing: `UCT: 99.999999999989 (1 token)`, or the driver's `{"n":7,"bal":{"UCT":"209…"}}`, which counts in
 * smallest units (`amountShift` of a mapping says how small) and has one number of tokens for all coins.
 */
export function balancesOn(line: string, amountShift: number): ListedBalance[] {
  const text = listed.exec(line);
  if (text) return [{ coin: text[1] as string, amount: text[2], tokens: Number(text[3]) }];
  const start = line.indexOf('{');
  const value = start < 0 ? undefined : parseJson(line.slice(start));
  if (!isRecord(value) || !isRecord(value.bal)) return [];
  return Object.entries(value.bal).map(([coin, amount]) => ({
    coin,
    amount: amountShift === 0 ? amount : shiftAmount(amount, amountShift),
    tokens: value.n,
  }));
}
