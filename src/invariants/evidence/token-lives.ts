import type { Amount } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { Effect } from '../../replay/projections/delivery.ts';
import { movementsOf } from '../../replay/projections/movements.ts';

/** A token of the identity, and the effects that brought it and took it away. */
export interface TokenLife {
  readonly tokenId: string;
  readonly coin: string | null;
  readonly amount: Amount | null;
  readonly births: readonly Effect[];
  readonly retirements: readonly Effect[];
}

interface MutableLife {
  readonly tokenId: string;
  coin: string | null;
  amount: Amount | null;
  readonly births: Effect[];
  readonly retirements: Effect[];
}

/** The life of every token that effects of an identity make for it or spend, by token. */
export function tokenLives(identity: string, effects: readonly Effect[]): ReadonlyMap<string, TokenLife> {
  const lives = new Map<string, MutableLife>();
  const lifeOf = (tokenId: string): MutableLife =>
    getOrCreate(lives, tokenId, () => ({ tokenId, coin: null, amount: null, births: [], retirements: [] }));
  for (const effect of effects) {
    if (effect.write === null) inferLives(effect, lifeOf);
    for (const { tokenId, coin, amount, owner } of effect.write?.event.outputs ?? []) {
      if (owner !== undefined && owner !== identity) continue;
      const life = lifeOf(tokenId);
      life.coin ??= coin;
      life.amount ??= amount;
      life.births.push(effect);
    }
    for (const tokenId of effect.write?.event.inputs ?? []) lifeOf(tokenId).retirements.push(effect);
  }
  return lives;
}

/** An effect whose writing is not in the logs brought what some device's balance gained by it, and took what one lost. */
function inferLives(effect: Effect, lifeOf: (tokenId: string) => MutableLife): void {
  for (const passage of [...effect.passages.values()].flat()) {
    for (const [tokenId, { coin, sum }] of movementsOf(passage.moved)) {
      const life = lifeOf(tokenId);
      life.coin ??= coin;
      (sum.units > 0n ? life.births : life.retirements).push(effect);
    }
  }
}
