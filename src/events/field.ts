import { type Amount, maxAmountDigits, parseAmount } from '../base/amount.ts';

/**
 * What one field of an event may hold. `parse` returns the value, or `undefined` where it does not fit:
 * a value that fits is never `undefined`, so that a decoder needs no exception and no wrapper per field.
 */
export interface Field<Value, Input = Value> {
  /** Completes "expected …" in a message, e.g. `a decimal string such as "-1.25"`. */
  readonly expected: string;
  readonly optional: boolean;
  parse(value: unknown): Value | undefined;
  /** Why a value that does not fit is dangerous, where there is more to say than `expected`. */
  explain?(value: unknown): string | undefined;
  /** Turns what a recorder is given into JSON; absent where they are the same. */
  encode?(input: Input): unknown;
  /** What `parse` takes, for a reader that goes by the bytes. A field that does not say it is read by `parse` alone. */
  readonly form?: Form | undefined;
  /** Carries the type of the recorder's input; never present. */
  readonly takes?: (input: Input) => void;
}

/** The JSON that a field takes, as data: whoever reads it must come to the value that `parse` returns. */
export type Form =
  | { readonly kind: 'string' | 'flag' | 'number' | 'amount' }
  | { readonly kind: 'whole'; readonly least: number }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list' | 'table'; readonly item: Field<unknown, never> }
  | { readonly kind: 'shape'; readonly fields: Fields };

/** A field that may be absent; JSON `null` counts as absent. */
export interface OptionalField<Value, Input = Value> extends Field<Value, Input> {
  readonly optional: true;
}

/** A field that must be there. */
export interface RequiredField<Value, Input = Value> extends Field<Value, Input> {
  readonly optional: false;
}

/** An event type's own fields by name. */
export type Fields = Readonly<Record<string, Field<unknown, never>>>;

type OptionalKeys<Shape> = { [Key in keyof Shape]: Shape[Key] extends { optional: true } ? Key : never }[keyof Shape];
type ValueOf<F> = F extends Field<infer Value, never> ? Value : never;
type InputOf<F> = F extends Field<unknown, infer Input> ? Input : never;

/** What an event of this shape holds when it was read. */
export type Values<Shape> = { readonly [Key in Exclude<keyof Shape, OptionalKeys<Shape>>]: ValueOf<Shape[Key]> } & {
  readonly [Key in OptionalKeys<Shape>]?: ValueOf<Shape[Key]> | undefined;
};

/** What a recorder is given to write an event of this shape. */
export type Inputs<Shape> = { readonly [Key in Exclude<keyof Shape, OptionalKeys<Shape>>]: InputOf<Shape[Key]> } & {
  readonly [Key in OptionalKeys<Shape>]?: InputOf<Shape[Key]> | undefined;
};

function required<Value>(
  expected: string,
  form: Form,
  parse: (value: unknown) => Value | undefined,
): RequiredField<Value> {
  return { expected, optional: false, form, parse };
}

/** A string that is not empty. */
export const text = required('a text', { kind: 'string' }, (value) =>
  typeof value === 'string' && value !== '' ? value : undefined,
);

/** `true` or `false`. */
export const flag = required('true or false', { kind: 'flag' }, (value) =>
  typeof value === 'boolean' ? value : undefined,
);

/** A finite number. */
export const number = required('a number', { kind: 'number' }, (value) =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined,
);

/** A whole number ≥ 0. */
export const count = required('a whole number of 0 or more', { kind: 'whole', least: 0 }, (value) =>
  wholeNumber(value, 0),
);

/** A whole number ≥ 1: incarnations, sequence numbers, attempts. */
export const ordinal = required('a whole number of 1 or more', { kind: 'whole', least: 1 }, (value) =>
  wholeNumber(value, 1),
);

function wholeNumber(value: unknown, least: number): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= least ? (value as number) : undefined;
}

/** What a recorder takes as an amount: a decimal string, a bigint or a safe integer; never a fraction in a float. */
export type AmountInput = string | bigint | number;

