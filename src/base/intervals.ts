import { countWhile } from './search.ts';

/** A stretch of one clock: whole microseconds, so that sums do not depend on the order of adding. `end` ≥ `start`. */
export interface Interval {
  readonly start: number;
  readonly end: number;
}

/** What two times of one clock may be mixed up by, in µs: pino's times have whole milliseconds, durations do not. */
export const slackUs = 1000;

/** Milliseconds of a log as whole microseconds. */
export function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000);
}

/** The length of what the intervals cover together: what is covered twice counts once. */
export function unionLength(intervals: readonly Interval[]): number {
  const cover = new Cover();
  for (const { start, end } of intervals.toSorted(byStart)) cover.add(start, end);
  return cover.length;
}

/** What intervals cover together that come in the order of their starts. */
class Cover {
  length = 0;
  #reached = Number.NEGATIVE_INFINITY;

  add(start: number, end: number): void {
    if (end <= this.#reached) return;
    this.length += end - Math.max(start, this.#reached);
    this.#reached = end;
  }
}

/** The part of an interval that lies in a window; `null` where none does. An interval without length is kept. */
export function clip({ start, end }: Interval, window: Interval): Interval | null {
  const from = Math.max(start, window.start);
  const to = Math.min(end, window.end);
  return to < from ? null : { start: from, end: to };
}

/**
 * The longest chain of items of which each begins when the one before it is over: what must at least pass one after the
 * other if each waits for the one before. Longest in time; among equals, the one with most items. O(n log n).
 * `slack`: how much the end of one and the beginning of the next may be mixed up, by clocks that were rounded.
 */
export function longestChain<Item extends Interval>(
  items: readonly Item[],
  slack = 0,
): { items: readonly Item[]; length: number } {
  const byEnd = items.toSorted((left, right) => left.end - right.end || left.start - right.start);
  const ends = byEnd.map(({ end }) => end);
  /** For each number of items from the front: the best chain among them. */
  const best: Link<Item>[] = [{ length: 0, count: 0, item: null, before: null }];
  for (const [index, item] of byEnd.entries()) {
    const without = best[index] as Link<Item>;
    const before = best[
      Math.min(
        index,
        countWhile(ends, (end) => end <= item.start + slack),
      )
    ] as Link<Item>;
    const chain = { length: before.length + item.end - item.start, count: before.count + 1, item, before };
    best.push(isLonger(chain, without) ? chain : without);
  }
  const chain: Item[] = [];
  const last = best.at(-1) as Link<Item>;
  for (let link: Link<Item> | null = last; link?.item; link = link.before) chain.push(link.item);
  return { items: chain.reverse(), length: last.length };
}

interface Link<Item> {
  readonly length: number;
  readonly count: number;
  readonly item: Item | null;
  readonly before: Link<Item> | null;
}

function isLonger(left: Link<unknown>, right: Link<unknown>): boolean {
  return left.length > right.length || (left.length === right.length && left.count > right.count);
}

function byStart(left: Interval, right: Interval): number {
  return left.start - right.start;
}
