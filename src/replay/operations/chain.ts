import { clip, type Interval, longestChain, slackUs, unionLength } from '../../base/intervals.ts';
import { compareInstances, type Instance } from './most.ts';
import type { Operation } from './operation.ts';
import { intervalOf, isTrip, type Trip } from './step.ts';

/** Trips of one operation that wait for each other, the longest such chain. */
export interface Chain {
  readonly trips: readonly Trip[];
  readonly lengthUs: number;
  readonly instance: Instance;
}

/** What knows the longest chain of the operations of one name. */
interface Longest {
  chain: Chain | null;
}

type TripWithin = Interval & { readonly trip: Trip };

/** When an operation's trips were under way within it: one that goes on after it is over keeps nobody waiting. */
export function tripsWithin({ steps }: Operation, span: Interval): TripWithin[] {
  return steps.flatMap((step): TripWithin[] => {
    if (!isTrip(step)) return [];
    const interval = intervalOf(step);
    const clipped = interval && clip(interval, span);
    return clipped ? [{ start: clipped.start, end: clipped.end, trip: step }] : [];
  });
}

/** Whether a chain of trips may be the longest: none is longer than the time in which anything was under way. */
export function mayBeLongest({ chain }: Longest, unionUs: number): boolean {
  return chain === null || unionUs >= chain.lengthUs;
}

/** The longest chain among the trips of one operation. */
export function chainOf(within: readonly TripWithin[], instance: Instance): Chain {
  const { items, length } = longestChain(within, slackUs);
  return { trips: items.map(({ trip }) => trip), lengthUs: Math.min(length, unionLength(within)), instance };
}

/** Takes a chain, if it is longer than the one that is known; of chains that are equally long, that of the operation that is told of first. */
export function putChain(longest: Longest, chain: Chain): void {
  const { chain: known } = longest;
  if (known && chain.lengthUs < known.lengthUs) return;
  if (!known || chain.lengthUs > known.lengthUs || compareInstances(chain.instance, known.instance) < 0) {
    longest.chain = chain;
  }
}
