import { type Interval, slackUs } from '../../base/intervals.ts';

/** Something on a timeline. What comes later may have waited for it, unless it is only `seen` from there. */
export interface Mark extends Interval {
  readonly seen: boolean;
}

/** Marks in the order of their beginnings, each with what it may have waited for. */
export interface Timeline<Item extends Mark = Mark> {
  readonly start: number;
  readonly marks: readonly Item[];
  /** How long after the last thing that was over each mark begins; negative within the slack. */
  readonly gaps: Float64Array;
  /** For each mark, the marks that are over since the one before it. */
  readonly over: readonly (readonly number[])[];
}

/** When everything is, once some lengths and gaps are others. `due` is a mark's beginning but for what holds it up. */
export interface Replayed {
  readonly due: Float64Array;
  readonly ends: Float64Array;
}

/** How long marks take, and how long after what was over before they begin. */
export interface Times {
  readonly lengths: Float64Array;
  readonly gaps: Float64Array;
}

/**
 * Relates marks to each other, so that they can be replayed with some of them shorter. A mark begins as long after the last
 * thing that was over by then as it was recorded: the log does not say what it waited for, so it waits for all of it. What vanishes
 * beside something that stays moves what follows at most up to the end of that, and the whole by no more than the union of
 * what vanished: trips that overlap save nothing.
 */
export function timelineOf<Item extends Mark>(start: number, items: readonly Item[]): Timeline<Item> {
  const marks = items.toSorted((left, right) => left.start - right.start || left.end - right.end);
  const gaps = new Float64Array(marks.length);
  const over: (readonly number[])[] = [];
  let reached = start;
  let underWay: number[] = [];
  for (const [index, mark] of marks.entries()) {
    const isOver = (other: number) => (marks[other] as Item).end <= mark.start + slackUs;
    const ended = underWay.filter(isOver);
    if (ended.length > 0) underWay = underWay.filter((other) => !isOver(other));
    for (const other of ended) reached = Math.max(reached, (marks[other] as Item).end);
    over.push(ended);
    gaps[index] = mark.start - reached;
    if (!mark.seen) underWay.push(index);
  }
  return { start, marks, gaps, over };
}

/**
 * Replays a timeline with lengths and gaps that may be others than the recorded ones: with the recorded ones, all is as
 * recorded.
 */
export function replayTimeline(timeline: Timeline, times: Times): Replayed {
  const size = timeline.marks.length;
  const replayed = { due: new Float64Array(size), ends: new Float64Array(size) };
  replayFrom(0, timeline, times, replayed, () => Number.NEGATIVE_INFINITY);
  return replayed;
}

/**
 * Replays once more, in place, all from a mark on that may go otherwise than it went. `held` says until when a mark must wait,
 * by what was replayed so far; it begins when it is due, or then.
 */
export function replayFrom(
  from: number,
  { start, marks, over }: Timeline,
  { lengths, gaps }: Times,
  replayed: Replayed,
  held: (index: number) => number,
): void {
  const { due, ends } = replayed;
  let reached = from === 0 ? start : (due[from - 1] as number) - (gaps[from - 1] as number);
  for (let index = from; index < marks.length; index++) {
    for (const other of over[index] as readonly number[]) reached = Math.max(reached, ends[other] as number);
    const begins = reached + (gaps[index] as number);
    due[index] = begins;
    ends[index] = Math.max(begins, held(index)) + (lengths[index] as number);
  }
}
