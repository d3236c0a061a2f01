import { type Amount, add, equal, formatAmount, zero } from '../../base/amount.ts';
import { byText } from '../../base/order.ts';
import { ledger } from '../../replay/projections/ledger.ts';
import type { LedgerSide, TokenDifference } from '../../results.ts';
import type { Comparison } from '../invariant.ts';
import type { CaseFile } from './case-file.ts';

/** The tokens of one coin that a device holds at the end. */
export function tokensOf(file: CaseFile, device: string, coin: string): ReadonlyMap<string, Amount> {
  return file.states.read(ledger).get(device)?.coins.get(coin)?.tokens ?? new Map();
}

/** The sum of some tokens. */
export function total(tokens: ReadonlyMap<string, Amount>): Amount {
  return [...tokens.values()].reduce(add, zero);
}

/** What two devices hold of a coin at the end, ordered by device, with the tokens that differ. */
export function sideBySide(file: CaseFile, devices: readonly [string, string], coin: string): Comparison {
  const [left, right] = devices.toSorted(byText) as [string, string];
  return {
    sides: [sideOf(file, left, coin), sideOf(file, right, coin)],
    tokens: differences(coin, tokensOf(file, left, coin), tokensOf(file, right, coin)),
  };
}

/** A device beside the first sibling that holds the coin differently, or the first sibling; `undefined` where it has none. */
export function besideSibling(file: CaseFile, identity: string, device: string, coin: string): Comparison | undefined {
  const siblings = (file.identities.get(identity) ?? [])
    .map((capture) => capture.device)
    .filter((other) => other !== device);
  const comparisons = siblings.map((sibling) => sideBySide(file, [device, sibling], coin));
  return comparisons.find(({ tokens }) => tokens.length > 0) ?? comparisons[0];
}

function sideOf(file: CaseFile, device: string, coin: string): LedgerSide {
  const capture = file.captures.get(device);
  const tokens = tokensOf(file, device, coin);
  return {
    device,
    incarnation: capture?.incarnations.at(-1)?.incarnation ?? 1,
    phase: (capture?.phase ?? 0) > 0 ? 'after clear' : 'at the end',
    amount: formatAmount(total(tokens)),
    tokens: tokens.size,
  };
}

function differences(
  coin: string,
  left: ReadonlyMap<string, Amount>,
  right: ReadonlyMap<string, Amount>,
): TokenDifference[] {
  const ids = [...new Set([...left.keys(), ...right.keys()])].sort(byText);
  return ids.flatMap((tokenId) => {
    const [one, other] = [left.get(tokenId), right.get(tokenId)];
    if (one && other && equal(one, other)) return [];
    return [{ tokenId, coin, left: one ? formatAmount(one) : null, right: other ? formatAmount(other) : null }];
  });
}
