import { getOrCreate } from '../../base/order.ts';
import { dequeue, enqueue, lengthOf, newQueue, type Queue } from '../../base/queue.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { defineProjection } from '../projection.ts';

/** An effect, or the address of its content: as a text, or as a number that stands for it. */
type Name = string | number;

/** What a line names: the device's own effect, or any that it verifies. */
export interface Named {
  readonly device: string;
  readonly effect?: Name | undefined;
  readonly cid?: Name | undefined;
}

/** A write of which no `verify` said yet that it is durable. */
export interface Unverified<Write = ReplayEvent<'write'>> {
  readonly write: Write;
  readonly named: Named & { readonly effect: Name };
  /** Verifies of it that failed. */
  failed: number;
}

/** What a device wrote, and how much of it was verified. */
export interface Verifications<Write = ReplayEvent<'write'>> {
  writes: number;
  /** By effect, in the device's order. */
  readonly pending: Map<Name, Unverified<Write>>;
  /** Verifies that were ok and say neither effect nor content: nobody knows of what. */
  nameless: number;
  /** Contents that were verified and that no write names: they may be those of writes that name none. */
  readonly strange: Remembered;
}

/** By device, and what is needed to match a verify with its write. `Write`: what is kept of a write. */
export interface VerificationState<Write = ReplayEvent<'write'>> {
  readonly devices: Map<string, Verifications<Write>>;
  /** Who wrote the pending effects, by effect and by the address of their content. */
  readonly writers: Map<Name, { readonly device: string; readonly effect: Name }>;
  /** Effects and addresses that were verified lately: content may be verified before its effect is written. */
  readonly verified: Remembered;
}

/** Names, the oldest of which are forgotten beyond `mostVerified`. */
interface Remembered {
  readonly names: Set<Name>;
  readonly order: Queue<Name>;
}

/** How many names of what was verified lately are kept. */
const mostVerified = 10_000;

/** Which writes were never verified. Bounded by those that are not verified yet. */
export const verifications = defineProjection<VerificationState>({
  name: 'verifications',
  initial: newVerifications,
  on: {
    write: (state, event) => void takeWrite(state, event, event),
    verify: (state, event) => void takeVerify(state, event, event.ok),
  },
});

/** Nothing written yet. */
export function newVerifications<Write>(): VerificationState<Write> {
  return { devices: new Map(), writers: new Map(), verified: nothingRemembered() };
}

/** A device writes an effect. Returns whether it is still to be verified. */
export function takeWrite<Write>(
  state: VerificationState<Write>,
  { device, effect, cid }: Named & { readonly effect: Name },
  write: Write,
): boolean {
  const of = verificationsOf(state, device);
  of.writes++;
  if (cid !== undefined) for (const { strange } of state.devices.values()) strange.names.delete(cid);
  const { names } = state.verified;
  if (names.has(effect) || (cid !== undefined && names.has(cid))) return false;
  of.pending.set(effect, { write, named: { device, effect, cid }, failed: 0 });
  for (const name of [effect, cid]) if (name !== undefined) state.writers.set(name, { device, effect });
  return true;
}

/** A device verifies an effect, or some content. Returns the write that is durable by it. */
export function takeVerify<Write>(
  state: VerificationState<Write>,
  { device, effect, cid }: Named,
  ok: boolean,
): Write | undefined {
  const of = verificationsOf(state, device);
  if (effect === undefined && cid === undefined && ok) of.nameless++;
  if (effect === undefined && cid !== undefined && ok && !state.writers.has(cid)) remember(of.strange, cid);
  for (const name of [effect, cid]) {
    if (name === undefined) continue;
    const writer = state.writers.get(name);
    const unverified = writer && state.devices.get(writer.device)?.pending.get(writer.effect);
    if (ok) remember(state.verified, name);
    if (unverified && !ok) unverified.failed++;
    else if (unverified) forget(state, unverified.named);
    if (unverified) return ok ? unverified.write : undefined;
  }
  return undefined;
}

function forget<Write>(
  { devices, writers }: VerificationState<Write>,
  { device, effect, cid }: Unverified['named'],
): void {
  devices.get(device)?.pending.delete(effect);
  writers.delete(effect);
  if (cid !== undefined) writers.delete(cid);
}

function remember({ names, order }: Remembered, name: Name): void {
  if (names.has(name)) return;
  names.add(name);
  enqueue(order, name);
  if (lengthOf(order) > mostVerified) names.delete(dequeue(order) as Name);
}

function nothingRemembered(): Remembered {
  return { names: new Set(), order: newQueue() };
}

function verificationsOf<Write>({ devices }: VerificationState<Write>, device: string): Verifications<Write> {
  return getOrCreate(devices, device, newDevice<Write>);
}

function newDevice<Write>(): Verifications<Write> {
  return { writes: 0, pending: new Map(), nameless: 0, strange: nothingRemembered() };
}
