import { deliverAll, report } from '../replication.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, visibleEffect } from './scene.ts';

/** A known effect comes once more, is applied once more, and what it put out counts twice. */
export const duplicateApply = defineFault({
  name: 'duplicate-apply',
  says: 'applied twice, and the balance moved twice',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    const stays = (tokenId: string) => world.isSpendable(victim, tokenId);
    const known = [...victim.appliedByLine].filter(
      (each) => each.origin !== victim.name && each.outputs.some(({ tokenId }) => stays(tokenId)),
    );
    const effect = world.random.pickOptional(known) ?? visibleEffect(world, origin, victim);
    if (!victim.applied.has(effect)) deliverAll(world, origin, victim);
    const output = effect.outputs.find(({ tokenId }) => stays(tokenId));
    if (output === undefined) return undefined;
    const { tokenId, coin, amount } = output;
    report(victim, effect, 'received');
    report(victim, effect, 'applied');
    victim.move({ tokenId, coin, delta: amount }, { effect: effect.id });
    victim.faulted = true;
    world.freeze(effect);
    return violation('duplicate-apply', victim, {
      effect: effect.id,
      tokenId,
      coin,
      others: [effect.origin],
      story: `${victim.name} applies ${effect.origin}#${effect.originSeq} twice, and ${coin} rises twice`,
    });
  },
});
