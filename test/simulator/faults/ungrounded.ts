import { newToken } from '../effects.ts';
import { pay } from '../operations.ts';
import { synchronise } from '../replication.ts';
import { publish, recover } from '../snapshots.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair } from './scene.ts';

/** A token of a cache that survived the wipe: no effect and no snapshot ever had it. It stays, or it is even spent. */
export const ungrounded = defineFault({
  name: 'ungrounded',
  says: 'a token is live, or is spent, without any event that brought it there (a cache that survived `clear`)',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { origin, victim } = pair;
    synchronise(world, victim.identity);
    recover(world, victim, { snapshot: publish(world, origin) });
    const coin = world.random.pick(world.coins);
    const amount = world.random.amountUpTo(10n ** BigInt(coin.decimals + 2)) + 2n;
    const token = newToken(world, coin.name, amount, victim.identity);
    victim.move({ tokenId: token.tokenId, coin: coin.name, delta: amount }, {});
    victim.faulted = true;
    world.frozen.add(token.tokenId);
    const spend = world.random.chance(0.4);
    const effect = spend ? pay(world, victim, { inputs: [token], undisturbed: true, verdict: 'refused' }) : undefined;
    return violation('ungrounded', victim, {
      tokenId: token.tokenId,
      coin: coin.name,
      detail: spend ? 'spent' : 'live',
      ...(effect ? { effect: effect.id } : {}),
      story: `${victim.name} has a token after its recovery that nothing brought there${spend ? ', and spends it' : ''}`,
    });
  },
});
