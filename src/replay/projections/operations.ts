import { getOrCreate } from '../../base/order.ts';
import { dequeue, enqueue, lengthOf, newQueue, type Queue, queued } from '../../base/queue.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { laneKey } from '../causal-order.ts';
import { addStep, addTrip, type KindTally, nest, newOperation, type Operation } from '../operations/operation.ts';
import { durationOf, isTrip, type Step, type TimedStep, type Trip } from '../operations/step.ts';
import { type Tally, tallyOperation } from '../operations/tally.ts';
import { defineProjection } from '../projection.ts';

/** A round trip that names no operation, and for which none was found at its line. */
export interface LooseTrip {
  readonly step: Trip;
  /** Whether several operations were open there, so that nobody can say whose it is. */
  readonly ambiguous: boolean;
  /** Whether another program than the device tells of it, such as a gateway. */
  readonly observed: boolean;
}

/** An operation that ended lately, with what it weighs. */
export interface Ended {
  readonly operation: Operation;
  readonly weight: number;
}

/** The operations of one device that may still change. */
export interface DeviceOperations {
  /** By id: those under way, those that ended lately, and those of which only steps are known so far. */
  readonly byId: Map<string, Operation>;
  /** Those that ended lately, in the order of their ends. Of one that was summed up at its end, what it weighs. */
  readonly ended: Queue<Ended | number>;
  /** What all of `ended` weighs, and how many of them were summed up at their ends. */
  kept: number;
  folded: number;
  /** When the steps of those were under way that were summed up at their ends, once all lines were seen. */
  readonly foldedSteps: TimedStep[];
  /** Those whose start was logged and whose end was not, by lane and its incarnation. */
  readonly running: Map<string, { readonly incarnation: number; readonly operations: Operation[] }>;
  readonly loose: LooseTrip[];
  /** Snapshots, the newest `mostPublishes` of them at least, those of no operation included. */
  readonly publishes: ReplayEvent<'publish'>[];
}

/** Every operation of a run: those that are over as sums by name, the others whole. */
export interface Operations {
  readonly devices: Map<string, DeviceOperations>;
  readonly tallies: Map<string | null, Tally>;
  /** Every round trip once, whoever made it. */
  readonly kinds: Map<string, KindTally>;
  /** How long each verify took, in µs. */
  readonly verifyUs: number[];
  /** Lines of round trips that say whose they are, and those that belong to the only operation open there. */
  byId: number;
  inferred: number;
  /** Trips that belong to nobody and were not kept to ask for their times; see `mostLoose`. */
  readonly unkept: Map<string, KindTally>;
}

/** How many steps of ended operations are kept for each device, in case that late lines belong to them. */
const mostKept = 2_000;
/** How many operations of a device are kept that never end, or were never begun. */
const mostOpen = 65_536;
/** How many trips without an operation are kept for each device, to be attributed by their times. */
const mostLoose = 100_000;
/** How many snapshots of each device are kept, to ask which writes they claim. */
const mostPublishes = 10_000;

/**
 * What each logical operation did: its writes, snapshots and round trips, those of nested operations included. A trip
 * without an `opId` belongs to the operation that is open on its device at its line, if exactly one is, with those that
 * it is nested in. Bounded by what is open, and by a few numbers per operation.
 */
export const operations = defineProjection<Operations>({
  name: 'operations',
  initial: () => ({
    devices: new Map(),
    tallies: new Map(),
    kinds: new Map(),
    verifyUs: [],
    byId: 0,
    inferred: 0,
    unkept: new Map(),
  }),
  on: {
    'op.start': start,
    'op.end': end,
    write: (state, event) => take(state, { event, inferred: false }),
    publish(state, event) {
      keepPublish(deviceOf(state, event.device), event);
      take(state, { event, inferred: false });
    },
    verify: (state, event) => take(state, { event, inferred: false }),
    request: (state, event) => take(state, { event, inferred: false }),
  },
});

function start(state: Operations, event: ReplayEvent<'op.start'>): void {
  const { opId, op, parentOpId } = event;
  if (opId === undefined) return;
  const device = deviceOf(state, event.device);
  const earlier = device.byId.get(opId);
  if (earlier && (earlier.start || earlier.end)) retire(state, device, earlier);
  const operation = operationOf(state, event.device, opId);
  operation.start = event;
  operation.name = op;
  if (parentOpId !== undefined) nest(operation, operationOf(state, event.device, parentOpId));
  runningIn(device, event).push(operation);
}

function end(state: Operations, event: ReplayEvent<'op.end'>): void {
  const { opId, op } = event;
  if (opId === undefined) return;
  const device = deviceOf(state, event.device);
  const operation = operationOf(state, event.device, opId);
  if (operation.end) return;
  operation.end = event;
  operation.name = op;
  stopRunning(device, operation);
  keepEnded(state, device, endedNow(operation));
}

/** Sums up an operation of which nothing was counted so far, and that will not change any more. */
export function tallyAtOnce(state: Operations, operation: Operation): void {
  for (const step of operation.steps) {
    countTrip(state, step);
    if (isTrip(step)) state.byId++;
  }
  tallyOperation(state.tallies, operation);
}

function countTrip(state: Operations, step: Step): void {
  if (isTrip(step)) addTrip(state.kinds, step);
  if (step.event.type === 'verify') state.verifyUs.push(durationOf(step));
}

