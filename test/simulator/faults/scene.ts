import type { Device } from '../device.ts';
import type { Effect } from '../model.ts';
import { mint, note, pay } from '../operations.ts';
import { deliverAll } from '../replication.ts';
import { mainIdentity, type World } from '../world.ts';

/** Two devices of the main identity that no fault has touched: one whose effects count, and one that goes wrong. */
export interface Pair {
  readonly origin: Device;
  readonly victim: Device;
}

/** Chooses the two, or nothing where another fault has left no such pair. */
export function choosePair(world: World): Pair | undefined {
  const [origin, victim] = world.random.shuffled(world.devicesOf(mainIdentity).filter(({ faulted }) => !faulted));
  return origin === undefined || victim === undefined ? undefined : { origin, victim };
}

/** An effect that the victim has not heard of and whose absence would show in its ledger; made for the purpose where there is none. */
export function unheardEffect(world: World, { origin, victim }: Pair): Effect {
  const pending = victim
    .pendingFrom(origin)
    .filter(
      (effect) => !victim.waiting.has(effect) && !victim.owedAgain.has(effect) && isVisible(world, victim, effect),
    );
  return world.random.pickOptional(pending) ?? visibleEffect(world, origin, victim);
}

/** Makes an effect whose outcome stays visible: a payment with change where there is money, a mint otherwise. */
export function visibleEffect(world: World, origin: Device, victim: Device): Effect {
  const paid = world.random.chance(0.5) ? pay(world, origin) : undefined;
  return paid !== undefined && isVisible(world, victim, paid) ? paid : mint(world, origin);
}

/** Takes the effect from the victim for good: everybody, the victim included, goes on as if it had it. */
export function lose(world: World, victim: Device, effect: Effect): void {
  victim.lost.add(effect);
  victim.waiting.delete(effect);
  victim.faulted = true;
  world.freeze(effect);
}

/**
 * Makes what is missing owed by causality: a later effect of the same origin arrives with a line of its own.
 * A run that ends quiescent owes it anyway, so there it is only sometimes done.
 */
export function makeOwed(world: World, { origin, victim }: Pair): void {
  if (world.features.ending === 'quiescent' && world.random.chance(0.5)) return;
  note(world, origin);
  deliverAll(world, origin, victim);
}

/** The device goes on to something else, so that what it left undone is no longer under way. */
export function goOn(world: World, device: Device): void {
  note(world, device);
}

/** The first token that the effect put out at its own identity, and that its device can still lose. */
export function outcomeOf(effect: Effect): { tokenId: string; coin: string } | undefined {
  const own = effect.outputs.find(({ owner }) => owner === effect.identity) ?? effect.inputs[0];
  return own && { tokenId: own.tokenId, coin: own.coin };
}

function isVisible(world: World, victim: Device, effect: Effect): boolean {
  const born = effect.outputs.some(
    ({ tokenId, owner }) => owner === victim.identity && !world.spent.has(tokenId) && !victim.retired.has(tokenId),
  );
  return born || effect.inputs.some(({ tokenId }) => victim.live.has(tokenId));
}
