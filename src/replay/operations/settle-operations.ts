import { type Interval, slackUs, toMicroseconds } from '../../base/intervals.ts';
import { byText, getOrCreate, sortedEntries } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import {
  type DeviceOperations,
  innermostOf,
  type LooseTrip,
  type Operations,
  operationsOn,
} from '../projections/operations.ts';
import {
  absorb,
  addStep,
  addTally,
  addTrip,
  isToldAtItsEnd,
  type KindTally,
  type Operation,
  spanOf,
  tallyOf,
} from './operation.ts';
import { intervalOf, isTrip, kindOf, type Step, type TimedStep, type Trip, timedStepOf } from './step.ts';
import { type Tally, tallyOperation } from './tally.ts';

/** All operations of a run, summed up, and what belongs to none of them. */
export interface SettledOperations {
  readonly tallies: ReadonlyMap<string | null, Tally>;
  /** Every round trip once. */
  readonly kinds: ReadonlyMap<string, KindTally>;
  readonly verifyUs: readonly number[];
  /** Lines of trips by how their operation is known. */
  readonly attributed: { readonly byId: number; readonly atItsLine: number; readonly byTime: number };
  readonly unattributed: ReadonlyMap<string, KindTally>;
  /** Trips of which both ends tell, the device and a gateway: counted once. */
  readonly toldTwice: number;
  /** When the newest steps of each device were under way, by device, in no order. */
  readonly recent: ReadonlyMap<string, readonly TimedStep[]>;
  /** The newest snapshots of each device, those of no operation included; without their contents where a frontier says enough. */
  readonly publishes: ReadonlyMap<string, readonly ReplayEvent<'publish'>[]>;
}

/**
 * Ends the count: attributes what only times can attribute, joins what several devices say of one operation, and sums up
 * what is left. The projection's state is used up by it.
 */
export function settleOperations(state: Operations): SettledOperations {
  const devices = sortedEntries(state.devices);
  const unattributed = new Map(state.unkept);
  const recent = new Map<string, readonly TimedStep[]>();
  const publishes = new Map(devices.map(([device, of]) => [device, of.publishes]));
  let byTime = 0;
  let toldTwice = 0;
  for (const [name, device] of devices) {
    const { known, loose } = withoutEchoes(state, device);
    const timed = stepsOf({ ...device, loose }).flatMap((step) => timedStepOf(step) ?? []);
    recent.set(name, [...timed, ...device.foldedSteps]);
    toldTwice += known;
    byTime += attributeByTime(device, loose, unattributed);
  }
  for (const [, device] of devices) joinMentions(device, state.devices);
  for (const [, device] of devices) {
    for (const operation of operationsOn(device)) tallyOperation(state.tallies, operation);
  }
  return {
    ...{ tallies: state.tallies, kinds: state.kinds, verifyUs: state.verifyUs },
    attributed: { byId: state.byId, atItsLine: state.inferred, byTime },
    ...{ unattributed, toldTwice, recent, publishes },
  };
}

function stepsOf({
  byId,
  ended,
  loose,
}: Pick<DeviceOperations, 'byId' | 'ended'> & { readonly loose: readonly LooseTrip[] }): Step[] {
  const steps = new Set<Step['event']>();
  for (const operation of operationsOn({ byId, ended })) {
    for (const { event } of operation.steps) steps.add(event);
  }
  for (const { step } of loose) steps.add(step.event);
  return [...steps]
    .sort(
      (left, right) =>
        (left.time ?? 0) - (right.time ?? 0) || byText(left.file.path, right.file.path) || left.line - right.line,
    )
    .map((event) => ({ event, inferred: false }));
}

/**
 * The loose trips but for those that say again, from the gateway's side, what a `verify` of the device says: of the same
 * content, at the same time.
 */
