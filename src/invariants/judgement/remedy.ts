import { type Amount, zero } from '../../base/amount.ts';
import type { Effect } from '../../replay/projections/delivery.ts';
import type { DeliveryChain } from '../evidence/delivery-chain.ts';

/**
 * What one device would have known, and held, at the end of a phase. A device's state is a set of facts, so what one
 * more of them changes does not depend on when it came: it is booked at the end.
 */
export interface Remedy {
  readonly device: string;
  readonly phase: number;
  /** The effects that it would have applied. */
  readonly effects: readonly Effect[];
  /** By token, what it would have held in the end. */
  readonly tokens: ReadonlyMap<string, Holding>;
}

/** What a device should hold of a token, and the effect by which; the coin is `null` where only the ledger knows it. */
export interface Holding {
  readonly coin: string | null;
  readonly amount: Amount;
  readonly effect: string;
}

/** What a device would hold, had it applied those of the effects that it does not know. */
export function learned(chain: DeliveryChain, device: string, phase: number, effects: readonly Effect[]): Remedy {
  return booked(
    chain,
    device,
    phase,
    effects.filter((effect) => !knows(chain, effect, device, phase)),
  );
}

/** What effects do to the tokens of a device that knows them: what they spend is gone, what they make is there unless it was spent. */
export function booked(chain: DeliveryChain, device: string, phase: number, effects: readonly Effect[]): Remedy {
  const tokens = new Map<string, Holding>();
  const isSpent = (tokenId: string) =>
    chain.tokens
      .get(tokenId)
      ?.retirements.some((retirement) => effects.includes(retirement) || knows(chain, retirement, device, phase));
  for (const { effect, write } of effects) {
    for (const tokenId of write?.event.inputs ?? []) {
      tokens.set(tokenId, { coin: chain.tokens.get(tokenId)?.coin ?? null, amount: zero, effect });
    }
    for (const { tokenId, coin, amount, owner } of write?.event.outputs ?? []) {
      const isOwn = owner === undefined || owner === chain.identity;
      if (isOwn) tokens.set(tokenId, { coin, amount: isSpent(tokenId) ? zero : amount, effect });
    }
  }
  return { device, phase, effects, tokens };
}

/** A token that nobody spent, on a device that knows of it. */
export function restore(
  chain: DeliveryChain,
  device: string,
  phase: number,
  tokenId: string,
  tokens: Map<string, Holding>,
): void {
  const { births = [], coin = null, amount } = chain.tokens.get(tokenId) ?? {};
  const birth = births.find((candidate) => knows(chain, candidate, device, phase));
  if (birth && amount) tokens.set(tokenId, { coin, amount, effect: birth.effect });
}

/** Whether a device knew an effect in a phase of its life. */
export function knows(chain: DeliveryChain, effect: Effect, device: string, phase: number): boolean {
  return chain.outcome(effect, device)[phase]?.kind === 'known';
}
