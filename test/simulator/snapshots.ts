import type { Device } from './device.ts';
import type { Effect, Snapshot } from './model.ts';
import { readBalances } from './reads.ts';
import { deliverUpTo } from './replication.ts';
import { request } from './round-trips.ts';
import type { World } from './world.ts';

/** What a fault may ask of an import that is not as it should be. */
export interface ImportOptions {
  snapshot: Snapshot;
  source?: 'network' | 'cache';
  /** Effects that the snapshot claims and that do not arrive with it. */
  without?: (effect: Effect) => boolean;
}

/** Publishes what the device has, as far as it has it without a hole. A fault may leave effects out of the contents. */
export function publish(world: World, device: Device, without: (effect: Effect) => boolean = () => false): Snapshot {
  const frontier: Record<string, number> = {};
  const claimed: Effect[] = [];
  for (const origin of world.devicesOf(device.identity)) {
    const prefix = origin.written.findIndex((effect) => !device.applied.has(effect));
    const reached = prefix === -1 ? origin.written.length : prefix;
    if (reached > 0) frontier[origin.name] = reached;
    claimed.push(...origin.written.slice(0, reached));
  }
  // In the order in which the device applied them, so that the snapshot can be folded without sorting.
  const order = [...device.applied].filter((effect) => effect.originSeq <= (frontier[effect.origin] ?? 0));
  if (order.length !== claimed.length) throw new Error('simulator: a frontier claims what the device does not have');
  const contents = order.filter((effect) => !without(effect));
  const snapshot = {
    id: `snap-${world.random.hex(16)}`,
    identity: device.identity,
    publisher: device.name,
    frontier,
    contents,
  };
  const durationMs = device.log.spend(world.random.next() * 100);
  device.log.emit(
    'publish',
    { snapshot: snapshot.id, frontier, ...showContents(world, contents), durationMs },
    'snapshot published',
  );
  world.snapshots.push(snapshot);
  return snapshot;
}

/** The newest snapshot: no other claims all that it claims and more. */
function newestSnapshot(world: World, identity: string): Snapshot | undefined {
  const all = world.snapshots.filter((snapshot) => snapshot.identity === identity);
  return all.filter((snapshot) => !all.some((other) => claimsMore(other, snapshot))).at(-1);
}

/** Wipes the device and lets it recover from the newest snapshot, where that loses nothing. */
export function recoverIfSafe(world: World, device: Device): void {
  const snapshot = newestSnapshot(world, device.identity);
  if (snapshot === undefined || device.faulted || !world.recoveriesAllowed) return;
  const own = device.written.slice(snapshot.frontier[device.name] ?? 0);
  const elsewhere = own.every((effect) => world.siblings(device).some((sibling) => sibling.applied.has(effect)));
  if (own.length > 0 && !(world.features.ownRedelivery && elsewhere)) return;
  recover(world, device, { snapshot });
}

/** Wipes the device and takes the snapshot over. Its own effects past the frontier come back at once, the rest in time. */
export function recover(world: World, device: Device, { snapshot, source, without }: ImportOptions): void {
  device.clear();
  if (world.random.chance(0.3)) readBalances(world, device);
  const fromCache = source === undefined && snapshot.publisher === device.name && world.random.chance(0.3);
  takeOver(world, device, {
    snapshot,
    source: source ?? (fromCache ? 'cache' : 'network'),
    ...(without ? { without } : {}),
  });
  for (const effect of device.pendingFrom(device)) if (!device.has(effect)) deliverUpTo(world, device, effect);
  if (world.random.chance(0.5)) readBalances(world, device);
}

/** Takes a snapshot over on top of what the device holds. */
export function takeOver(world: World, device: Device, { snapshot, source = 'network', without }: ImportOptions): void {
  if (source === 'network') request(world, device, 'fetch');
  const contents = without === undefined ? snapshot.contents : snapshot.contents.filter((effect) => !without(effect));
  const fields = { snapshot: snapshot.id, source, ...showContents(world, contents) };
  device.log.emit('import', fields, `state taken from ${source}`);
  device.adopt(contents, snapshot.id);
}

/** Catches up by snapshot instead of by replication, or reads the cache at a start. Nothing is wiped. */
export function importNewest(world: World, device: Device): void {
  const snapshot = newestSnapshot(world, device.identity);
  if (snapshot === undefined || device.faulted || !world.recoveriesAllowed) return;
  takeOver(world, device, { snapshot, source: snapshot.publisher === device.name ? 'cache' : 'network' });
}

/** Delivers again whatever the device held before it was wiped. */
export function giveBack(world: World, device: Device): void {
  for (const effect of [...device.owedAgain]) if (!device.has(effect)) deliverUpTo(world, device, effect);
  device.owedAgain.clear();
}

function claimsMore(left: Snapshot, right: Snapshot): boolean {
  const origins = new Set([...Object.keys(left.frontier), ...Object.keys(right.frontier)]);
  const ahead = [...origins].map((origin) => (left.frontier[origin] ?? 0) - (right.frontier[origin] ?? 0));
  return ahead.every((steps) => steps >= 0) && ahead.some((steps) => steps > 0);
}

function showContents({ features }: World, contents: readonly Effect[]): Record<string, unknown> {
  return features.contents ? { contents: contents.map(({ id }) => id) } : {};
}
