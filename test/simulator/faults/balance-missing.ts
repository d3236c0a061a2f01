import type { Device } from '../device.ts';
import type { Change } from '../model.ts';
import { mint } from '../operations.ts';
import { deliverUpTo } from '../replication.ts';
import type { World } from '../world.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, goOn, outcomeOf, unheardEffect } from './scene.ts';

/** An effect is applied or written, and the balance does not follow: not at all, not for one token, or not by the right amount. */
export const balanceMissing = defineFault({
  name: 'balance-missing',
  says: 'applied or written, but its balance change never happened (or is of another amount)',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const { victim } = pair;
    const detail = world.random.pick(['nothing', 'no-output', 'amount'] as const);
    const alter = (changes: readonly Change[]): Change[] => alterations[detail](changes);
    const effect = world.random.chance(0.4) ? writeAltered(world, victim, alter) : unheardEffect(world, pair);
    if (effect.origin !== victim.name) {
      // What comes before it comes properly.
      for (const parent of effect.parents) if (!victim.has(parent)) deliverUpTo(world, victim, parent);
      const expected = victim.changesOf(effect);
      // A retirement alone is never left out: that would be a token alive beside its successor, which has its own name.
      if (!expected.some(({ tokenId, delta }) => delta > 0n && !world.spent.has(tokenId))) return undefined;
      victim.tamper = alter;
      victim.faulted = true;
      deliverUpTo(world, victim, effect);
    }
    victim.faulted = true;
    world.freeze(effect);
    goOn(world, victim);
    return violation('balance-missing', victim, {
      effect: effect.id,
      detail,
      others: [effect.origin],
      ...outcomeOf(effect),
      story: `${victim.name} has ${effect.origin}#${effect.originSeq}, and its balance lines lack ${detail}`,
    });
  },
});

/** What is left of the changes. */
const alterations = {
  nothing: (_changes: readonly Change[]): Change[] => [],
  'no-output': (changes: readonly Change[]): Change[] => changes.filter(({ delta }) => delta < 0n),
  amount: (changes: readonly Change[]): Change[] =>
    changes.map((change) => (change.delta > 0n ? { ...change, delta: change.delta * 2n + 1n } : change)),
};

function writeAltered(world: World, victim: Device, alter: (changes: readonly Change[]) => Change[]) {
  victim.tamper = alter;
  return mint(world, victim);
}
