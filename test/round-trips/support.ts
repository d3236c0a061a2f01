import type { EventHeader, ReplayEvent } from '../../src/events/event.ts';
import { addStep, newOperation, type Operation } from '../../src/replay/operations/operation.ts';
import type { SettledOperations } from '../../src/replay/operations/settle-operations.ts';
import { durationOf, type Step, timedStepOf } from '../../src/replay/operations/step.ts';
import { type Tally, tallyOperation } from '../../src/replay/operations/tally.ts';

const file = { path: 'a.ndjson', unit: 'line' } as const;
let lines = 0;

/** The header of an event that ends at a time in milliseconds; lines are counted over all tests. */
function header(time: number, device = 'a'): EventHeader {
  const line = ++lines;
  return {
    ...{ device, identity: 'bob', incarnation: 1, seq: line, time, opId: undefined, run: undefined, mono: undefined },
    ...{ file, line, stream: undefined },
  };
}

/** An effect `e7` is the device's seventh. */
function originSeqOf(effect: string): number {
  return Number(effect.replace(/\D/g, '')) || 1;
}

/** A write that is over at a time. */
export function write(effect: string, time: number, more: Partial<ReplayEvent<'write'>> = {}): ReplayEvent<'write'> {
  return {
    ...{ type: 'write', ...header(time, more.device), effect, originSeq: originSeqOf(effect), key: 'k' },
    ...{ durationMs: undefined, bytes: undefined, cid: undefined, deps: undefined },
    ...{ inputs: undefined, outputs: undefined, kind: undefined },
    ...more,
  } as ReplayEvent<'write'>;
}

/** A verify from one time to another. */
export function verify(
  effect: string | undefined,
  from: number,
  to: number,
  more: Partial<ReplayEvent<'verify'>> = {},
): ReplayEvent<'verify'> {
  return {
    ...{ type: 'verify', ...header(to, more.device), effect, cid: undefined, gateway: undefined },
    ...{ attempt: 1, ok: true, durationMs: to - from },
    ...more,
  } as ReplayEvent<'verify'>;
}

/** Another round trip. */
export function request(from: number, to: number, more: Partial<ReplayEvent<'request'>> = {}): ReplayEvent<'request'> {
  return {
    ...{ type: 'request', ...header(to, more.device), kind: 'pin', requestId: undefined, attempt: 1, ok: true },
    ...{ durationMs: to - from, bytes: undefined, blocks: undefined },
    ...more,
  } as ReplayEvent<'request'>;
}

/** A snapshot that claims the device's effects up to a number. */
export function publish(
  snapshot: string,
  time: number,
  claimed: number,
  more: Partial<ReplayEvent<'publish'>> = {},
): ReplayEvent<'publish'> {
  return {
    ...{ type: 'publish', ...header(time, more.device), snapshot, frontier: { [more.device ?? 'a']: claimed } },
    ...{ contents: undefined, durationMs: undefined },
    ...more,
  } as ReplayEvent<'publish'>;
}

/** What an operation is made of; without `wallMs` it never ended. */
export interface Told {
  readonly op?: string | null;
  readonly opId?: string;
  readonly device?: string;
  readonly from?: number;
  readonly wallMs?: number | undefined;
  readonly steps?: readonly Step['event'][];
}

let operations = 0;

/** An operation of these steps. */
export function operation({ op = 'pay', device = 'a', from = 0, wallMs, steps = [], ...more }: Told): Operation {
  const opId = more.opId ?? `op-${++operations}`;
  const told = newOperation(device, opId);
  told.name = op;
  if (wallMs !== undefined) {
    const end = { ...header(from + wallMs, device), opId, op: op ?? '', ok: true, durationMs: wallMs };
    told.end = { type: 'op.end', ...end };
  }
  for (const event of steps) addStep(told, { event, inferred: false });
  return told;
}

/** Operations, summed up. */
export function talliesOf(all: readonly Operation[]): Map<string | null, Tally> {
  const tallies = new Map<string | null, Tally>();
  for (const each of all) tallyOperation(tallies, each);
  return tallies;
}

/** Operations of a run, and snapshots that belong to none of them. */
export function settled(
  all: readonly Operation[],
  publishes: readonly ReplayEvent<'publish'>[] = [],
): SettledOperations {
  const steps = all.flatMap((each) => each.steps);
  const devices = new Set([...all, ...publishes].map(({ device }) => device));
  const of = <Item extends { readonly device: string }>(device: string, items: readonly Item[]) =>
    items.filter((item) => item.device === device);
  const published = steps.flatMap(({ event }) => (event.type === 'publish' ? [event] : []));
  return {
    tallies: talliesOf(all),
    kinds: new Map(),
    verifyUs: steps.filter(({ event }) => event.type === 'verify').map(durationOf),
    attributed: { byId: 0, atItsLine: 0, byTime: 0 },
    ...{ unattributed: new Map(), toldTwice: 0 },
    recent: new Map(
      [...devices].map((device) => {
        const own = of(device, all).flatMap((each) => each.steps);
        return [device, own.flatMap((step) => timedStepOf(step) ?? [])];
      }),
    ),
    publishes: new Map([...devices].map((device) => [device, of(device, [...published, ...publishes])])),
  };
}
