/** A piece of a JSON Schema, of the keywords that the schemas here use. */
export type Schema = { readonly [keyword: string]: unknown };

/** Any text. */
export const text = { type: 'string' };
/** True or false. */
export const bool = { type: 'boolean' };
/** Any number. */
export const number = { type: 'number' };
/** A whole number from 0 up. */
export const count = { type: 'integer', minimum: 0 };
/** A whole number from 1 up: a line, a seq. */
export const position = { type: 'integer', minimum: 1 };

/** An object with these keys, open to others: a key of the type that is missing here does not compile. */
export function object<Shape = Record<string, unknown>>(
  required: Readonly<Record<keyof Shape & string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
  more: Schema = {},
): Schema {
  return { type: 'object', properties: { ...required, ...optional }, required: Object.keys(required), ...more };
}

/** An array of these. */
export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** This, or null. */
export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}
