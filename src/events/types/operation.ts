import { defineEvent } from '../event-type.ts';
import { flag, number, optional, text } from '../field.ts';

/** A logical operation of the user begins. */
export const operationStart = defineEvent('op.start', { op: text, parentOpId: optional(text) });

/** A logical operation ends. `durationMs`: milliseconds from its start. */
export const operationEnd = defineEvent('op.end', { op: text, ok: flag, durationMs: number });
