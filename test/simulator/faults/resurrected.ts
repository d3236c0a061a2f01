import type { Device } from '../device.ts';
import type { Effect, Snapshot, Token } from '../model.ts';
import { mint, split } from '../operations.ts';
import { deliverAll, deliverUpTo, synchronise } from '../replication.ts';
import { publish, takeOver } from '../snapshots.ts';
import type { TruthFinding } from '../truth.ts';
import { mainIdentity, type World } from '../world.ts';
import { defineFault, violation } from './fault.ts';
import { choosePair, type Pair } from './scene.ts';

/** A spent token is alive again, beside its own successors: its birth came late, or an import did not know of its end. */
export const resurrected = defineFault({
  name: 'resurrected',
  says: 'a retired token is live again; or a token and its own successor are live together',
  requires: { detail: 'full' },
  inject(world) {
    const pair = choosePair(world);
    if (pair === undefined) return undefined;
    const spender = world
      .devicesOf(mainIdentity)
      .find((device) => !device.faulted && device !== pair.origin && device !== pair.victim);
    // A retirement can overtake the birth only where writes do not name whom they follow.
    const late = spender !== undefined && !world.features.deps && world.random.chance(0.6);
    return late ? byLateBirth(world, pair, spender) : byImport(world, pair);
  },
});

function byLateBirth(world: World, { origin, victim }: Pair, spender: Device): TruthFinding | undefined {
  const birth = mint(world, origin);
  const token = birth.outputs[0] as Token;
  if (token.amount < 2n) return undefined;
  deliverAll(world, origin, spender);
  world.freeze(split(world, spender, token) as Effect);
  deliverAll(world, spender, victim);
  for (const earlier of victim.pendingFrom(origin)) if (earlier !== birth) deliverUpTo(world, victim, earlier);
  victim.tamper = (changes) => [...changes, { tokenId: token.tokenId, coin: token.coin, delta: token.amount }];
  victim.faulted = true;
  deliverUpTo(world, victim, birth);
  return revival(victim, token, 'late-birth', `the birth came after the retirement by ${spender.name}`, birth);
}

function byImport(world: World, { origin, victim }: Pair): TruthFinding | undefined {
  const token = mint(world, origin).outputs[0] as Token;
  if (token.amount < 2n) return undefined;
  synchronise(world, victim.identity);
  const snapshot = publish(world, origin);
  world.freeze(split(world, victim, token) as Effect);
  takeOver(world, victim, { snapshot });
  victim.move({ tokenId: token.tokenId, coin: token.coin, delta: token.amount }, { snapshot: snapshot.id });
  victim.faulted = true;
  return revival(victim, token, 'import', `${snapshot.id} still has it`, snapshot);
}

function revival(victim: Device, token: Token, detail: string, why: string, by: Effect | Snapshot): TruthFinding {
  return violation('resurrected', victim, {
    tokenId: token.tokenId,
    coin: token.coin,
    detail,
    ...('originSeq' in by ? { effect: by.id } : { snapshot: by.id }),
    story: `on ${victim.name} a spent token is alive again: ${why}`,
  });
}
