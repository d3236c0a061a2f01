import { toMicroseconds } from '../../base/intervals.ts';
import { getOrCreate } from '../../base/order.ts';
import { newSample, offer, type Sample } from '../../base/sample.ts';
import type { Point } from '../../base/statistics.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { CountedKind } from '../projections/timeline.ts';
import type { Nesting, OpenOperation } from './nesting.ts';
import { openOperation } from './nesting.ts';
import { type CountedSource, hashOf, type Span } from './span.ts';

/** Something that can be counted: a counter, a kind of request, an operation, a type of event. */
export interface Term {
  readonly kind: CountedKind;
  readonly name: string;
}

/** Which figure of a name is looked at: its summed time, how often it was called, its longest call. */
export type Measure = 'total' | 'calls' | 'max';

/** Growth that is asked about: of the measure of everything, with how often `of` happened, or happened per `per`. */
export interface Growing {
  readonly of: Term;
  readonly per: Term | null;
  readonly by: Measure;
}

/** What one name came to, in milliseconds or calls, beside how often that happened which is asked about. */
export interface Growth {
  readonly source: CountedSource;
  readonly name: string;
  readonly windows: Sample<Point>;
  readonly operations: Sample<Point>;
}

/** By source and name. */
export type Growths = Map<string, Growth>;

/** What happened in a log since its counters were dumped last. */
export interface LaneWindow {
  of: number;
  per: number;
  readonly since: Map<string, { source: CountedSource; name: string; calls: number; totalUs: number; maxUs: number }>;
}

/** How many windows or operations of a name are remembered: enough for a slope, and resampled in a moment. */
const mostPoints = 200;

/** A window in which nothing happened yet. */
export function newLaneWindow(): LaneWindow {
  return { of: 0, per: 0, since: new Map() };
}

/** Empties a window, because it was dumped or its process is over. */
export function resetLaneWindow(window: LaneWindow): void {
  window.of = 0;
  window.per = 0;
  window.since.clear();
}

/** Counts an event that is asked about, for its window and for its operation. */
export function noteAsked(window: LaneWindow, nesting: Nesting, { of, per }: Growing, event: HistoryEvent): void {
  if (per && isOf(per, event)) window.per++;
  if (!isOf(of, event)) return;
  window.of++;
  if (event.opId === undefined || event.type === 'op.start' || event.type === 'op.end') return;
  if (!nesting.ended.has(event.opId)) openOperation(nesting, event.opId).asked++;
}

/** Adds a call to its log's window, so that calls can be set beside counters. */
export function noteSince({ since }: LaneWindow, { source, name, us }: Span): void {
  const entry = getOrCreate(since, `${source}\0${name}`, () => ({ source, name, calls: 0, totalUs: 0, maxUs: 0 }));
  entry.calls++;
  entry.totalUs += us ?? 0;
  entry.maxUs = Math.max(entry.maxUs, us ?? 0);
}

/** An operation is over: a point of its own, and what was asked about in it was in its parent, too. */
export function noteOperation(
  growths: Growths,
  { of, per }: Growing,
  nesting: Nesting,
  operation: OpenOperation,
  event: ReplayEvent<'op.end'>,
  us: number,
): void {
  if (operation.parent !== undefined && !nesting.ended.has(operation.parent))
    openOperation(nesting, operation.parent).asked += operation.asked + (isOf(of, event) ? 1 : 0);
  if (per !== null) return;
  offer(growthOf(growths, 'op', event.op).operations, hashOf(event), { x: operation.asked, y: us / 1000 });
}

/** Counters were dumped: a point for every name that took time in a window in which that happened which is asked about. */
export function noteWindowEnd(
  growths: Growths,
  { of, per, by }: Growing,
  window: LaneWindow,
  event: ReplayEvent<'counters'>,
): void {
  const countOf = ({ kind, name }: Term, seen: number) =>
    kind === 'counter' ? (Object.hasOwn(event.counters, name) ? (event.counters[name]?.count ?? 0) : 0) : seen;
  const [count, pers] = [countOf(of, window.of), per ? countOf(per, window.per) : 1];
  if (count > 0 && pers > 0) {
    const counters = Object.entries(event.counters).map(([name, { count: calls, totalMs, maxMs }]) => ({
      ...{ source: 'counter' as const, name, calls },
      ...{ totalUs: toMicroseconds(totalMs), maxUs: toMicroseconds(maxMs) },
    }));
    for (const { source, name, calls, totalUs, maxUs } of [...counters, ...window.since.values()]) {
      if (calls === 0 || (totalUs === 0 && by !== 'calls')) continue;
      const figure = { total: totalUs / 1000, calls, max: maxUs / 1000 }[by];
      const y = per && by !== 'max' ? figure / (by === 'total' ? calls : pers) : figure;
      offer(growthOf(growths, source, name).windows, hashOf(event), { x: count / pers, y });
    }
  }
  resetLaneWindow(window);
}

/** Whether an event is one of those that a term counts; counters are no events of their own. */
function isOf({ kind, name }: Term, event: HistoryEvent): boolean {
  if (kind === 'event') return event.type === name;
  if (kind === 'request') return event.type === 'request' && event.kind === name;
  return kind === 'op' && event.type === 'op.end' && event.op === name;
}

function growthOf(growths: Growths, source: CountedSource, name: string): Growth {
  return getOrCreate(growths, `${source}\0${name}`, () => ({
    ...{ source, name, windows: newSample<Point>(mostPoints), operations: newSample<Point>(mostPoints) },
  }));
}
