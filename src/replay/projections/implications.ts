import { getOrCreate } from '../../base/order.ts';
import { countWhile } from '../../base/search.ts';
import type { Phase, Replication } from './delivery.ts';
import type { Claimed } from './settlement.ts';

/** The heads of one origin that a device applied in one phase, and that are forgotten. */
export interface Implications {
  /** Everything up to the number of each is implied by its line. */
  claims: Claimed[];
  /** How many there may be before those that nobody asks about are left out. */
  most: number;
}

/**
 * Keeps what a forgotten head implies: of each effect that is not forgotten itself, the first line by which the device was said to have it.
 * There are no more such lines than effects that are kept, but for some that are not looked for each time.
 */
export function imply({ effects }: Replication, { implied }: Phase, origin: string, claimed: Claimed): void {
  const ofOrigin = getOrCreate(implied, origin, (): Implications => ({ claims: [], most: 0 }));
  ofOrigin.claims.push(claimed);
  if (ofOrigin.claims.length <= ofOrigin.most) return;
  const kept = [...effects.values()].flatMap((effect) => (effect.origin === origin ? effect.originSeq : []));
  ofOrigin.claims = firstClaims(ofOrigin.claims, kept);
  ofOrigin.most = 64 + 2 * ofOrigin.claims.length + effects.size / 16;
}

/** The first claim of each of these numbers, and of all that is claimed. */
function firstClaims(claims: readonly Claimed[], numbers: readonly number[]): Claimed[] {
  const steps: Claimed[] = [];
  for (const claim of claims.toSorted((left, right) => left.by.position - right.by.position)) {
    if (claim.originSeq > (steps.at(-1)?.originSeq ?? 0)) steps.push(claim);
  }
  const ascending = numbers.toSorted((left, right) => left - right);
  const upTo = (number: number) => countWhile(ascending, (each) => each <= number);
  return steps.filter(({ originSeq }, index) => {
    const passed = steps[index - 1]?.originSeq ?? 0;
    return index === steps.length - 1 || upTo(originSeq) > upTo(passed);
  });
}
