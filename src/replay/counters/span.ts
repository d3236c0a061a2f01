import { toMicroseconds } from '../../base/intervals.ts';
import { hashText } from '../../base/sample.ts';
import type { HistoryEvent } from '../causal-order.ts';

/** Where a figure comes from: an aggregated counter, or events that say how long they took. */
export type CountedSource = 'counter' | 'op' | 'verify' | 'request' | 'write' | 'publish';

/** One call of which the log says when it was over, and mostly how long it took. */
export interface Span {
  readonly source: CountedSource;
  readonly name: string;
  readonly device: string;
  /** How long it took; `null` where the line does not say. Whole microseconds, so that sums do not depend on their order. */
  readonly us: number | null;
  /** The end on the device's clock; `null` where the line has no time. */
  readonly end: number | null;
}

/** The call that an event tells of, if it tells of one: the end of an operation, a round trip, a write, a publish. */
export function spanOf(event: HistoryEvent): Span | undefined {
  const { type, device } = event;
  const end = event.time === null ? null : toMicroseconds(event.time);
  if (type === 'op.end')
    return { source: 'op', name: event.op, device, us: Math.max(0, toMicroseconds(event.durationMs)), end };
  if (type === 'request')
    return { source: 'request', name: event.kind, device, us: Math.max(0, toMicroseconds(event.durationMs)), end };
  if (type !== 'verify' && type !== 'write' && type !== 'publish') return undefined;
  const us = event.durationMs === undefined ? null : Math.max(0, toMicroseconds(event.durationMs));
  return { source: type, name: type, device, us, end };
}

/** A hash of where an event stands, so that which events are sampled depends on nothing else. */
export function hashOf({
  device,
  incarnation,
  seq,
  stream,
}: Pick<HistoryEvent, 'device' | 'incarnation' | 'seq' | 'stream'>): number {
  return hashText(`${seq} ${incarnation} ${device}\0${stream ?? ''}`);
}
