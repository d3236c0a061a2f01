import { defineEvent } from '../event-type.ts';
import { flag, number, optional, ordinal, text } from '../field.ts';

/** Any network round trip that is not a `verify`: `kind` is `pin`, `fetch`, `publish`, `submit` or another word. */
export const request = defineEvent('request', {
  kind: text,
  requestId: optional(text),
  attempt: ordinal,
  ok: flag,
  durationMs: number,
  bytes: optional(number),
  blocks: optional(number),
});
