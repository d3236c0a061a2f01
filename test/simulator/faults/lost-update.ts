import { defineFault, violation } from './fault.ts';
import { choosePair, lose, makeOwed, outcomeOf, unheardEffect } from './scene.ts';

/** An effect never reaches one sibling, which hears of what came after it. */
export const lostUpdate = defineFault({
  name: 'lost-update',
  says: 'owed, and no line says that it ever arrived',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const effect = unheardEffect(world, pair);
    lose(world, pair.victim, effect);
    makeOwed(world, pair);
    return violation('lost-update', pair.victim, {
      effect: effect.id,
      others: [pair.origin.name],
      ...outcomeOf(effect),
      story: `${pair.victim.name} never hears of ${pair.origin.name}#${effect.originSeq}`,
    });
  },
});
