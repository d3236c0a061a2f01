import { type Interval, unionLength } from '../../base/intervals.ts';
import { note, type Occurrences } from '../../base/occurrences.ts';
import { getOrCreate } from '../../base/order.ts';
import { hashText, newSample, offer, type Sample, sampled } from '../../base/sample.ts';
import { type Chain, chainOf, mayBeLongest, putChain, tripsWithin } from './chain.ts';
import { compareInstances, type Instance, insertInstance, type Most } from './most.ts';
import {
  addTally,
  type KindTally,
  kindsOf,
  type Operation,
  type SampledOperation,
  spanOf,
  wallOf,
} from './operation.ts';
import { type Repetition, repetitionsOf } from './repetition.ts';
import { durationOf, isRetry, isTrip, verifyKind } from './step.ts';

/** Operations of one name that repeat like trips. */
export interface RepetitionTally {
  operations: number;
  savedUs: number;
  /** The wall time of these operations. */
  wallUs: number;
  /** The number in a row, by operation. */
  readonly inRow: Occurrences;
  worst: { readonly repetition: Repetition; readonly instance: Instance };
}

/** Every operation of one name, summed up. Bounded but for one number per operation, which makes percentiles of wall times exact. */
export interface Tally extends Most {
  readonly name: string | null;
  operations: number;
  failed: number;
  /** Without a line that says that they ended. */
  unfinished: number;
  retries: number;
  inferred: number;
  readonly writes: Occurrences;
  readonly trips: Occurrences;
  readonly verifies: Occurrences;
  /** Wall times of those that ended, in µs. */
  readonly wallUs: number[];
  readonly kinds: Map<string, KindTally>;
  /** Of operations whose lines have times: wall time, time in trips within it, and the union of those trips. */
  timedWallUs: number;
  timedTripsUs: number;
  unionUs: number;
  chain: Chain | null;
  readonly repetitions: Map<string, RepetitionTally>;
  /** How many trips were made at each attempt. */
  readonly attempts: Map<number, number>;
  /** A few operations whole, chosen by their ids, so that the choice does not depend on the order of reading. */
  readonly sample: Sample<Operation | SampledOperation>;
}

/** What one operation cost. `ok`: how it ended, `null` where nothing says that it did. */
export interface Cost extends Pick<Instance, 'writes' | 'trips' | 'verifies' | 'retries' | 'wallUs'> {
  readonly ok: boolean | null;
}

/** What a sampled operation cost. */
interface SampledCost {
  readonly writes: number;
  readonly wallUs: number | null;
  /** How long each of its verifies took. */
  readonly verifyUs: readonly number[];
}

const sampleSize = 256;

/** The tally of all operations of a name. */
export function tallyFor(tallies: Map<string | null, Tally>, name: string | null): Tally {
  return getOrCreate(tallies, name, newTally);
}

/** Sums up an operation that will not change any more. */
export function tallyOperation(tallies: Map<string | null, Tally>, operation: Operation): void {
  const tally = tallyFor(tallies, operation.name);
  const { writes, trips, retries, inferred, end } = operation;
  const kinds = kindsOf(operation);
  const verifies = kinds.get(verifyKind)?.trips ?? 0;
  const wallUs = wallOf(operation);
  tallyCost(tally, { writes, trips, verifies, retries, wallUs, ok: end?.ok ?? null });
  tally.inferred += inferred;
  for (const [kind, counted] of kinds) addTally(tally.kinds, kind, counted);
  const instance = instanceOf(operation, kinds, wallUs);
  const made = operation.steps.filter(isTrip);
  for (const { event } of made) tallyAttempts(tally, event.attempt, 1);
  insertInstance(
    tally,
    instance,
    made.flatMap((trip) => (isRetry(trip.event) ? [{ attempt: trip.event.attempt, trip, instance }] : [])),
  );
  tallyTimes(tally, operation, instance);
  tallyRepetitions(tally, operation, instance);
  offer(tally.sample, rankOfOperation(operation), operation);
}

/** Adds what one operation cost. */
export function tallyCost(tally: Tally, { writes, trips, verifies, retries, wallUs, ok }: Cost): void {
  tally.operations++;
  tally.retries += retries;
  note(tally.writes, writes);
  note(tally.trips, trips);
  note(tally.verifies, verifies);
  if (ok === null) tally.unfinished++;
  else if (!ok) tally.failed++;
  if (wallUs !== null) tally.wallUs.push(wallUs);
}

