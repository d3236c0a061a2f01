import { type Amount, formatAmount } from '../../base/amount.ts';
import { byText } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Showing } from '../../replay/projections/shown.ts';
import type { LedgerSide } from '../../results.ts';
import type { Comparison } from '../invariant.ts';
import { count } from './wording.ts';

/** What was shown, for a sentence: `219.999999999989 UCT (8 tokens)`. */
export function describeReading({ amount, coin, tokens }: { amount: Amount; coin: string; tokens: number }): string {
  return `${formatAmount(amount)} ${coin} (${count(tokens, 'token')})`;
}

/** Two readings side by side, ordered by device; which tokens they are made of, no line says. */
export function besideReading(one: Showing | undefined, other: Showing): Comparison | undefined {
  return one && compareReadings(one.last.event, other.first.event);
}

/** Two readings side by side, ordered by device. */
export function compareReadings(one: ReplayEvent<'balance.read'>, other: ReplayEvent<'balance.read'>): Comparison {
  const [left, right] = [sideOf(one), sideOf(other)].sort((a, b) => byText(a.device, b.device));
  return { sides: [left as LedgerSide, right as LedgerSide], tokens: [] };
}

function sideOf({ device, incarnation, amount, tokens }: ReplayEvent<'balance.read'>): LedgerSide {
  return { device, incarnation, phase: 'as shown', amount: formatAmount(amount), tokens };
}
