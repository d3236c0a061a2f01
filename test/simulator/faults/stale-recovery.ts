import { mint, note } from '../operations.ts';
import { deliverAll, synchronise } from '../replication.ts';
import { publish, recover, takeOver } from '../snapshots.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, goOn, lose, outcomeOf } from './scene.ts';

/** A device is wiped and recovers from a snapshot older than one that it published, imported or must have heard of. */
export const staleRecovery = defineFault({
  name: 'stale-recovery',
  says: 'a device recovered from an older snapshot although it could know of a newer one',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    synchronise(world, victim.identity);
    const older = publish(world, origin);
    const effect = mint(world, origin);
    const detail = world.random.pick(['published', 'imported', 'heard'] as const);
    if (detail === 'published') deliverAll(world, origin, victim);
    const newer = publish(world, detail === 'published' ? victim : origin);
    if (detail === 'imported') takeOver(world, victim, { snapshot: newer });
    if (detail === 'heard') {
      // What the publisher wrote after the snapshot carries the news of it.
      note(world, origin);
      deliverAll(world, origin, victim);
    }
    lose(world, victim, effect);
    recover(world, victim, { snapshot: older });
    goOn(world, victim);
    return violation('stale-recovery', victim, {
      effect: effect.id,
      snapshot: older.id,
      detail,
      others: [origin.name, newer.id],
      ...outcomeOf(effect),
      mayAlso: ['lost-update'],
      story: `${victim.name} recovers from ${older.id} although it ${detail} ${newer.id}, and lacks what lies between`,
    });
  },
});
