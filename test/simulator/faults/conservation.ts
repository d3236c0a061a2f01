import { mint, pay } from '../operations.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair } from './scene.ts';

/** A payment gives more or less change than is left. Every device believes it, so their ledgers agree. */
export const conservation = defineFault({
  name: 'conservation',
  says: 'inputs and outputs of a transfer differ',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { victim } = pair;
    const token = world.random.pickOptional(world.spendable(victim)) ?? mint(world, victim).outputs[0];
    if (token === undefined || token.amount < 8n) return undefined;
    const error = world.random.pick([1n, world.random.amountUpTo(token.amount / 4n)]);
    const surplus = world.random.chance(0.6) ? error : -error;
    const effect = pay(world, victim, { inputs: [token], surplus, undisturbed: true });
    if (effect === undefined) return undefined;
    return violation('conservation', victim, {
      effect: effect.id,
      coin: token.coin,
      tokenId: token.tokenId,
      detail: surplus > 0n ? 'made' : 'lost',
      story: `${victim.name}#${effect.originSeq} puts out ${surplus} units of ${token.coin} that did not come in`,
    });
  },
});
