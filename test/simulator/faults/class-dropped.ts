import type { Device } from '../device.ts';
import type { Effect } from '../model.ts';
import { mint, note } from '../operations.ts';
import { synchronise } from '../replication.ts';
import { publish, recover } from '../snapshots.ts';
import type { World } from '../world.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, goOn, lose, outcomeOf } from './scene.ts';

/** A device recovers from a sound snapshot, and everything under one class of keys is not there afterwards. */
export const classDropped = defineFault({
  name: 'class-dropped',
  says: 'all effects of one key class are missing after an import that claims them',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    synchronise(world, victim.identity);
    const keyClass = visibleClass(world, victim);
    if (keyClass === undefined) {
      // Something of a class, and something of another: the next attempt will find it.
      for (const make of [mint, mint, note]) make(world, origin);
      return undefined;
    }
    const dropped = [...victim.applied].filter((effect) => classOf(effect) === keyClass);
    const snapshot = publish(world, origin);
    for (const effect of dropped) lose(world, victim, effect);
    recover(world, victim, { snapshot, without: (effect) => classOf(effect) === keyClass });
    goOn(world, victim);
    const seen = dropped.find((effect) => isVisible(world, effect)) as Effect;
    return violation('class-dropped', victim, {
      effect: seen.id,
      detail: keyClass,
      snapshot: snapshot.id,
      others: [origin.name, ...dropped.map(({ id }) => id)],
      ...outcomeOf(seen),
      mayAlso: ['lost-update', 'snapshot-omits'],
      story: `${victim.name} recovers from ${snapshot.id} and lacks all ${dropped.length} effects under ${keyClass}`,
    });
  },
});

/** A class of which there are several effects, one of them visible in the ledger, and beside which there is another. */
function visibleClass(world: World, { applied }: Device): string | undefined {
  const effects = [...applied];
  const classes = [...new Set(effects.map(classOf))];
  const fit = classes.filter((keyClass) => {
    const members = effects.filter((effect) => classOf(effect) === keyClass);
    return members.length > 1 && members.some((effect) => isVisible(world, effect));
  });
  return classes.length < 2 ? undefined : world.random.pickOptional(fit);
}

function isVisible(world: World, { outputs, identity }: Effect): boolean {
  return outputs.some(({ tokenId, owner }) => owner === identity && !world.spent.has(tokenId));
}

function classOf({ key }: Effect): string {
  return key.slice(0, key.indexOf(':'));
}
