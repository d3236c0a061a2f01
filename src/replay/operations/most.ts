import { byText } from '../../base/order.ts';
import { countWhile } from '../../base/search.ts';
import type { KindTally, Operation } from './operation.ts';
import type { Trip } from './step.ts';

/** One operation as a report names it: what it cost, and its lines. */
export interface Instance {
  readonly operation: Pick<Operation, 'opId' | 'device' | 'name' | 'start' | 'end'>;
  readonly first: Operation['start'] | Operation['end'] | Operation['steps'][number]['event'];
  readonly last: Operation['start'] | Operation['end'] | Operation['steps'][number]['event'];
  readonly writes: number;
  readonly trips: number;
  readonly verifies: number;
  readonly retries: number;
  readonly inferred: number;
  readonly wallUs: number | null;
  readonly kinds: ReadonlyMap<string, KindTally>;
}

/** A trip that was made anew. */
export interface Retry {
  readonly attempt: number;
  readonly trip: Trip;
  readonly instance: Instance;
}

/** The operations of one name that a report names for what they cost, and the trips that it names for how often they were made; worst first. */
export interface Most {
  readonly mostTrips: Instance[];
  readonly mostVerifies: Instance[];
  readonly mostAttempts: Retry[];
}

/** How many instances are named for each question; the rest is counted. */
const mostNamed = 100;

/** Puts an operation among those with most trips and most verifies, and its retries among those with most attempts, if it is one of them. */
export function insertInstance(
  { mostTrips, mostVerifies, mostAttempts }: Most,
  instance: Instance,
  retries: readonly Retry[],
): void {
  insert(mostTrips, instance, byCost);
  insert(mostVerifies, instance, byVerifies);
  for (const retry of retries) insert(mostAttempts, retry, byAttempts);
}

/** Whether a report may name an operation for its trips or verifies, so many of them. */
export function mayBeAmongMost(
  { mostTrips, mostVerifies }: Most,
  trips: number,
  verifies: number,
  wallUs: number,
): boolean {
  if (mostTrips.length < mostNamed || mostVerifies.length < mostNamed) return true;
  const [fewest, fewestVerifies] = [mostTrips.at(-1), mostVerifies.at(-1)];
  return (
    isNoLess(trips - (fewest?.trips ?? 0), wallUs, fewest) ||
    isNoLess(verifies - (fewestVerifies?.verifies ?? 0), wallUs, fewestVerifies)
  );
}

/** Whether a report may name an operation for its retries. `attempts`: the most at one trip. */
export function mayBeMostRetried({ mostAttempts }: Most, attempts: number, wallUs: number): boolean {
  if (attempts < 2) return false;
  const least = mostAttempts.at(-1);
  return mostAttempts.length < mostNamed || isNoLess(attempts - (least?.attempt ?? 0), wallUs, least?.instance);
}

/** Whether an operation that has so many more of something as another is not sure to stand behind it. */
function isNoLess(more: number, wallUs: number, other: Instance | undefined): boolean {
  return (more || wallUs - (other?.wallUs ?? 0)) >= 0;
}

function insert<Item>(list: Item[], item: Item, order: (left: Item, right: Item) => number): void {
  if (list.length === mostNamed && order(item, list.at(-1) as Item) >= 0) return;
  const place = countWhile(list, (other) => order(item, other) >= 0);
  list.splice(place, 0, item);
  if (list.length > mostNamed) list.pop();
}

/** Most trips first, then the slowest. */
export function byCost(left: Instance, right: Instance): number {
  return right.trips - left.trips || compareInstances(left, right);
}

function byVerifies(left: Instance, right: Instance): number {
  return right.verifies - left.verifies || compareInstances(left, right);
}

function byAttempts(left: Retry, right: Retry): number {
  return (
    right.attempt - left.attempt ||
    compareInstances(left.instance, right.instance) ||
    byText(left.trip.event.file.path, right.trip.event.file.path) ||
    left.trip.event.line - right.trip.event.line
  );
}

/** Slower ones first, and an order for those that are alike. */
export function compareInstances(left: Instance, right: Instance): number {
  return (right.wallUs ?? 0) - (left.wallUs ?? 0) || compareOperations(left.operation, right.operation);
}

function compareOperations(left: Instance['operation'], right: Instance['operation']): number {
  return (
    byText(left.device, right.device) ||
    byText(left.opId, right.opId) ||
    ((left.start ?? left.end)?.incarnation ?? 0) - ((right.start ?? right.end)?.incarnation ?? 0) ||
    ((left.start ?? left.end)?.seq ?? 0) - ((right.start ?? right.end)?.seq ?? 0)
  );
}
