import type { Device } from './device.ts';
import { writeFields } from './effects.ts';
import { mint } from './operations.ts';
import { readBalances } from './reads.ts';
import { deliverSome, report, synchronise } from './replication.ts';
import { verifyAll } from './round-trips.ts';
import { giveBack } from './snapshots.ts';
import { mainIdentity, type World } from './world.ts';

/** Whether the device may truly say that nothing waits to go out and nothing waits to be applied. */
function isQuiescent(world: World, device: Device): boolean {
  const delivered = world.siblings(device).every((sibling) => sibling.pendingFrom(device).length === 0);
  return delivered && device.waiting.size === 0 && device.owedAgain.size === 0;
}

/** The process stops in an orderly way: what it wrote is durable, and it says whether something is still under way. */
function stop(world: World, device: Device): boolean {
  verifyAll(world, device);
  const quiescent = isQuiescent(world, device);
  const heads = world.features.heads ? { heads: device.heads.map(({ id }) => id) } : {};
  device.log.emit('device.end', { quiescent, ...heads }, 'wallet stopped');
  return quiescent;
}

/** The process stops or dies, and starts again with what it held. */
export function restart(world: World, device: Device): void {
  if (world.random.chance(0.6)) stop(world, device);
  else crash(world, device);
  world.wait(500);
  device.log.start();
}

/** Ends the run as its features say. */
export function endRun(world: World): void {
  // What a device held before a wipe is owed to it by any reading, so it is given back however the run ends.
  for (const device of world.devices) giveBack(world, device);
  if (world.features.ending === 'aborted') {
    for (const device of world.devices) abandon(world, device);
    return;
  }
  if (world.features.ending === 'quiescent') for (const identity of world.identities) synchronise(world, identity);
  else mint(world, world.random.pick(world.devicesOf(mainIdentity)));
  for (const device of world.random.shuffled(world.devices)) {
    if (world.features.ending === 'pending' && world.random.chance(0.3)) deliverSome(world, device, 1);
    if (world.random.chance(0.7)) readBalances(world, device);
    device.endedQuiescent = stop(world, device);
    device.ended = true;
  }
}

/** Dies between two lines: an operation never ends, or something received is not yet applied. */
function crash(world: World, device: Device): void {
  const choice = world.random.next();
  if (choice < 0.3) beginOperation(world, device);
  else if (choice < 0.6) receiveOnly(world, device);
}

/** Cut off by the end of the run, perhaps in the middle of something, which is then pending. */
function abandon(world: World, device: Device): void {
  const choice = world.random.next();
  if (choice < 0.2) beginOperation(world, device);
  else if (choice < 0.4) receiveOnly(world, device);
  else if (choice < 0.55 && !device.faulted) receiveOnly(world, device, true);
  else if (choice < 0.7) writeOnly(world, device);
}

function beginOperation(world: World, device: Device): void {
  device.log.emit('op.start', { opId: `op-${++world.operations}`, op: 'pay' }, 'pay begins');
}

function receiveOnly(world: World, device: Device, applied = false): void {
  const origin = world.random.pickOptional(
    world.siblings(device).filter((each) => device.pendingFrom(each).length > 0),
  );
  const effect = origin && device.pendingFrom(origin)[0];
  // Only what follows nothing else that is missing: to hear of it must not make anything before it owed.
  if (effect === undefined || effect.parents.some((parent) => !device.has(parent))) return;
  report(device, effect, 'received');
  if (applied) report(device, effect, 'applied');
}

/** The write was logged, and the process was gone before its balance lines. */
function writeOnly(world: World, device: Device): void {
  const previous = device.written[device.written.length - 1];
  const amount = world.random.amountUpTo(10n ** 12n);
  const token = { tokenId: world.random.hex(40), coin: 'UCT', amount, owner: device.identity };
  const opId = `op-${++world.operations}`;
  device.log.emit('op.start', { opId, op: 'mint' }, 'mint begins');
  const effect = {
    id: `zdpu${world.random.hex(40)}`,
    cid: `bafy${world.random.hex(40)}`,
    origin: device.name,
    identity: device.identity,
    originSeq: (previous?.originSeq ?? 0) + 1,
    key: `token:${token.tokenId.slice(0, 12)}`,
    opId,
    kind: 'mint' as const,
    inputs: [],
    outputs: [token],
    parents: device.heads,
  };
  device.log.emit('write', writeFields(world, effect, device.heads), `wrote ${effect.key}`);
}
