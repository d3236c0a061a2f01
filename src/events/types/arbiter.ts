import { defineEvent } from '../event-type.ts';
import { oneOf, optional, text } from '../field.ts';

/** What the authority outside of the devices answered about a token. */
export const arbiter = defineEvent('arbiter', {
  tokenId: text,
  verdict: oneOf('accepted', 'refused', 'spent'),
  requestId: optional(text),
});
