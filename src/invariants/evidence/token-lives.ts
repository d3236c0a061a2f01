import type { Amount } from '../../base/amount.ts';
import { append } from '../../base/append.ts';
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
  births: Effect[];
  retirements: Effect[];
}

type Lives = Map<string, MutableLife>;

/** The life of every token that effects of an identity make for it or spend, by token. */
export function tokenLives(identity: string, effects: readonly Effect[]): ReadonlyMap<string, TokenLife> {
  const lives: Lives = new Map();
  for (const effect of effects) {
    if (effect.write === null) inferLives(effect, lives);
    for (const { tokenId, coin, amount, owner } of effect.write?.event.outputs ?? []) {
      if (owner !== undefined && owner !== identity) continue;
      const life = lifeOf(lives, tokenId);
      life.coin ??= coin;
      life.amount ??= amount;
      life.births = append(life.births, effect);
    }
    for (const tokenId of effect.write?.event.inputs ?? []) retire(lifeOf(lives, tokenId), effect);
  }
  return lives;
}

/** The lists of a life in which nothing has happened: one for all of them, replaced by what is appended. */
const none: Effect[] = [];

function lifeOf(lives: Lives, tokenId: string): MutableLife {
  let life = lives.get(tokenId);
  if (life === undefined) {
    life = { tokenId, coin: null, amount: null, births: none, retirements: none };
    lives.set(tokenId, life);
  }
  return life;
}

/** Who names a token twice spends it once. */
function retire(life: MutableLife, effect: Effect): void {
  if (life.retirements.at(-1) !== effect) life.retirements = append(life.retirements, effect);
}

/** An effect whose writing is not in the logs brought what some device's balance gained by it, and took what one lost. */
function inferLives(effect: Effect, lives: Lives): void {
  for (const passage of effect.passages) {
    for (const [tokenId, { coin, sum }] of movementsOf(passage.moved)) {
      const life = lifeOf(lives, tokenId);
      life.coin ??= coin;
      if (sum.units > 0n) life.births = append(life.births, effect);
      else retire(life, effect);
    }
  }
}
