import { getOrCreate } from '../../base/order.ts';
import { dequeue, enqueue, lengthOf, newQueue, type Queue } from '../../base/queue.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { defineProjection } from '../projection.ts';

/** A write of which no `verify` said yet that it is durable. */
export interface Unverified {
  readonly write: ReplayEvent<'write'>;
  /** Verifies of it that failed. */
  failed: number;
}

/** What a device wrote, and how much of it was verified. */
export interface Verifications {
  writes: number;
  /** By effect, in the device's order. */
  readonly pending: Map<string, Unverified>;
  /** Verifies that were ok and say neither effect nor content: nobody knows of what. */
  nameless: number;
  /** Contents that were verified and that no write names: they may be those of writes that name none. */
  readonly strange: Remembered;
}

/** By device, and what is needed to match a verify with its write. */
export interface VerificationState {
  readonly devices: Map<string, Verifications>;
  /** Who wrote the pending effects, by effect and by the address of their content. */
  readonly writers: Map<string, { readonly device: string; readonly effect: string }>;
  /** Effects and addresses that were verified lately: content may be verified before its effect is written. */
  readonly verified: Remembered;
}

/** Names, the oldest of which are forgotten beyond `mostVerified`. */
interface Remembered {
  readonly names: Set<string>;
  readonly order: Queue<string>;
}

/** How many names of what was verified lately are kept. */
export const mostVerified = 10_000;

/** Which writes were never verified. Bounded by those that are not verified yet. */
export const verifications = defineProjection<VerificationState>({
  name: 'verifications',
  initial: newVerifications,
  on: { write: takeWrite, verify: takeVerify },
});

/** Nothing written yet. */
export function newVerifications(): VerificationState {
  return { devices: new Map(), writers: new Map(), verified: nothingRemembered() };
}

function takeWrite(state: VerificationState, write: ReplayEvent<'write'>): void {
  const { device, effect, cid } = write;
  const of = verificationsOf(state, device);
  of.writes++;
  if (cid !== undefined) for (const { strange } of state.devices.values()) strange.names.delete(cid);
  const { names } = state.verified;
  if (names.has(effect) || (cid !== undefined && names.has(cid))) return;
  of.pending.set(effect, { write, failed: 0 });
  for (const name of [effect, cid]) if (name !== undefined) state.writers.set(name, { device, effect });
}

function takeVerify(state: VerificationState, { device, effect, cid, ok }: ReplayEvent<'verify'>): void {
  const of = verificationsOf(state, device);
  if (effect === undefined && cid === undefined && ok) of.nameless++;
  if (effect === undefined && cid !== undefined && ok && !state.writers.has(cid)) remember(of.strange, cid);
  for (const name of [effect, cid]) {
    if (name === undefined) continue;
    const writer = state.writers.get(name);
    const unverified = writer && state.devices.get(writer.device)?.pending.get(writer.effect);
    if (ok) remember(state.verified, name);
    if (unverified && !ok) unverified.failed++;
    else if (unverified) forget(state, unverified.write);
    if (unverified) return;
  }
}

function forget({ devices, writers }: VerificationState, { device, effect, cid }: ReplayEvent<'write'>): void {
  devices.get(device)?.pending.delete(effect);
  writers.delete(effect);
  if (cid !== undefined) writers.delete(cid);
}

function remember({ names, order }: Remembered, name: string): void {
  if (names.has(name)) return;
  names.add(name);
  enqueue(order, name);
  if (lengthOf(order) > mostVerified) names.delete(dequeue(order) as string);
}

function nothingRemembered(): Remembered {
  return { names: new Set(), order: newQueue() };
}

/** What is known of the writes of a device. */
export function verificationsOf({ devices }: VerificationState, device: string): Verifications {
  return getOrCreate(devices, device, () => ({
    ...{ writes: 0, pending: new Map(), nameless: 0, strange: nothingRemembered() },
  }));
}
