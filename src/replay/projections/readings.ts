import { type Amount, equal, subtract, zero } from '../../base/amount.ts';
import { byText, getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection } from '../projection.ts';
import { captures } from './captures.ts';
import { ledger } from './ledger.ts';

/** A device showed its user something else than its ledger holds at that point. */
export interface Misreading {
  readonly read: Mark<ReplayEvent<'balance.read'>>;
  /** What the ledger holds instead. */
  readonly amount: Amount;
  readonly tokens: number;
  /** How many later readings show the same difference. */
  repeated: number;
  /** The phase of the device's life, from 0; grows with each clear. */
  readonly phase: number;
}

/** A device listed other tokens than its ledger holds at that point. */
export interface Mislisting {
  readonly read: Mark<ReplayEvent<'tokens.read'>>;
  /** Ids, or prefixes, that it listed and does not hold. */
  readonly surplus: readonly string[];
  /** Ids that it holds and did not list. */
  readonly missing: readonly { readonly tokenId: string; readonly coin: string }[];
  readonly phase: number;
}

/** What one device showed, held against its ledger. */
export interface Readings {
  count: number;
  readonly wrong: Misreading[];
  readonly wrongLists: Mislisting[];
  /** By coin, the first right reading after each hole in the log, as positions: the ledger was the whole truth there. */
  readonly vouched: Map<string, number[]>;
}

/** By device: every reading compared with the ledger rebuilt at that point. */
export const readings = defineProjection<Map<string, Readings>>({
  name: 'readings',
  uses: [ledger, captures],
  initial: () => new Map(),
  on: {
    'balance.read'(states, event, context) {
      if (event.stream !== undefined) return;
      const of = readingsOf(states, event.device);
      const held = context.read(ledger).get(event.device);
      const coin = held?.coins.get(event.coin);
      const amount = coin?.total ?? zero;
      const tokens = coin?.tokens.size ?? 0;
      of.count++;
      const mark = context.mark(event);
      if (equal(amount, event.amount) && tokens === event.tokens) {
        const lastHole = context.read(captures).get(event.device)?.holes.at(-1)?.before.position ?? 0;
        const vouched = getOrCreate(of.vouched, event.coin, (): number[] => []);
        if (lastHole > (vouched.at(-1) ?? 0)) vouched.push(mark.position);
        return;
      }
      const phase = held?.cleared.length ?? 0;
      const same = of.wrong.findLast((wrong) => wrong.read.event.coin === event.coin);
      const isRepeated = same?.phase === phase && isSameError([same.read.event, same], [event, { amount, tokens }]);
      if (isRepeated) same.repeated++;
      else of.wrong.push({ read: mark, amount, tokens, repeated: 0, phase });
    },
    'tokens.read'(states, event, context) {
      if (event.stream !== undefined) return;
      const of = readingsOf(states, event.device);
      of.count++;
      const held = context.read(ledger).get(event.device);
      const alive = [...(held?.coins ?? [])].flatMap(([coin, { tokens }]) =>
        [...tokens].map(([tokenId, amount]) => ({ tokenId, coin, amount })),
      );
      const { surplus, missing } = compareLists(event, alive);
      if (surplus.length + missing.length === 0) return;
      of.wrongLists.push({ read: context.mark(event), surplus, missing, phase: held?.cleared.length ?? 0 });
    },
  },
});

function readingsOf(states: Map<string, Readings>, device: string): Readings {
  return getOrCreate(states, device, () => ({ count: 0, wrong: [], wrongLists: [], vouched: new Map() }));
}

/** So much of a coin, in so many tokens. */
export interface Holding {
  readonly amount: Amount;
  readonly tokens: number;
}

/** What a device showed, and what its ledger held. */
type Compared = readonly [shown: Holding, held: Holding];

/** Whether two readings are wrong by the same amount and number of tokens. */
export function isSameError([shown, held]: Compared, [shownLater, heldLater]: Compared): boolean {
  return (
    shown.tokens - held.tokens === shownLater.tokens - heldLater.tokens &&
    equal(subtract(shown.amount, held.amount), subtract(shownLater.amount, heldLater.amount))
  );
}

/** A listed token that is no longer alive by the device's own word, such as a tombstone kept in an archive. */
const notAlive = /tombstone|archiv|spent|retired|burn/i;

/** A token that a device holds. */
export interface HeldToken {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: Amount;
}

/** Compares a list of tokens with those that live by the ledger. Ids may be prefixes: one that fits several tokens vouches for all of them. */
export function compareLists(
  { tokens }: ReplayEvent<'tokens.read'>,
  alive: readonly HeldToken[],
): Pick<Mislisting, 'surplus' | 'missing'> {
  const listed = tokens.filter(({ status }) => status === undefined || !notAlive.test(status));
  const fits = (item: (typeof listed)[number], token: (typeof alive)[number]) =>
    token.tokenId.startsWith(item.tokenId) && (item.amount === undefined || equal(item.amount, token.amount));
  return {
    surplus: listed.filter((item) => !alive.some((token) => fits(item, token))).map(({ tokenId }) => tokenId),
    missing: alive
      .filter((token) => !listed.some((item) => fits(item, token)))
      .map(({ tokenId, coin }) => ({ tokenId, coin }))
      .sort((left, right) => byText(left.tokenId, right.tokenId) || byText(left.coin, right.coin)),
  };
}