function take(state: Operations, step: Step): void {
  const { event } = step;
  const trip = isTrip(step) ? step : null;
  countTrip(state, step);
  if (event.opId !== undefined) {
    if (trip) state.byId++;
    addStep(operationOf(state, event.device, event.opId), step);
    return;
  }
  const device = deviceOf(state, event.device);
  const running = runningIn(device, event);
  const innermost = innermostOf(running);
  if (innermost) {
    if (trip) state.inferred++;
    addStep(innermost, { ...step, inferred: true });
  } else if (trip) {
    const observed = event.stream !== undefined;
    if (device.loose.length < mostLoose) device.loose.push({ step: trip, ambiguous: running.length > 0, observed });
    else addTrip(state.unkept, trip);
  }
}

/** Keeps what the snapshot claims. What it holds can be long, and is needed only where it is all that tells what is claimed. */
function keepPublish({ publishes }: DeviceOperations, event: ReplayEvent<'publish'>): void {
  publishes.push(event.frontier[event.device] === undefined ? event : { ...event, contents: undefined });
  if (publishes.length >= 2 * mostPublishes) publishes.splice(0, publishes.length - mostPublishes);
}

/** The one operation that is open, or the innermost where the others are those that it is nested in. */
export function innermostOf(open: readonly Operation[]): Operation | null {
  if (open.length < 2) return open[0] ?? null;
  const outer = new Set(open.map(({ parent }) => parent));
  const [innermost, ...others] = open.filter((operation) => !outer.has(operation));
  return innermost && others.length === 0 ? innermost : null;
}

/** Another operation takes the same id, after a restart perhaps: the earlier one is over, ended or not. */
function retire(state: Operations, device: DeviceOperations, operation: Operation): void {
  stopRunning(device, operation);
  device.byId.delete(operation.opId);
  if (!operation.end) keepEnded(state, device, endedNow(operation));
}

function endedNow(operation: Operation): Ended {
  return { operation, weight: operation.steps.length + 1 };
}

/** Keeps an operation that is over for a while; the oldest makes room. */
function keepEnded(state: Operations, device: DeviceOperations, ended: Ended): void {
  enqueue(device.ended, ended);
  device.kept += ended.weight;
  makeRoom(state, device);
}

/** Keeps the place of an operation that was summed up when it ended: it makes the others older, as any. */
export function keepFolded(state: Operations, device: DeviceOperations, weight: number): void {
  enqueue(device.ended, weight);
  device.kept += weight;
  device.folded += 1;
  makeRoom(state, device);
}

function makeRoom(state: Operations, device: DeviceOperations): void {
  while (device.kept > mostKept) {
    const oldest = dequeue(device.ended);
    if (oldest === undefined) return;
    if (typeof oldest === 'number') {
      device.kept -= oldest;
      device.folded -= 1;
      continue;
    }
    const { operation, weight } = oldest;
    device.kept -= weight;
    if (device.byId.get(operation.opId) === operation) device.byId.delete(operation.opId);
    tallyOperation(state.tallies, operation);
  }
}

/** The operations of a device that may still change, each once. */
export function operationsOn({ byId, ended }: Pick<DeviceOperations, 'byId' | 'ended'>): ReadonlySet<Operation> {
  const laidOut = queued(ended).flatMap((each) => (typeof each === 'number' ? [] : [each.operation]));
  return new Set([...laidOut, ...byId.values()]);
}

/** Whether operations of a device would be given up with so many more of them. */
export function isCrowded({ byId, ended }: DeviceOperations, more: number): boolean {
  return byId.size + more > mostOpen + lengthOf(ended);
}

function operationOf(state: Operations, device: string, opId: string): Operation {
  const of = deviceOf(state, device);
  const found = of.byId.get(opId);
  if (found) return found;
  const operation = newOperation(device, opId);
  of.byId.set(opId, operation);
  if (isCrowded(of, 0)) {
    for (const oldest of of.byId.values()) {
      if (oldest.end) continue;
      stopRunning(of, oldest);
      of.byId.delete(oldest.opId);
      tallyOperation(state.tallies, oldest);
      break;
    }
  }
  return operation;
}

/** What is known of the operations of a device. */
export function deviceOf({ devices }: Operations, device: string): DeviceOperations {
  return getOrCreate(devices, device, () => ({
    byId: new Map(),
    ended: newQueue(),
    kept: 0,
    folded: 0,
    foldedSteps: [],
    running: new Map(),
    loose: [],
    publishes: [],
  }));
}

/** The operations under way in a lane; those of an earlier incarnation went down with it. */
function runningIn(
  device: DeviceOperations,
  event: Parameters<typeof laneKey>[0] & { readonly incarnation: number },
): Operation[] {
  const key = laneKey(event);
  const running = device.running.get(key);
  if (running?.incarnation === event.incarnation) return running.operations;
  const operations: Operation[] = [];
  device.running.set(key, { incarnation: event.incarnation, operations });
  return operations;
}

function stopRunning({ running }: DeviceOperations, operation: Operation): void {
  for (const { operations } of running.values()) {
    const place = operations.lastIndexOf(operation);
    if (place >= 0) operations.splice(place, 1);
  }
}
