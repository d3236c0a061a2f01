import { report } from '../replication.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, lose, outcomeOf, unheardEffect } from './scene.ts';

/** A device takes a sibling's effect for its own, since both share one identity, and skips it. */
export const selfFiltered = defineFault({
  name: 'self-filtered',
  says: "arrived, and was skipped as the device's own although a sibling device wrote it",
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    const effect = unheardEffect(world, pair);
    if (world.random.chance(0.7)) report(victim, effect, 'received');
    report(victim, effect, 'skipped', { reason: 'own-identity' });
    lose(world, victim, effect);
    return violation('self-filtered', victim, {
      effect: effect.id,
      others: [origin.name],
      ...outcomeOf(effect),
      story: `${victim.name} skips ${origin.name}#${effect.originSeq} as its own`,
    });
  },
});