/** Adds the times of one operation: its own, those of its trips within it, and their union. */
export function tallySpan(tally: Tally, { start, end }: Interval, tripsUs: number, unionUs: number): void {
  tally.timedWallUs += end - start;
  tally.timedTripsUs += tripsUs;
  tally.unionUs += unionUs;
}

/** Counts so many trips at an attempt. */
export function tallyAttempts({ attempts }: Tally, attempt: number, trips: number): void {
  attempts.set(attempt, (attempts.get(attempt) ?? 0) + trips);
}

function newTally(name: string | null): Tally {
  return {
    ...{ name, operations: 0, failed: 0, unfinished: 0, retries: 0, inferred: 0 },
    ...{ writes: new Map(), trips: new Map(), verifies: new Map(), wallUs: [], kinds: new Map() },
    ...{ timedWallUs: 0, timedTripsUs: 0, unionUs: 0, chain: null, repetitions: new Map() },
    ...{
      mostTrips: [],
      mostVerifies: [],
      mostAttempts: [],
      attempts: new Map(),
      sample: newSample(sampleSize),
    },
  };
}

function instanceOf(operation: Operation, kinds: Instance['kinds'], wallUs: number | null): Instance {
  const { opId, device, name, start, end, steps, writes, trips, retries, inferred } = operation;
  return {
    operation: { opId, device, name, start, end },
    first: start ?? steps[0]?.event ?? end,
    last: end ?? steps.at(-1)?.event ?? start,
    writes,
    trips,
    verifies: kinds.get(verifyKind)?.trips ?? 0,
    retries,
    inferred,
    wallUs,
    kinds,
  };
}

function tallyTimes(tally: Tally, operation: Operation, instance: Instance): void {
  const span = spanOf(operation);
  if (!span) return;
  const within = tripsWithin(operation, span);
  const union = unionLength(within);
  const tripsUs = within.reduce((sum, { start, end }) => sum + end - start, 0);
  tallySpan(tally, span, tripsUs, union);
  if (within.length > 0 && mayBeLongest(tally, union)) putChain(tally, chainOf(within, instance));
}

function tallyRepetitions(tally: Tally, operation: Operation, instance: Instance): void {
  for (const repetition of repetitionsOf(operation)) {
    const worst = { repetition, instance };
    const of = getOrCreate(
      tally.repetitions,
      repetition.kind,
      (): RepetitionTally => ({
        ...{ operations: 0, savedUs: 0, wallUs: 0, inRow: new Map(), worst },
      }),
    );
    of.operations++;
    of.savedUs += repetition.savedUs;
    of.wallUs += instance.wallUs ?? 0;
    note(of.inRow, repetition.trips.length);
    const more = repetition.savedUs - of.worst.repetition.savedUs;
    if (more > 0 || (more === 0 && compareInstances(instance, of.worst.instance) < 0)) of.worst = worst;
  }
}

/** Whether an operation may be among the sampled ones. `rank`: the hash of its names. */
export function maySample({ sample }: Tally, rank: number): boolean {
  return rank <= sample.limit;
}

/** Samples an operation, if it is one of those. */
export function sampleFolded(tally: Tally, operation: SampledOperation, rank: number): void {
  offer(tally.sample, rank, operation);
}

/** What the sampled operations cost: no event is made for that. */
export function sampledCosts({ sample }: Tally): readonly SampledCost[] {
  return sampled(sample).map((operation) =>
    'unfold' in operation
      ? operation
      : { writes: operation.writes, wallUs: wallOf(operation), verifyUs: verifyTimesOf(operation) },
  );
}

function verifyTimesOf({ steps }: Operation): number[] {
  return steps.filter(({ event }) => event.type === 'verify').map(durationOf);
}

/** The sampled operations, each with its events. */
export function sampleOf({ sample }: Tally): readonly Operation[] {
  return sampled(sample).map((operation) => ('unfold' in operation ? operation.unfold() : operation));
}

function rankOfOperation({ device, opId, start, end }: Operation): number {
  return rankOf(device, (start ?? end)?.incarnation ?? 0, opId);
}

/** Which operations are sampled depends on their names alone, and not on the order in which they ended. */
function rankOf(device: string, incarnation: number, opId: string): number {
  return hashText(beforeId(device, incarnation) + opId);
}

/** What stands before an operation's id in the text by whose hash it is ranked. */
export function beforeId(device: string, incarnation: number): string {
  return `${device} ${incarnation} `;
}
