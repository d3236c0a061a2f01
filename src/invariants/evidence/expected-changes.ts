import { type Amount, add, isZero, negate } from '../../base/amount.ts';
import type { Effect, Phase } from '../../replay/projections/delivery.ts';
import type { Movement } from '../../replay/projections/movements.ts';
import type { DeliveryChain, Known } from './delivery-chain.ts';

/** A change that an effect must have made to one token on one device. */
export interface ExpectedChange {
  readonly tokenId: string;
  readonly coin: string;
  readonly delta: Amount;
}

/** An effect that a device knows in one phase, and must have booked. */
export interface Booking {
  readonly effect: Effect;
  readonly device: string;
  readonly phase: number;
  readonly known: Known;
}

/** What the effect must have changed there: what it made, unless that was spent before; what it spent, if that was alive. */
export function expectedChanges(chain: DeliveryChain, on: Booking): ExpectedChange[] {
  const { effect } = on;
  const { inputs = [], outputs = [] } = effect.write?.event ?? {};
  const made = outputs
    .filter(({ owner }) => owner === undefined || owner === chain.identity)
    .filter(({ tokenId }) => !wasRetired(chain, tokenId, on))
    .map(({ tokenId, coin, amount }) => ({ tokenId, coin, delta: amount }));
  const spent = [...new Set(inputs)].flatMap((tokenId) => {
    const life = chain.tokens.get(tokenId);
    if (!life?.amount || life.coin === null || !wasAlive(chain, tokenId, on)) return [];
    return [{ tokenId, coin: life.coin, delta: negate(life.amount) }];
  });
  return [...made, ...spent].filter(({ delta }) => !isZero(delta));
}

function wasRetired(chain: DeliveryChain, tokenId: string, on: Booking): boolean {
  const retirements = chain.tokens.get(tokenId)?.retirements ?? [];
  if (chain.isStillborn(tokenId, on.device)) return true;
  return retirements.some((other) => other !== on.effect && knownBefore(chain, other, on, true));
}

function wasAlive(chain: DeliveryChain, tokenId: string, on: Booking): boolean {
  const births = chain.tokens.get(tokenId)?.births ?? [];
  if (wasRetired(chain, tokenId, on)) return false;
  return births.some((birth) => birth !== on.effect && knownBefore(chain, birth, on));
}

/** `together`: one that came with the same snapshot or head counts as before, because only the net change is booked. */
function knownBefore(
  chain: DeliveryChain,
  effect: Effect,
  { device, phase, known: { since } }: Booking,
  together = false,
): boolean {
  const outcome = chain.outcome(effect, device)[phase];
  if (outcome?.kind !== 'known') return false;
  const { position } = outcome.by.since;
  return position < since.position || (together && position === since.position);
}

/** The lines that say so: those that name the effect or a snapshot that holds it, else those that name no cause. */
export function movementOf(
  chain: DeliveryChain,
  { effect, device, phase }: Booking,
  { tokenId, coin, delta }: ExpectedChange,
): Movement | undefined {
  const { restored, uncaused } = chain.phases(device)[phase] as Phase;
  const named = chain.movements(effect, device, phase).get(tokenId);
  const isLike = ({ sum }: Movement) => sum.units * delta.units > 0n;
  const bySnapshots = [...restored.values()].flatMap((tokens) => tokens.get(tokenId) ?? []);
  const caused = [...(named ? [named] : []), ...bySnapshots.filter(isLike)];
  const wentAndCame = caused.length > 1 && movesBothWays(chain, device, phase, tokenId);
  const movement = wentAndCame ? caused[0] : combined(caused);
  const found = movement ?? uncaused.get(tokenId);
  return found?.coin === coin ? found : undefined;
}

/** Whether the token came and went: then each coming is told from the next by what retired it, not here. */
function movesBothWays(chain: DeliveryChain, device: string, phase: number, tokenId: string): boolean {
  const lines = chain.tokenLines(device, phase).get(tokenId) ?? [];
  return new Set(lines.map(({ event }) => event.delta.units > 0n)).size > 1;
}

function combined(movements: readonly Movement[]): Movement | undefined {
  const [first] = movements;
  if (!first || movements.length < 2) return first;
  const lines = movements.flatMap((movement) => movement.lines).sort((left, right) => left.position - right.position);
  return { coin: first.coin, sum: movements.map(({ sum }) => sum).reduce(add), lines };
}
