import { defineEvent } from '../event-type.ts';
import { amount, count, list, optional, shape, text } from '../field.ts';

/** A token's balance changed on one device. The fold of these lines, emptied by `clear`, is the device's ledger. */
export const balance = defineEvent('balance', {
  tokenId: text,
  coin: text,
  delta: amount,
  effect: optional(text),
  snapshot: optional(text),
});

/** What the device showed its user at that point: a coin's total and how many tokens make it up. */
export const balanceRead = defineEvent('balance.read', { coin: text, amount, tokens: count });

/** Which tokens the device held at that point by its own word. A `tokenId` may be a prefix. */
export const tokensRead = defineEvent('tokens.read', {
  tokens: list(shape({ tokenId: text, coin: optional(text), amount: optional(amount), status: optional(text) })),
  tombstones: optional(count),
});
