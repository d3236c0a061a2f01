import { type Interval, longestChain, slackUs } from '../../base/intervals.ts';
import { groupBy } from '../../base/order.ts';
import type { Operation } from './operation.ts';
import { durationOf, intervalOf, isRetry, isTrip, kindOf, type Trip } from './step.ts';

/** Like round trips of one operation that wait for each other, although nothing in the log says that they must. */
export interface Repetition {
  readonly kind: string;
  /** In the order in which they were made. */
  readonly trips: readonly Trip[];
  /** What would be saved if they went at once: all their times but the longest, in µs. */
  readonly savedUs: number;
  /** Whether each follows a write, so that one after the last write would do. */
  readonly followsWrites: boolean;
}

/** How many like trips in a row are worth a word. */
export const leastInRow = 5;

type Timed = Interval & { readonly trip: Trip };

/**
 * The rows of like trips in an operation, one for each kind that has any: the longest chain of them that no barrier
 * parts. A snapshot is a barrier: what it holds must be durable before it is published. Retries wait by necessity.
 */
export function repetitionsOf(operation: Operation): Repetition[] {
  if (operation.trips < leastInRow) return [];
  const barriers = startsOf(operation, 'publish');
  const writes = startsOf(operation, 'write');
  const timed = operation.steps.flatMap((step): Timed[] => {
    const interval = isTrip(step) && !isRetry(step.event) ? intervalOf(step) : null;
    return interval && isTrip(step) ? [{ ...interval, trip: step }] : [];
  });
  const found: Repetition[] = [];
  for (const [kind, like] of groupBy(timed, ({ trip }) => kindOf(trip.event))) {
    if (like.length < leastInRow) continue;
    const rows = [
      ...groupBy(like, ({ start }) => String(barriers.filter((barrier) => barrier <= start).length)).values(),
    ]
      .map((segment) => longestChain(segment, slackUs))
      .filter(({ items }) => items.length >= leastInRow);
    const longest = rows.toSorted((left, right) => right.items.length - left.items.length)[0];
    if (!longest) continue;
    found.push({
      kind,
      trips: longest.items.map(({ trip }) => trip),
      savedUs: rows.reduce(
        (sum, { items, length }) => sum + length - Math.max(...items.map(({ trip }) => durationOf(trip))),
        0,
      ),
      followsWrites: kind === 'verify' && eachFollowsOne(longest.items, writes),
    });
  }
  return found;
}

/** Whether a write begins between each two of the trips. */
function eachFollowsOne(trips: readonly Timed[], writes: readonly number[]): boolean {
  return trips.slice(1).every(({ start }, index) => {
    const before = trips[index]?.end ?? start;
    return writes.some((write) => write + slackUs >= before && write <= start + slackUs);
  });
}

function startsOf({ steps }: Operation, type: 'publish' | 'write'): number[] {
  return steps.flatMap((step) => (step.event.type === type ? [intervalOf(step)?.start ?? []].flat() : []));
}
