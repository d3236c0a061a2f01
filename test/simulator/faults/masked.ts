import type { Token } from '../model.ts';
import { mint, split } from '../operations.ts';
import { deliverAll } from '../replication.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, lose } from './scene.ts';

/** One device misses that a token was split: its total is right and its tokens are not. The bare log does not show why. */
export const masked = defineFault({
  name: 'masked',
  says: 'totals agree, token sets do not',
  requires: { detail: 'bare', ending: 'quiescent' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    const token = mint(world, origin).outputs[0] as Token;
    deliverAll(world, origin, victim);
    const effect = token.amount < 2n ? undefined : split(world, origin, token);
    if (effect === undefined) return undefined;
    lose(world, victim, effect);
    return violation('masked', victim, {
      tokenId: token.tokenId,
      coin: token.coin,
      effect: effect.id,
      others: [origin.name],
      story: `${victim.name} still has the token that ${origin.name} split in two`,
    });
  },
});
