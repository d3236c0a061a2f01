import type { Device } from './device.ts';
import type { Effect } from './model.ts';
import type { World } from './world.ts';

/** Gives the device something of a sibling's that it lacks: the next few effects, or the head alone. */
export function deliverSome(world: World, receiver: Device, most = 3): void {
  const { random, features } = world;
  if (receiver.ended) return;
  const origins = world.siblings(receiver).filter((origin) => receiver.pendingFrom(origin).length > 0);
  const origin = random.pickOptional(origins);
  if (origin === undefined) return;
  const pending = receiver.pendingFrom(origin);
  if (features.headsOnly && !receiver.faulted && random.chance(0.3)) {
    deliverHead(receiver, random.chance(0.5) ? (pending[pending.length - 1] as Effect) : random.pick(pending));
  } else {
    const last = pending[Math.min(pending.length, random.between(1, most)) - 1] as Effect;
    deliverUpTo(world, receiver, last);
  }
}

/** Delivers an effect, and before it whatever it causally follows and the device lacks. */
export function deliverUpTo(world: World, receiver: Device, effect: Effect): void {
  const effects = [...receiver.missingBefore(effect), effect];
  if (world.features.overtaking && effects.length > 1 && world.random.chance(0.3)) {
    // The one that was overtaken follows at once: an earlier effect that never came would be owed.
    effects.push(...effects.splice(-2).reverse());
  }
  if (world.random.chance(0.3)) {
    for (const each of effects) report(receiver, each, 'received');
    for (const each of effects) apply(receiver, each);
  } else {
    for (const each of effects) deliver(world, receiver, each);
  }
}

/** Delivers one effect as it comes, whatever is missing before it. */
function deliver(world: World, receiver: Device, effect: Effect): void {
  report(receiver, effect, 'received');
  if (world.features.mishaps && world.random.chance(0.04)) {
    report(receiver, effect, 'rejected', { reason: 'block not found' });
    report(receiver, effect, 'received');
  }
  apply(receiver, effect);
}

/** The sibling names its head and no more; what the head follows is fetched unseen, and only the balances tell. */
function deliverHead(receiver: Device, head: Effect): void {
  report(receiver, head, 'received', { headsOnly: true });
  report(receiver, head, 'applied', { headsOnly: true });
  for (const ancestor of receiver.missingBefore(head)) receiver.commit(ancestor);
  receiver.commit(head);
}

/** Writes the line of an application and does it. */
function apply(receiver: Device, effect: Effect): void {
  report(receiver, effect, 'applied');
  receiver.appliedByLine.add(effect);
  receiver.commit(effect);
}

/** Something known comes once more. Nothing moves, even where the device says that it applied it. */
export function redeliver(world: World, receiver: Device): void {
  const { random } = world;
  const known = [...receiver.applied].filter(({ origin }) => origin !== receiver.name);
  const effect = random.pickOptional(known);
  if (effect === undefined) return;
  report(receiver, effect, 'received');
  const harmless = random.chance(0.25);
  report(receiver, effect, harmless ? 'applied' : 'deduplicated', harmless ? {} : { reason: 'known' });
}

/** The device hears its own effect from a sibling, and rightly skips it as its own. */
export function echo(world: World, receiver: Device): void {
  const effect = world.random.pickOptional(receiver.written.filter((each) => receiver.applied.has(each)));
  if (effect === undefined) return;
  if (world.random.chance(0.5)) report(receiver, effect, 'received');
  report(receiver, effect, 'skipped', { reason: 'own-identity' });
}

/** Delivers everything that is not where it belongs, in no particular order of devices. */
export function synchronise(world: World, identity: string): void {
  const devices = world.devicesOf(identity).filter(({ ended }) => !ended);
  for (;;) {
    const behind = devices.filter((device) =>
      world.siblings(device).some((other) => device.pendingFrom(other).length > 0),
    );
    if (behind.length === 0) return;
    deliverSome(world, world.random.pick(behind), 6);
  }
}

/** Delivers everything of one origin to one device. */
export function deliverAll(world: World, origin: Device, receiver: Device): void {
  const pending = receiver.pendingFrom(origin);
  const last = pending[pending.length - 1];
  if (last !== undefined) deliverUpTo(world, receiver, last);
}

/** One `replication` line. */
export function report(receiver: Device, effect: Effect, action: string, more: Record<string, unknown> = {}): void {
  const { id, origin, originSeq } = effect;
  if (action === 'received' && !receiver.applied.has(effect)) receiver.waiting.add(effect);
  receiver.log.emit(
    'replication',
    { effect: id, origin, originSeq, action, ...more },
    `${action} ${origin}#${originSeq}`,
  );
}
