import { byText, getOrCreate } from '../../base/order.ts';
import { type HistoryEvent, laneKey } from '../../replay/causal-order.ts';
import { happensBefore, type Mark } from '../../replay/mark.ts';

/** A line with its place in happens-before. */
interface Marked {
  readonly mark: Mark<HistoryEvent>;
}

/**
 * Lines in an order for a reader: causes before what they cause; then as a story tells them (`placeInStory`, −1 for a line
 * that it leaves out); then the one before which less had happened. A balance line stays with the line that it follows.
 * The same for every order of files, because no part of it looks at the order in which the lines came.
 */
export function causesFirst<Line extends Marked>(
  lines: readonly Line[],
  placeInStory: (mark: Mark<HistoryEvent>) => number,
): Line[] {
  const lanes = new Map<string, Line[]>();
  for (const line of lines) getOrCreate(lanes, laneKey(line.mark.event), () => []).push(line);
  const queues = [...lanes]
    .sort(([left], [right]) => byText(left, right))
    .map(([, queue]) => queue.sort((left, right) => left.mark.position - right.mark.position));
  const story = lines.filter(({ mark }) => placeInStory(mark) >= 0);
  const ordered: Line[] = [];
  const placed = new Set<Line>();
  while (ordered.length < lines.length) {
    const open = queues.filter(({ length }) => length > 0);
    const free = open.filter(
      ([line]) => !open.some(([other]) => line && other && happensBefore(other.mark, line.mark)),
    );
    const next = leastPast(free.filter(([line]) => line && isTold(line))) ?? leastPast(free) ?? open[0];
    for (let line = next?.shift(); line; line = next && followsAtOnce(line, next[0]) ? next.shift() : undefined) {
      ordered.push(line);
      placed.add(line);
    }
  }
  return ordered;

  /** Whether the story has come to this line: what it tells before is placed, or cannot come before. */
  function isTold({ mark }: Line): boolean {
    const place = placeInStory(mark);
    return !story.some(
      (other) => !placed.has(other) && placeInStory(other.mark) < place && !happensBefore(mark, other.mark),
    );
  }
}

function leastPast<Line extends Marked>(queues: readonly Line[][]): Line[] | undefined {
  return queues.reduce<Line[] | undefined>(
    (least, queue) => (least && past(least[0]) <= past(queue[0]) ? least : queue),
    undefined,
  );
}

/** How many events had happened before, as far as the device knew. */
function past(line: Marked | undefined): number {
  return line?.mark.clock.reduce((sum, events) => sum + events, 0) ?? 0;
}

/** Whether a balance line belongs to the line before it: nothing from elsewhere came between them. */
function followsAtOnce(line: Marked, next: Marked | undefined): boolean {
  if (next?.mark.event.type !== 'balance') return false;
  return past(next) - past(line) === next.mark.position - line.mark.position;
}
