import { formatAmount } from '../base/amount.ts';
import type { EventType } from './event-type.ts';
import { isRecord } from './field.ts';
import { eventTypes } from './types/index.ts';

const fieldsByType = new Map<string, readonly string[]>(
  eventTypes.map(({ name, fields }: EventType) => [name, Object.keys(fields)]),
);

/**
 * An event's own fields on one line, in the order of its type: `effect=e17 origin=bob-peer1 action=applied`.
 * Long texts are cut in the middle, and of lists and tables only the size is said: the line itself has the rest.
 */
export function describeEvent(event: { readonly type: string }): string {
  const values = event as Readonly<Record<string, unknown>>;
  const names = fieldsByType.get(event.type) ?? [];
  return names
    .filter((name) => values[name] !== undefined)
    .map((name) => `${name}=${describe(values[name])}`)
    .join(' ');
}

const longestText = 28;

function describe(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? `[${describe(value[0])}]` : `[${value.length} items]`;
  if (!isRecord(value)) return shorten(String(value));
  if (typeof value.units === 'bigint') return formatAmount(value as { units: bigint; scale: number } & typeof value);
  return `{${Object.keys(value).length} keys}`;
}

function shorten(text: string): string {
  return text.length > longestText ? `${text.slice(0, 16)}…${text.slice(-8)}` : text;
}
