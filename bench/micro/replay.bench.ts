/** The steps of an answer, each by itself: reading, ordering, what happened before what, and every projection. */
import { bench, describe } from 'vitest';
import { planColumns } from '../../src/events/columns/wants.ts';
import { CausalClock } from '../../src/replay/causal-clock.ts';
import { glanceAt } from '../../src/replay/glance/glance.ts';
import { glanceWants } from '../../src/replay/glance/layout.ts';
import { happensBefore, type Mark } from '../../src/replay/mark.ts';
import { type AnyProjection, Replayer } from '../../src/replay/projection.ts';
import { captures } from '../../src/replay/projections/captures.ts';
import { clocks } from '../../src/replay/projections/clocks.ts';
import { delivery } from '../../src/replay/projections/delivery.ts';
import { ledger } from '../../src/replay/projections/ledger.ts';
import { operations } from '../../src/replay/projections/operations.ts';
import { readings } from '../../src/replay/projections/readings.ts';
import { supply } from '../../src/replay/projections/supply.ts';
import { verifications } from '../../src/replay/projections/verifications.ts';
import { batchesOf, columnsOf, historyOf, rowsOf, sourcesIn, withRun } from './run-in-memory.ts';

const events = 20_000;
const glancePlan = planColumns(glanceWants);
const few = { time: 1000, warmupTime: 300 };
const sources = await withRun(events, false, async (folder) => sourcesIn(folder));
const tapes = await Promise.all(sources.map(batchesOf));
const history = await historyOf(tapes);
const devicesOf = () => sources.length;

describe(`reading ${events} events`, () => {
  bench('as events', async () => void (await Promise.all(sources.map(batchesOf))), few);
  bench('as columns', async () => void (await rowsOf(sources, glancePlan)), few);
  bench('as columns, with a glance', async () => void (await glance()), few);
});

describe(`ordering ${events} events`, () => {
  bench('causal order', async () => void (await historyOf(tapes)), few);
});

describe(`happens-before over ${events} events`, () => {
  const marks: Mark[] = [];
  const clock = new CausalClock(devicesOf);
  for (const [index, event] of history.entries()) {
    clock.advance(event);
    if (index % 100 === 0) marks.push(clock.mark(event));
  }
  bench('the vector clocks', () => advanceAll(), few);
  bench(`comparing ${marks.length} × ${marks.length} marks`, () => void countPairs(marks), few);
});

describe(`projections of ${events} events`, () => {
  // Each with those that it uses; the clocks above are part of each.
  const projections: readonly AnyProjection[] = [
    captures,
    clocks,
    delivery,
    ledger,
    operations,
    readings,
    supply,
    verifications,
  ];
  for (const projection of projections) bench(projection.name, () => fold([projection]), few);
  bench('all of these', () => fold(projections), few);
});

function glance() {
  return glanceAt(
    sources.map((source) => columnsOf(source, glancePlan)),
    { run: 'long-life', plan: glancePlan, identityOf: (_, identity) => identity, devicesOf, onBatch: () => {} },
  );
}

function advanceAll(): void {
  const clock = new CausalClock(devicesOf);
  for (const event of history) clock.advance(event);
}

function countPairs(marks: readonly Mark[]): number {
  let ordered = 0;
  for (const left of marks) for (const right of marks) if (happensBefore(left, right)) ordered++;
  return ordered;
}

function fold(projections: readonly AnyProjection[]): void {
  const replayer = new Replayer(projections, devicesOf, false);
  for (const event of history) replayer.apply(event);
}
