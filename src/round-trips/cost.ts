import { byText } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import { byCost, type Instance } from '../replay/operations/most.ts';
import { type KindTally, totalOf } from '../replay/operations/operation.ts';
import type { SettledOperations } from '../replay/operations/settle-operations.ts';
import type { Tally } from '../replay/operations/tally.ts';
import type { Place } from '../results.ts';
import type { Attribution, KindCost, OperationCost, OperationInstance } from '../results-round-trips.ts';
import { countSpreadOf, spreadOf, toMs } from './spread.ts';

const worstShown = 3;

/** What the operations of each name cost, most time in trips first. */
export function costsOf({ tallies }: SettledOperations): OperationCost[] {
  return [...tallies.values()]
    .map(costOf)
    .sort(
      (left, right) =>
        right.timeMs - left.timeMs || right.trips.total - left.trips.total || byText(left.op ?? '', right.op ?? ''),
    );
}

/** Each operation of these names and ids, most trips first: at most a hundred of each name. */
export function listedIn({ tallies }: SettledOperations, asked: readonly string[]): OperationInstance[] {
  return [...tallies.values()]
    .flatMap(({ name, mostTrips }) =>
      mostTrips.filter(({ operation }) => (name !== null && asked.includes(name)) || asked.includes(operation.opId)),
    )
    .sort(byCost)
    .map(instanceOf);
}

/** Round trips by kind, most first. */
export function kindCostsOf(kinds: ReadonlyMap<string, KindTally>): KindCost[] {
  return [...kinds]
    .filter(([, { trips, retries }]) => trips + retries > 0)
    .map(([kind, { trips, retries, timeUs }]) => ({ kind, trips, retries, timeMs: toMs(timeUs) }))
    .sort((left, right) => right.trips + right.retries - left.trips - left.retries || byText(left.kind, right.kind));
}

/** By whose word the trips belong to their operations. */
export function attributionOf({ attributed, unattributed, toldTwice }: SettledOperations): Attribution {
  const { byId, atItsLine, byTime } = attributed;
  const { trips, retries } = totalOf(unattributed);
  const inferred = atItsLine + byTime;
  const all = byId + inferred + trips + retries;
  const share = all === 0 ? null : (byId + inferred) / all;
  return { byId, inferred, unattributed: trips + retries, share, toldTwice };
}

/** One operation as a report names it. */
export function instanceOf({
  operation,
  first,
  last,
  wallUs,
  writes,
  trips,
  retries,
  kinds,
}: Instance): OperationInstance {
  const { opId, name, device } = operation;
  const wallMs = wallUs === null ? null : toMs(wallUs);
  return {
    ...{ opId, op: name, device, writes, trips, retries, wallMs, byKind: kindCostsOf(kinds) },
    ...{ from: placeOf(first), to: placeOf(last) },
  };
}

/** Where an event stands, as a report says it. */
export function placeOf(event: Pick<ReplayEvent, 'file' | 'line'> | null | undefined): Place | null {
  if (!event) return null;
  const { file, line } = event;
  return file.unit === 'line' ? { file: file.path, line } : { file: file.path, item: line };
}

function costOf(tally: Tally): OperationCost {
  const { name, operations, failed, unfinished, retries, inferred, chain, mostTrips } = tally;
  const { timedWallUs, timedTripsUs, unionUs } = tally;
  return {
    ...{ op: name, operations, failed, unfinished },
    writes: countSpreadOf(tally.writes),
    trips: countSpreadOf(tally.trips),
    ...{ retries, inferred },
    byKind: kindCostsOf(tally.kinds),
    timeMs: toMs(totalOf(tally.kinds).timeUs),
    wall: spreadOf(tally.wallUs),
    waiting: timedWallUs === 0 ? null : unionUs / timedWallUs,
    overlap: unionUs === 0 ? null : timedTripsUs / unionUs,
    chain: chain && { trips: chain.trips.length, timeMs: toMs(chain.lengthUs), instance: instanceOf(chain.instance) },
    worst: mostTrips
      .filter(({ trips }) => trips > 0)
      .slice(0, worstShown)
      .map(instanceOf),
  };
}
