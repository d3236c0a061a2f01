import { defineEvent } from '../event-type.ts';
import { flag, list, optional, text } from '../field.ts';

/** The first line of an incarnation: a process of the device started. */
export const deviceStart = defineEvent('device.start', {});

/** The last line of an orderly stop. `quiescent`: nothing written here still waits to leave, nothing received still waits to be applied. */
export const deviceEnd = defineEvent('device.end', { quiescent: flag, heads: optional(list(text)) });
