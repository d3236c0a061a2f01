import type { EventInput, EventName } from '../event.ts';
import type { EventType } from '../event-type.ts';
import { eventTypes } from '../types/index.ts';
import { type MethodName, methodName } from './method-name.ts';

/** The event types that a recorder writes from their own fields: all but `log`, whose fields are free. */
export type TypedEventName = Exclude<EventName, 'log'>;

/**
 * What a method of the recorder takes. `opId` is for events whose operation is not the one that surrounds the call.
 * A `write` may leave out `originSeq`: then the recorder counts it.
 */
export type RecordInput<Name extends EventName> = (Name extends 'write'
  ? Omit<EventInput<Name>, 'originSeq'> & { readonly originSeq?: number | undefined }
  : EventInput<Name>) & { readonly opId?: string | undefined };

type Method<Input> = Record<never, never> extends Input ? (input?: Input) => void : (input: Input) => void;

/** One method per event type. */
export type EventMethods = { readonly [Name in TypedEventName as MethodName<Name>]: Method<RecordInput<Name>> };

/** Makes the methods from the family, so that a new event type has one without a line here. */
export function eventMethods(append: (type: EventType, input: object) => void): EventMethods {
  const methods = eventTypes.map((type: EventType) => [
    methodName(type.name),
    (input: object = {}) => append(type, input),
  ]);
  return Object.fromEntries(methods) as EventMethods;
}
