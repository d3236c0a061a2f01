import type { Fields, Inputs, Values } from './field.ts';

/** One member of the family of event types: its name in the log and its own fields. */
export interface EventType<Name extends string = string, Shape extends Fields = Fields> {
  readonly name: Name;
  readonly fields: Shape;
}

/** Declares an event type. The static type, the decoder and the recorder's method follow from it. */
export function defineEvent<const Name extends string, const Shape extends Fields>(
  name: Name,
  fields: Shape,
): EventType<Name, Shape> {
  return { name, fields };
}

/** What an event of this type holds beside the header. */
export type ValuesOf<Type> = Type extends EventType<string, infer Shape> ? Values<Shape> : never;

/** What a recorder is given to write an event of this type. */
export type InputsOf<Type> = Type extends EventType<string, infer Shape> ? Inputs<Shape> : never;
