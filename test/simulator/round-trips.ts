import type { Device } from './device.ts';
import type { Effect } from './model.ts';
import type { World } from './world.ts';

/** A round trip of an operation, sometimes repeated once or twice before it succeeds. */
export function request(world: World, device: Device, kind: string, opId?: string): void {
  const { random } = world;
  const requestId = `rq-${random.hex(8)}`;
  const attempts = random.chance(0.1) ? random.between(2, 3) : 1;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const ok = attempt === attempts;
    const durationMs = device.log.spend(random.next() * 80);
    const sizes = ok && random.chance(0.5) ? { bytes: random.between(100, 50_000), blocks: random.between(1, 9) } : {};
    const fields = { kind, requestId, attempt, ok, durationMs, ...sizes, ...(opId ? { opId } : {}) };
    device.log.emit('request', fields, ok ? `${kind} done` : `${kind} timed out`, ok ? 30 : 40);
  }
}

/** Makes the oldest write that is not yet durable so, perhaps at the second attempt. */
export function verifyNext(world: World, device: Device): void {
  const effect = device.unverified.shift();
  if (effect !== undefined) verify(world, device, effect);
}

/** Makes everything durable that the device wrote: no log ends orderly before that. */
export function verifyAll(world: World, device: Device): void {
  while (device.unverified.length > 0) verifyNext(world, device);
}

function verify(world: World, device: Device, effect: Effect): void {
  const { random, features } = world;
  const gateway = random.pick(['ipfs-a.example', 'ipfs-b.example']);
  const attempts = random.chance(0.15) ? 2 : 1;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const ok = attempt === attempts;
    const durationMs = device.log.spend(random.next() * 60);
    const named = features.verifyBy === 'cid' ? { cid: effect.cid } : { effect: effect.id };
    const fields = { ...named, gateway, attempt, ok, durationMs, opId: effect.opId };
    device.log.emit('verify', fields, ok ? 'durable' : 'not yet durable');
  }
}
