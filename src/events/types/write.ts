import { defineEvent } from '../event-type.ts';
import { amount, list, number, oneOf, optional, ordinal, shape, text } from '../field.ts';

/** A token that an effect brings to life. `owner` is an identity; absent, the writer's own. */
const output = shape({ tokenId: text, coin: text, amount, owner: optional(text) });

/**
 * The device wrote an effect into the replicated log. With `inputs` or `outputs` it is a token effect:
 * inputs are retired, outputs come alive at their owner.
 */
export const write = defineEvent('write', {
  effect: text,
  originSeq: ordinal,
  key: text,
  durationMs: optional(number),
  bytes: optional(number),
  cid: optional(text),
  deps: optional(list(text)),
  inputs: optional(list(text)),
  outputs: optional(list(output)),
  kind: optional(oneOf('mint', 'transfer', 'receive', 'burn')),
});
