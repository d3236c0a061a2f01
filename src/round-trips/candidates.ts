import { byText } from '../base/order.ts';
import type { RepetitionTally, Tally } from '../replay/operations/tally.ts';
import type { Candidate } from '../results-round-trips.ts';
import { instanceOf, placeOf } from './cost.ts';
import { countSpreadOf, toMs } from './spread.ts';

/** Where like trips wait for each other, and what would be saved if they did not; greatest saving first. */
export function candidatesOf(tallies: Iterable<Tally>): Candidate[] {
  return [...tallies]
    .flatMap(({ name, repetitions }) => [...repetitions].map(([kind, tally]) => candidateOf(name, kind, tally)))
    .sort(
      (left, right) =>
        right.savedMs - left.savedMs || byText(left.op ?? '', right.op ?? '') || byText(left.kind, right.kind),
    )
    .map((candidate, index) => ({ id: `R${index + 1}`, ...candidate }));
}

function candidateOf(op: string | null, kind: string, tally: RepetitionTally): Omit<Candidate, 'id'> {
  const { operations, savedUs, wallUs, worst } = tally;
  const { trips, savedUs: worstSaved, followsWrites } = worst.repetition;
  return {
    ...{ op, kind, operations },
    inRow: countSpreadOf(tally.inRow),
    fix: fixOf(kind, followsWrites),
    savedMs: toMs(savedUs),
    wallMs: toMs(wallUs),
    worst: {
      ...instanceOf(worst.instance),
      from: placeOf(trips[0]?.event),
      to: placeOf(trips.at(-1)?.event),
      inRow: trips.length,
      savedMs: toMs(worstSaved),
    },
  };
}

function fixOf(kind: string, followsWrites: boolean): string {
  if (kind !== 'verify') return `send them together, as one batch of ${kind} or all at once`;
  return followsWrites ? 'verify once, after the last write' : 'verify them together, as one batch or all at once';
}
