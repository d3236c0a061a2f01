import { formatAmount } from '../base/amount.ts';
import type { EventType } from './event-type.ts';
import { isRecord } from './field.ts';
import { eventTypes } from './types/index.ts';

const fieldsByType = new Map<string, readonly string[]>(
  eventTypes.map(({ name, fields }: EventType) => [name, Object.keys(fields)]),
);

/**
 * An event's own fields on one line, in the order of its type: `effect=e17 origin=bob-peer1 action=applied`.
 * Long ids are cut in the middle, and of long lists and tables only the size is said: the line itself has the rest.
 */
export function describeEvent(event: { readonly type: string }): string {
  const values = event as Readonly<Record<string, unknown>>;
  const names = fieldsByType.get(event.type) ?? [];
  return names
    .filter((name) => values[name] !== undefined)
    .map((name) => `${name}=${describe(values[name])}`)
    .join(' ');
}

const longestId = 24;
const mostItems = 2;
const mostKeys = 4;

function describe(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length > mostItems ? `[${value.length} items]` : `[${value.map(describe).join(' ')}]`;
  }
  if (!isRecord(value)) return shorten(String(value));
  if (typeof value.units === 'bigint') return formatAmount(value as { units: bigint; scale: number } & typeof value);
  const keys = Object.keys(value);
  if (keys.length > mostKeys || keys.some((key) => isNested(value[key]))) return `{${keys.length} keys}`;
  return `{${keys.map((key) => `${key}=${describe(value[key])}`).join(' ')}}`;
}

function isNested(value: unknown): boolean {
  return isRecord(value) && typeof value.units !== 'bigint';
}

function shorten(text: string): string {
  return text.length > longestId && !text.includes(' ') ? `${text.slice(0, 4)}…${text.slice(-4)}` : text;
}
