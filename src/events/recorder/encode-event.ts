import { inspect } from 'node:util';
import { ReplayError } from '../../base/errors.ts';
import type { EventType } from '../event-type.ts';
import type { Field } from '../field.ts';

/** What one refusal is about. */
export interface Refusal {
  readonly event: string;
  readonly field: string;
  /** The value that was given, shortened for print. */
  readonly seen: string;
  readonly expected: string;
  readonly why?: string | undefined;
}

/** An event that a recorder did not write because a field does not fit. Nothing reached the log and no `seq` was taken. */
export class RefusedEvent extends ReplayError implements Refusal {
  readonly event: string;
  readonly field: string;
  readonly seen: string;
  readonly expected: string;

  constructor({ event, field, seen, expected, why }: Refusal) {
    super(`${event}: ${field}: expected ${expected}, got ${seen}${why === undefined ? '' : ` (${why})`}`);
    this.event = event;
    this.field = field;
    this.seen = seen;
    this.expected = expected;
  }
}

/**
 * Turns the input of a recorder's method into the JSON of its event, every field of the type checked.
 * Throws `RefusedEvent`. Keys that the type does not name are left out; `null` counts as absent.
 */
export function encodeEvent({ name, fields }: EventType, input: object): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(fields)) {
    const value = (input as Record<string, unknown>)[key];
    if (value !== undefined && value !== null) encoded[key] = encodeField(name, key, field, value);
    else if (!field.optional) refuse(name, key, field, value);
  }
  return encoded;
}

/** Turns one value into JSON. Throws `RefusedEvent` where it does not fit. */
export function encodeField(event: string, key: string, field: Field<unknown, never>, value: unknown): unknown {
  const encoded = field.encode ? attempt(field.encode, value) : value;
  if (encoded === undefined || field.parse(encoded) === undefined) refuse(event, key, field, value);
  return encoded;
}

/** Encoders trust the static type; a caller without one may hand over anything. */
function attempt(encode: (input: never) => unknown, value: unknown): unknown {
  try {
    return encode(value as never);
  } catch {
    return undefined;
  }
}

const longestValueShown = 60;

function refuse(event: string, key: string, field: Field<unknown, never>, value: unknown): never {
  const shown = value === undefined || value === null ? 'nothing' : inspect(value, { breakLength: Infinity });
  throw new RefusedEvent({
    event,
    field: key,
    seen: shown.length > longestValueShown ? `${shown.slice(0, longestValueShown)}…` : shown,
    expected: field.expected,
    why: field.explain?.(value),
  });
}
