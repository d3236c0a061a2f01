import { type Amount, add, equal, subtract, zero } from '../../base/amount.ts';
import { groupBy } from '../../base/order.ts';
import type { GlanceLane } from './glance-lane.ts';
import type { UnconfirmedList, UnconfirmedReading } from './unconfirmed.ts';

/** What an effect changes of one token. */
export interface TokenChange {
  readonly tokenId: string;
  readonly coin: string;
  readonly delta: Amount;
}

/**
 * What devices of one identity showed after a restart and should not have: an effect may be missing in it that was durable before. Tells
 * which effects that could be, so that these are kept; whether it is so is for others to judge.
 */
export class Suspects {
  readonly #readings: readonly UnconfirmedReading[];
  readonly #lists: readonly UnconfirmedList[];

  constructor(lanes: readonly GlanceLane[]) {
    const isAfterRestart = ({ incarnation }: { incarnation: number }) => incarnation > 1;
    this.#readings = lanes.flatMap(({ unconfirmed }) => unconfirmed.readings.filter(isAfterRestart));
    this.#lists = lanes.flatMap(({ unconfirmed }) => unconfirmed.lists.filter(isAfterRestart));
  }

  get isEmpty(): boolean {
    return this.#readings.length + this.#lists.length === 0;
  }

  /** Whether a device may have shown what it would hold without an effect. */
  mayMiss(changes: readonly TokenChange[]): boolean {
    return (
      this.#readings.some((reading) => isWithout(reading, changes)) ||
      this.#lists.some((list) => changes.some((change) => isOddIn(list, change)))
    );
  }
}

/** By identity, what is suspected where devices showed something wrong after a restart; `undefined` where none did. */
export function suspectsOf(lanes: readonly GlanceLane[]): ReadonlyMap<string, Suspects> | undefined {
  const byIdentity = groupBy(lanes, ({ identity }) => identity);
  const suspects = new Map([...byIdentity].map(([identity, devices]) => [identity, new Suspects(devices)]));
  return [...suspects.values()].every(({ isEmpty }) => isEmpty) ? undefined : suspects;
}

function isWithout({ coin, shown, held }: UnconfirmedReading, changes: readonly TokenChange[]): boolean {
  const deltas = changes.filter((change) => change.coin === coin).map(({ delta }) => delta);
  const tokens = deltas.reduce((sum, { units }) => sum + (units > 0n ? 1 : -1), 0);
  return held.tokens - shown.tokens === tokens && equal(subtract(held.amount, shown.amount), deltas.reduce(add, zero));
}

/** Whether a list leaves out what a change brings, or has what it takes away. Ids in lists may be prefixes. */
function isOddIn({ missing, surplus }: UnconfirmedList, { tokenId, delta }: TokenChange): boolean {
  if (delta.units > 0n) return missing.some((token) => token.tokenId === tokenId);
  return surplus.some((prefix) => tokenId.startsWith(prefix));
}
