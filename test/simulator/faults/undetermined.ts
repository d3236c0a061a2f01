import { defineFault, violation } from './fault.ts';
import { choosePair, lose, outcomeOf, visibleEffect } from './scene.ts';

/** One device misses an effect, and the logs have nothing but balances: they differ, and nobody can say why. */
export const undetermined = defineFault({
  name: 'undetermined',
  says: 'ledgers differ and the evidence does not say why',
  requires: { detail: 'bare', ending: 'quiescent' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    const effect = visibleEffect(world, origin, victim);
    lose(world, victim, effect);
    return violation('undetermined', victim, {
      ...outcomeOf(effect),
      effect: effect.id,
      others: [origin.name],
      story: `${victim.name} lacks what ${origin.name}#${effect.originSeq} did, and no line speaks of effects`,
    });
  },
});
