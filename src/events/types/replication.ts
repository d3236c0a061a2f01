import { defineEvent } from '../event-type.ts';
import { flag, oneOf, optional, ordinal, text } from '../field.ts';

/** What the device did with an effect of another device. `headsOnly`: its ancestors are implied and have no line of their own. */
export const replication = defineEvent('replication', {
  effect: text,
  origin: text,
  originSeq: ordinal,
  action: oneOf('received', 'applied', 'skipped', 'deduplicated', 'rejected'),
  reason: optional(text),
  headsOnly: optional(flag),
});
