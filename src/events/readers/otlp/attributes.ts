import { isRecord } from '../../field.ts';

/** Attributes as OTLP writes them, `[{key, value: {stringValue: …}}]`, as plain JSON by key. What is no attribute is left out; the last of a key counts. */
export function readAttributes(list: unknown, depth = 0): Readonly<Record<string, unknown>> {
  const attributes: Record<string, unknown> = Object.create(null);
  for (const entry of listOf(list)) {
    if (isRecord(entry) && typeof entry.key === 'string') attributes[entry.key] = plain(entry.value, depth);
  }
  return attributes;
}

/** The list, or an empty one for anything else: OTLP leaves out what is empty. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The first of the attributes that is there. */
export function firstOf(attributes: Readonly<Record<string, unknown>>, ...keys: readonly string[]): unknown {
  const key = keys.find((candidate) => (attributes[candidate] ?? '') !== '');
  return key === undefined ? undefined : attributes[key];
}

/** A whole number of 0 or more, also where it is written as a string; `undefined` for anything else. */
export function countOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}

/** How deep values are read that lie in each other: parsers of Protobuf, which OTLP is, stop there too. */
const deepest = 100;

function plain(value: unknown, depth: number): unknown {
  if (!isRecord(value) || depth > deepest) return null;
  const { stringValue, boolValue, intValue, doubleValue, bytesValue, arrayValue, kvlistValue } = value;
  if (intValue !== undefined) return wholeNumber(intValue);
  if (doubleValue !== undefined) return Number(doubleValue);
  if (arrayValue !== undefined)
    return isRecord(arrayValue) ? listOf(arrayValue.values).map((item) => plain(item, depth + 1)) : [];
  if (kvlistValue !== undefined)
    return isRecord(kvlistValue) ? { ...readAttributes(kvlistValue.values, depth + 1) } : {};
  return stringValue ?? boolValue ?? bytesValue ?? null;
}

/** An integer of 64 bits, a string or a number in the file. One that a number cannot hold keeps its digits: an amount takes them as they are. */
function wholeNumber(value: unknown): unknown {
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) ? number : value;
}
