import type { Features } from './features.ts';
import { endRun, restart } from './lifecycle.ts';
import { performSomething } from './operations.ts';
import type { Random } from './prng.ts';
import { chatter, readBalances, readTokens } from './reads.ts';
import { deliverSome, echo, redeliver } from './replication.ts';
import { verifyNext } from './round-trips.ts';
import { importNewest, publish, recoverIfSafe } from './snapshots.ts';
import type { TruthFinding } from './truth.ts';
import { World } from './world.ts';

/** Puts a fault into the world, and says what it did; or says nothing, and is asked again a step later. */
export type Injection = (world: World) => TruthFinding | undefined;

/** A world that has come to its end, and what was done to it. */
export interface Played {
  readonly world: World;
  readonly findings: readonly TruthFinding[];
}

/** Plays a world to its end. Each injection happens once, somewhere past the first third; what could not be injected is missing from the findings. */
export function play(run: string, features: Features, random: Random, injections: readonly Injection[] = []): Played {
  const world = new World(run, features, random);
  const findings: TruthFinding[] = [];
  const open = injections.map((inject) => ({ inject, from: features.steps * (0.35 + random.next() * 0.4) }));
  for (const device of world.devices) device.log.start();
  for (let step = 0; step < features.steps; step++) {
    world.wait(200);
    act(world);
    const due = open.findIndex(({ from }) => step >= from);
    if (due === -1) continue;
    const finding = open[due]?.inject(world);
    if (finding === undefined) continue;
    findings.push(finding);
    open.splice(due, 1);
  }
  endRun(world);
  return { world, findings };
}

function act(world: World): void {
  const { random, features } = world;
  const device = random.pick(world.devices);
  const choice = random.next();
  if (choice < 0.36) performSomething(world, device);
  else if (choice < 0.66) deliverSome(world, random.pick(world.devices));
  else if (choice < 0.73) verifyNext(world, device);
  else if (choice < 0.77) readBalances(world, device);
  else if (choice < 0.79) readTokens(world, device);
  else if (choice < 0.84) chatter(world, device);
  else if (choice < 0.88) redeliver(world, device);
  else if (choice < 0.89) {
    if (features.mishaps) echo(world, device);
  } else if (choice < 0.92) {
    if (features.restarts) restart(world, device);
  } else if (features.recoveries && !device.faulted && world.siblings(device).length > 0) {
    if (choice < 0.95 || !features.wipes) publish(world, device);
    else if (choice < 0.98) {
      if (features.restarts && random.chance(0.4)) restart(world, device);
      recoverIfSafe(world, device);
    } else importNewest(world, device);
  }
}
