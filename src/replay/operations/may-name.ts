import { leastInRow } from './repetition.ts';
import { type Cost, type Instance, mostNamed, type Tally } from './tally.ts';

/** What decides whether an operation is named beside others. */
export interface Outline extends Cost {
  /** Whether no chain of trips is known that is longer than its longest. */
  readonly isLongest: boolean;
  /** The most attempts at one trip. */
  readonly attempts: number;
  /** How many first attempts it has of one kind. */
  readonly alike: number;
}

/** Whether a report may name an operation. Where not, its sums are all that it needs of it, unless it is sampled. */
export function mayName(tally: Tally, outline: Outline): boolean {
  const { mostTrips, mostVerifies, mostAttempts } = tally;
  const { trips, verifies, wallUs, attempts, isLongest, alike } = outline;
  const [fewest, fewestVerifies, least] = [mostTrips.at(-1), mostVerifies.at(-1), mostAttempts.at(-1)];
  return (
    alike >= leastInRow ||
    isLongest ||
    mostTrips.length < mostNamed ||
    isNoLess(trips - (fewest?.trips ?? 0), wallUs, fewest) ||
    mostVerifies.length < mostNamed ||
    isNoLess(verifies - (fewestVerifies?.verifies ?? 0), wallUs, fewestVerifies) ||
    (attempts > 1 &&
      (mostAttempts.length < mostNamed ||
        isNoLess(attempts - (least?.trip.event.attempt ?? 0), wallUs, least?.instance)))
  );
}

/** Whether an operation that has so many more of something as another is not sure to stand behind it. */
function isNoLess(more: number, wallUs: number | null, other: Instance | undefined): boolean {
  return (more || (wallUs ?? 0) - (other?.wallUs ?? 0)) >= 0;
}
