import { defineEvent } from '../event-type.ts';
import { count, list, number, oneOf, optional, table, text } from '../field.ts';

/** The device published a snapshot that claims every effect up to `frontier` (device → originSeq). */
export const publish = defineEvent('publish', {
  snapshot: text,
  frontier: table(count),
  contents: optional(list(text)),
  durationMs: optional(number),
});

/** The device took its state from a snapshot. */
export const importSnapshot = defineEvent('import', {
  snapshot: text,
  source: oneOf('network', 'cache'),
  contents: optional(list(text)),
});

/** The device's state was wiped. */
export const clear = defineEvent('clear', {});
