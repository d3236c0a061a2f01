import { formatAmount } from '../base/amount.ts';
import type { EventType } from './event-type.ts';
import { isRecord } from './field.ts';
import { eventTypes } from './types/index.ts';

const fieldsByType = new Map<string, readonly string[]>(
  eventTypes.map(({ name, fields }: EventType) => [name, Object.keys(fields)]),
);

/** An event's own fields on one line, in the order of its type: `effect=e17 origin=bob-peer1 action=applied`. */
export function describeEvent(event: { readonly type: string }): string {
  const values = event as Readonly<Record<string, unknown>>;
  const names = fieldsByType.get(event.type) ?? [];
  return names
    .filter((name) => values[name] !== undefined)
    .map((name) => `${name}=${describe(values[name])}`)
    .join(' ');
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(' ')}]`;
  if (!isRecord(value)) return String(value);
  if (typeof value.units === 'bigint') return formatAmount(value as { units: bigint; scale: number } & typeof value);
  return `{${Object.keys(value)
    .map((key) => `${key}=${describe(value[key])}`)
    .join(' ')}}`;
}