/** An exact amount: a decimal string of up to 78 digits. A JSON number fits only where it is a safe integer. */
export const amount: RequiredField<Amount, AmountInput> = {
  expected: 'a decimal string such as "-1.25"',
  optional: false,
  form: { kind: 'amount' },
  parse(value) {
    if (typeof value === 'string') return parseAmount(value);
    return Number.isSafeInteger(value) ? { units: BigInt(value as number), scale: 0 } : undefined;
  },
  explain(value) {
    if (typeof value === 'number') return 'amount is a JSON number and may have lost digits; log it as a string';
    if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) && value.length > maxAmountDigits) {
      return `amount has more than ${maxAmountDigits} digits`;
    }
    return undefined;
  },
  encode: (input) => (typeof input === 'bigint' || Number.isSafeInteger(input) ? String(input) : input),
};

/** One of the given words. */
export function oneOf<const Word extends string>(...words: readonly Word[]): RequiredField<Word> {
  const known = new Set<unknown>(words);
  return required(`one of ${words.join(', ')}`, { kind: 'words', words }, (value) =>
    known.has(value) ? (value as Word) : undefined,
  );
}

/** The same field, but it may be absent. */
export function optional<Value, Input>(field: RequiredField<Value, Input>): OptionalField<Value, Input> {
  return { ...field, optional: true };
}

/** An array whose every item fits. */
export function list<Value, Input>(
  item: RequiredField<Value, Input>,
): RequiredField<readonly Value[], readonly Input[]> {
  const { encode } = item;
  return {
    expected: `a list, each item ${item.expected}`,
    optional: false,
    form: { kind: 'list', item },
    parse(value) {
      if (!Array.isArray(value)) return undefined;
      const parsed: Value[] = [];
      for (const entry of value) {
        const fitting = item.parse(entry);
        if (fitting === undefined) return undefined;
        parsed.push(fitting);
      }
      return parsed;
    },
    explain: (value) => firstExplanation(item, Array.isArray(value) ? value : []),
    ...(encode && { encode: (input: readonly Input[]) => input.map(encode) }),
  };
}

/** An object whose keys are open-ended and whose every value fits. */
export function table<Value, Input>(
  item: RequiredField<Value, Input>,
): RequiredField<Readonly<Record<string, Value>>, Readonly<Record<string, Input>>> {
  return {
    expected: `an object, each value ${item.expected}`,
    optional: false,
    form: { kind: 'table', item },
    parse(value) {
      if (!isRecord(value)) return undefined;
      const parsed: Record<string, Value> = Object.create(null);
      for (const key of Object.keys(value)) {
        const fitting = item.parse(value[key]);
        if (fitting === undefined) return undefined;
        parsed[key] = fitting;
      }
      return parsed;
    },
  };
}

/** An object with these fields; keys that it does not name are ignored. */
export function shape<const Shape extends Fields>(fields: Shape): RequiredField<Values<Shape>, Inputs<Shape>> {
  const entries = Object.entries(fields);
  return {
    expected: `an object with ${entries.map(([name, field]) => name + (field.optional ? '?' : '')).join(', ')}`,
    optional: false,
    form: { kind: 'shape', fields },
    parse(value) {
      if (!isRecord(value)) return undefined;
      const parsed: Record<string, unknown> = {};
      for (const [name, field] of entries) {
        const raw = value[name];
        if (raw === undefined || raw === null) {
          if (!field.optional) return undefined;
          continue;
        }
        const fitting = field.parse(raw);
        if (fitting === undefined) return undefined;
        parsed[name] = fitting;
      }
      return parsed as Values<Shape>;
    },
    explain(value) {
      if (!isRecord(value)) return undefined;
      for (const [name, field] of entries) {
        const raw = value[name];
        const reason = raw !== undefined && raw !== null ? firstExplanation(field, [raw]) : undefined;
        if (reason !== undefined) return `${name}: ${reason}`;
      }
      return undefined;
    },
    encode: (input) => encodeFields(fields, input),
  };
}

/** Turns a recorder's input into JSON, field by field. Keys that the shape does not name are left out. */
function encodeFields(fields: Fields, input: object): Record<string, unknown> {
  const encoded: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = (input as Record<string, unknown>)[name];
    if (value !== undefined) encoded[name] = field.encode ? field.encode(value as never) : value;
  }
  return encoded;
}

/** Whether a JSON value is an object that is neither `null` nor an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function firstExplanation(field: Field<unknown, never>, values: readonly unknown[]): string | undefined {
  for (const value of values) {
    if (field.parse(value) === undefined) return field.explain?.(value);
  }
  return undefined;
}
