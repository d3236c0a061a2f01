import { byText } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Operation } from '../../replay/operations/operation.ts';
import type { Place } from '../../results.ts';
import type { BatchRace } from '../../results-round-trips.ts';
import { placeOf } from '../cost.ts';
import { toMs } from '../spread.ts';
import type { PreparedOperation } from './prepared-operation.ts';
import type { Race } from './rehearse.ts';

/** How many races are listed. */
const mostListed = 100;

/**
 * The races as a report lists them: each snapshot once, whichever of nested operations tell of it, with the write that would be
 * latest; the worst first. A race belongs to the innermost operation that publishes the snapshot.
 */
export function batchRacesOf(
  races: readonly Race[],
  operations: readonly PreparedOperation[],
): { readonly races: BatchRace[]; readonly racesOmitted: number } {
  const publishers = publishersOf(operations);
  const byPublication = new Map<string, Gathered>();
  for (const race of races) {
    const { key } = race.publication;
    byPublication.set(key, gather(byPublication.get(key), race));
  }
  const listed = [...byPublication.values()].map((gathered) => listedOf(gathered, publishers)).sort(byLateness);
  return { races: listed.slice(0, mostListed), racesOmitted: Math.max(0, listed.length - mostListed) };
}

interface Gathered {
  readonly race: Race;
  /** The write that would be durable last; of a batch, the first. */
  readonly latest: ReplayEvent<'write'>;
  readonly effects: Set<string>;
}

function gather(before: Gathered | undefined, race: Race): Gathered {
  const [latest] = race.writes.map(({ event }) => event).sort(byOrigin) as [ReplayEvent<'write'>];
  const effects = before?.effects ?? new Set();
  for (const { event } of race.writes) effects.add(event.effect);
  const later = before ? race.lateUs - before.race.lateUs || byOrigin(before.latest, latest) : 1;
  return before && later <= 0 ? before : { race, latest, effects };
}

function listedOf({ race, latest, effects }: Gathered, publishers: ReadonlyMap<string, Operation>): BatchRace {
  const { event, key } = race.publication;
  const publisher = publishers.get(key);
  return {
    op: publisher?.name ?? null,
    opId: publisher?.opId ?? event.opId ?? null,
    ...{ device: event.device, snapshot: event.snapshot, effect: latest.effect, effects: effects.size },
    lateMs: toMs(race.lateUs),
    at: placeOf(event) as Place,
  };
}

/** Of operations that are nested, the inner one has fewer steps. */
function publishersOf(operations: readonly PreparedOperation[]): Map<string, Operation> {
  const publishers = new Map<string, Operation>();
  for (const { operation, own } of operations) {
    for (const { key } of own) {
      const other = publishers.get(key);
      const isInner = !other || operation.parent === other || operation.steps.length < other.steps.length;
      if (isInner) publishers.set(key, operation);
    }
  }
  return publishers;
}

function byOrigin(left: ReplayEvent<'write'>, right: ReplayEvent<'write'>): number {
  return left.originSeq - right.originSeq || byText(left.effect, right.effect);
}

function byLateness(left: BatchRace, right: BatchRace): number {
  return (
    right.lateMs - left.lateMs ||
    byText(left.device, right.device) ||
    byText(left.at.file, right.at.file) ||
    positionOf(left.at) - positionOf(right.at) ||
    byText(left.snapshot, right.snapshot)
  );
}

function positionOf(place: Place): number {
  return 'line' in place ? place.line : place.item;
}