function withoutEchoes(state: Operations, device: DeviceOperations): { known: number; loose: LooseTrip[] } {
  const { loose } = device;
  if (!loose.some(({ observed, step }) => observed && nameOf(step) !== undefined)) return { known: 0, loose };
  const verifies = new Map<string, Interval[]>();
  const own = [...stepsOf(device)].filter((step): step is Trip => isTrip(step) && step.event.type === 'verify');
  for (const step of own) {
    const interval = intervalOf(step);
    const name = nameOf(step);
    if (interval && name !== undefined) getOrCreate(verifies, name, () => []).push(interval);
  }
  const rest = loose.filter(({ observed, step }) => {
    const name = nameOf(step);
    const seen = intervalOf(step);
    if (!observed || step.event.type === 'verify' || name === undefined || !seen) return true;
    const told = verifies.get(name);
    const place = told?.findIndex((verify) => contains(verify, seen)) ?? -1;
    if (place < 0) return true;
    told?.splice(place, 1);
    const { trips, retries, timeUs } = tallyOf(step);
    addTally(state.kinds, kindOf(step.event), { trips: -trips, retries: -retries, timeUs: -timeUs });
    return false;
  });
  return { known: loose.length - rest.length, loose: rest };
}

function nameOf({ event }: Trip): string | undefined {
  return event.type === 'verify' ? (event.cid ?? event.effect) : event.requestId;
}

/**
 * Attributes each trip to the operation that was open when it began, if exactly one was. Where a device logs its operations
 * as they begin, its own trips found theirs at their lines; operations that are told at their end are found only now.
 */
function attributeByTime(
  device: DeviceOperations,
  loose: readonly LooseTrip[],
  unattributed: Map<string, KindTally>,
): number {
  const spans = spansOf(device);
  const timed = loose
    .map((trip) => ({ ...trip, began: intervalOf(trip.step)?.start ?? null }))
    .sort((left, right) => (left.began ?? 0) - (right.began ?? 0));
  let open: Span[] = [];
  let next = 0;
  let found = 0;
  for (const { step, ambiguous, observed, began } of timed) {
    let operation: Operation | null = null;
    if (began !== null && !ambiguous) {
      while (next < spans.length && (spans[next] as Span).start <= began + slackUs) open.push(spans[next++] as Span);
      open = open.filter(({ end }) => end + slackUs >= began);
      const candidates = open.filter(({ isToldAtItsEnd }) => observed || isToldAtItsEnd);
      const strict = candidates.filter(({ start, end }) => start <= began && began <= end);
      operation = innermostOf((strict.length > 0 ? strict : candidates).map((span) => span.operation));
    }
    if (operation) {
      found++;
      addStep(operation, { ...step, inferred: true });
    } else addTrip(unattributed, step);
  }
  return found;
}

type Span = Interval & { readonly operation: Operation; readonly isToldAtItsEnd: boolean };

/** Of operations under way at the end, the end is not known; those that went down with their process are left out. */
function spansOf({ byId, ended, running }: DeviceOperations): Span[] {
  const open = new Set([...running.values()].flatMap(({ operations }) => operations));
  return [...operationsOn({ byId, ended })]
    .flatMap((operation): Span[] => {
      const span = spanOf(operation);
      if (span) return [{ ...span, operation, isToldAtItsEnd: isToldAtItsEnd(operation) }];
      const time = operation.start?.time ?? null;
      if (!open.has(operation) || time === null) return [];
      return [{ start: toMicroseconds(time), end: Number.POSITIVE_INFINITY, operation, isToldAtItsEnd: false }];
    })
    .sort((left, right) => left.start - right.start);
}

function contains(outer: Interval, inner: Interval): boolean {
  return outer.start <= inner.start + slackUs && inner.end <= outer.end + slackUs;
}

/** What a device did for an operation of another counts there, if one other device alone has an operation of that id. */
function joinMentions(device: DeviceOperations, devices: ReadonlyMap<string, DeviceOperations>): void {
  for (const mention of [...device.byId.values()]) {
    if (mention.start || mention.end || mention.parent) continue;
    const homes = [...devices.values()]
      .filter((other) => other !== device)
      .map(({ byId }) => byId.get(mention.opId))
      .filter((operation) => operation?.start || operation?.end);
    const [home] = homes;
    if (!home || homes.length > 1) continue;
    for (let at: Operation | null = home; at; at = at.parent) absorb(at, mention);
    device.byId.delete(mention.opId);
  }
}
