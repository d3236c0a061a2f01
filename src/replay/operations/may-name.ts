import { leastInRow } from './repetition.ts';
import { type Cost, type Instance, mostNamed, type Tally } from './tally.ts';

/** What else than its cost decides whether an operation is named beside others. */
interface Outline {
  /** Whether no chain of trips is known that is longer than its longest. */
  readonly isLongest: boolean;
  /** The most attempts at one trip. */
  readonly attempts: number;
  /** How many first attempts it has of one kind. */
  readonly alike: number;
}

/** Whether a report may name an operation. Where not, its sums are all that it needs of it, unless it is sampled. */
export function mayName(tally: Tally, cost: Cost, { isLongest, attempts, alike }: Outline): boolean {
  const { mostTrips, mostVerifies, mostAttempts } = tally;
  const { trips, verifies, wallUs } = cost;
  const fewest = mostTrips.at(-1);
  const fewestVerifies = mostVerifies.at(-1);
  const least = mostAttempts.at(-1);
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
