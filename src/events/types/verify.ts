import { defineEvent } from '../event-type.ts';
import { flag, number, optional, ordinal, text } from '../field.ts';

/** One network round trip that checks durability. `ok` makes the effect durable. */
export const verify = defineEvent('verify', {
  effect: optional(text),
  cid: optional(text),
  gateway: optional(text),
  attempt: ordinal,
  ok: flag,
  durationMs: number,
});
