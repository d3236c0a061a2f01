import { defineEvent } from '../event-type.ts';
import { count, flag, number, optional, shape, table, text } from '../field.ts';

/** Aggregated perf counters of one window of `windowMs`, cleared after it. Sums of concurrent awaits exceed wall time. */
export const counters = defineEvent('counters', {
  windowMs: number,
  counters: table(shape({ count, totalMs: number, maxMs: number, avgMs: optional(number) })),
});

/** A section of the scenario begins. */
export const section = defineEvent('section', { section: text, title: text });

/** An assertion of the scenario. */
export const assertion = defineEvent('assertion', { name: text, ok: flag, detail: optional(text) });

/** A resource sample. */
export const sample = defineEvent('sample', { cpuPercent: number, rssBytes: number });

/** Anything else that somebody thought worth a line. */
export const log = defineEvent('log', {});
