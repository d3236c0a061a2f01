import { mint } from '../operations.ts';
import { synchronise } from '../replication.ts';
import { verifyAll } from '../round-trips.ts';
import { publish, recover } from '../snapshots.ts';
import type { TruthFinding } from '../truth.ts';
import type { World } from '../world.ts';
import { violation } from './fault.ts';
import { choosePair, goOn, lose, outcomeOf } from './scene.ts';

/**
 * A snapshot whose frontier claims the publisher's last effect, and whose contents lack it; a sibling recovers from it.
 * What sets the two codes apart is on which side of the publish the effect became durable, both by the publisher's own `seq`.
 */
export function publishBadSnapshot(world: World, code: 'snapshot-race' | 'snapshot-omits'): TruthFinding | undefined {
  const pair = choosePair(world);
  if (pair === undefined) return undefined;
  const { origin, victim } = pair;
  synchronise(world, victim.identity);
  const effect = mint(world, origin);
  if (code === 'snapshot-omits') verifyAll(world, origin);
  const snapshot = publish(world, origin, (each) => each === effect);
  if (code === 'snapshot-race') verifyAll(world, origin);
  world.recoveriesAllowed = false;
  lose(world, victim, effect);
  recover(world, victim, { snapshot, source: 'network' });
  goOn(world, victim);
  return violation(code, origin, {
    effect: effect.id,
    snapshot: snapshot.id,
    others: [victim.name],
    ...outcomeOf(effect),
    mayAlso: ['lost-update'],
    story: `${snapshot.id} of ${origin.name} claims ${origin.name}#${effect.originSeq} and lacks it; ${victim.name} recovers from it`,
  });
}
