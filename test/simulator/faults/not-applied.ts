import { report } from '../replication.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, lose, makeOwed, outcomeOf, unheardEffect } from './scene.ts';

/** An effect arrives, and nothing is done with it; the device believes that it is done. */
export const notApplied = defineFault({
  name: 'not-applied',
  says: 'arrived, owed, and nothing says it was applied, skipped or known',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const effect = unheardEffect(world, pair);
    report(pair.victim, effect, 'received');
    lose(world, pair.victim, effect);
    makeOwed(world, pair);
    return violation('not-applied', pair.victim, {
      effect: effect.id,
      others: [pair.origin.name],
      ...outcomeOf(effect),
      story: `${pair.victim.name} receives ${pair.origin.name}#${effect.originSeq} and does nothing with it`,
    });
  },
});
