import { grouped } from '../base/grouped.ts';
import type { Finding, Moment, Place } from '../results.ts';

/** `file:line`, or `file#item` in a JSON document. */
export function formatPlace(place: Place): string {
  return 'line' in place ? `${place.file}:${place.line}` : `${place.file}#${place.item}`;
}

/** `device:incarnation:seq`: what `replay show --at` takes. */
export function formatMoment({ device, incarnation, seq }: Moment): string {
  return `${device}:${incarnation}:${seq}`;
}

/** Where to look first: the line at which the devices part, else where the finding was seen. */
export function placeOf({ evidence, at }: Finding): Place | null {
  return evidence.find(({ first }) => first) ?? at ?? evidence[0] ?? null;
}

/** A difference with its sign: `+100`, `-0.5`, `0`. */
export function signed(amount: string): string {
  return amount.startsWith('-') || amount === '0' ? amount : `+${amount}`;
}

/** `1 token`, `2 tokens`, `1,204 entries`. */
export function plural(count: number, singular: string, many = `${singular}s`): string {
  return `${grouped(count)} ${count === 1 ? singular : many}`;
}

/** `812 B`, `1.2 MB`: thousands, one digit after the point. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A moment of a device's own clock in ISO 8601. */
export function formatTime(time: number): string {
  return Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? new Date(time).toISOString() : String(time);
}

/** Control characters made visible: what a log says must not be able to drive the terminal that shows it. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** A word as a shell would need it to be typed. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
