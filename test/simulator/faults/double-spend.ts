import type { Token } from '../model.ts';
import { mint, pay } from '../operations.ts';
import { deliverAll } from '../replication.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair } from './scene.ts';

/** Two devices spend the same token before either hears of the other. The arbiter, where there is one, accepts the first. */
export const doubleSpend = defineFault({
  name: 'double-spend',
  says: "one token was retired by two different effects (the arbiter's word, where there is one, names the loser)",
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    const token = mint(world, origin).outputs[0] as Token;
    deliverAll(world, origin, victim);
    const inputs = [token];
    const verdict = world.random.pick(['refused', 'spent'] as const);
    const first = pay(world, origin, { inputs, undisturbed: true });
    const second = pay(world, victim, { inputs, undisturbed: true, verdict });
    if (first === undefined || second === undefined) return undefined;
    return violation('double-spend', victim, {
      tokenId: token.tokenId,
      coin: token.coin,
      effect: second.id,
      detail: world.features.arbiter ? verdict : 'no arbiter',
      others: [origin.name, first.id],
      story: `${victim.name} spends the token that ${origin.name} has spent`,
    });
  },
});
