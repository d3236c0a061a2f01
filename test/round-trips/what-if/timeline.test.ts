import fc from 'fast-check';
import { expect, test } from 'vitest';
import { unionLength } from '../../../src/base/intervals.ts';
import { type Mark, replayTimeline, timelineOf } from '../../../src/round-trips/what-if/timeline.ts';

const mark = (start: number, end: number, seen = false): Mark => ({ start: start * 1000, end: end * 1000, seen });

/** When each mark ends, in ms, once those at some places have no length. */
function without(marks: readonly Mark[], ...gone: readonly number[]): number[] {
  const timeline = timelineOf(0, marks);
  const lengths = Float64Array.from(timeline.marks, (item) =>
    gone.includes(marks.indexOf(item)) ? 0 : item.end - item.start,
  );
  const { ends } = replayTimeline(timeline, { lengths, gaps: timeline.gaps });
  return marks.map((item) => (ends[timeline.marks.indexOf(item)] as number) / 1000);
}

test('what follows a mark that is shorter comes earlier, by as much', () => {
  expect(without([mark(10, 20), mark(25, 125), mark(130, 140)], 1)).toEqual([20, 25, 40]);
});

test('a mark waits for all that was over before it, so one that overlaps another saves nothing', () => {
  expect(without([mark(0, 100), mark(0, 100), mark(110, 120)], 0)).toEqual([0, 100, 120]);
  expect(without([mark(0, 100), mark(50, 90), mark(110, 120)], 0)).toEqual([0, 90, 110]);
});

test('what is only seen keeps its distance and nothing waits for it', () => {
  expect(without([mark(0, 100), mark(105, 205, true), mark(110, 120)], 0)).toEqual([0, 105, 20]);
});

test('a step that seems to begin within a millisecond before the end of another still follows it', () => {
  expect(without([mark(0, 100), mark(99.5, 109.5)], 0)).toEqual([0, 9.5]);
});

/** In tens of milliseconds, so that the slack plays no part. */
const someMarks = fc
  .array(fc.record({ start: fc.nat(200), length: fc.nat(60), seen: fc.constant(false), gone: fc.boolean() }), {
    maxLength: 12,
  })
  .map((all) => all.map(({ start, length, ...rest }) => ({ ...mark(10 * start, 10 * (start + length)), ...rest })));

test('with nothing changed all is as recorded', () => {
  fc.assert(
    fc.property(someMarks, (marks) => {
      expect(without(marks)).toEqual(marks.map(({ end }) => end / 1000));
    }),
  );
});

test('nothing comes later, and the end comes earlier by no more than the union of what vanished', () => {
  fc.assert(
    fc.property(someMarks, (marks) => {
      const end = { ...mark(2600, 2600), gone: false };
      const all = [...marks, end];
      const gone = all.flatMap((item, index) => (item.gone ? [index] : []));
      const ends = without(all, ...gone);
      for (const [index, item] of all.entries()) expect(ends[index]).toBeLessThanOrEqual(item.end / 1000);
      const vanished = unionLength(all.filter((item) => item.gone)) / 1000;
      expect(2600 - (ends.at(-1) as number)).toBeLessThanOrEqual(vanished);
    }),
    { numRuns: 3000 },
  );
});
