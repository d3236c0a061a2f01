import { restart } from '../lifecycle.ts';
import { mint } from '../operations.ts';
import { readBalances, readTokens } from '../reads.ts';
import { synchronise } from '../replication.ts';
import { verifyAll } from '../round-trips.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, outcomeOf } from './scene.ts';

/**
 * A device's own write was verified and spread, and after a restart the device shows its state without it. No balance
 * line says so, for nothing happened that a device would log: only what it shows afterwards tells.
 */
export const notDurable = defineFault({
  name: 'not-durable',
  says: 'a `verify` said ok, and the effect is gone after a restart',
  requires: { detail: 'full', restarts: true },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { victim } = pair;
    const effect = mint(world, victim);
    verifyAll(world, victim);
    synchronise(world, victim.identity);
    victim.faulted = true;
    world.freeze(effect);
    restart(world, victim);
    for (const { tokenId } of effect.outputs) victim.hidden.add(tokenId);
    victim.forgetHead(effect);
    readTokens(world, victim);
    readBalances(world, victim);
    return violation('not-durable', victim, {
      effect: effect.id,
      ...outcomeOf(effect),
      mayAlso: ['balance-read', 'masked'],
      story: `${victim.name} restarts and no longer shows what its verified #${effect.originSeq} brought`,
    });
  },
});
