import { getOrCreate } from '../../base/order.ts';
import type { Projection, States } from '../projection.ts';
import { assertions } from '../projections/assertions.ts';
import { captures } from '../projections/captures.ts';
import { clocks } from '../projections/clocks.ts';
import { delivery, type Replication } from '../projections/delivery.ts';
import { type CoinLedger, type Ledger, ledger } from '../projections/ledger.ts';
import { type HeldToken, type Readings, readings } from '../projections/readings.ts';
import { newPhase, newReplica, newReplication } from '../projections/replication.ts';
import { newSupply, type Supply, supply } from '../projections/supply.ts';
import type { Book } from './book.ts';
import type { Glanced } from './glance.ts';
import type { GlanceLane } from './glance-lane.ts';

/**
 * The states in which projections would be after a run that went by the book, with every effect settled and forgotten; in place of some of
 * them, `others`.
 */
export function statesOf(glanced: Glanced, others: ReadonlyMap<unknown, unknown> = new Map()): States {
  const { lanes, books } = glanced;
  const states = new Map<unknown, unknown>([
    [captures, new Map(lanes.map((lane) => [lane.device, lane.capture(glanced.plan)]))],
    [clocks, { ...clocks.initial(), flights: glanced.flights }],
    [delivery, new Map(books.map((book) => [book.identity, replicationOf(book, lanes)]))],
    [ledger, ledgersOf(lanes, books)],
    [readings, readingsOf(lanes, () => ({ wrong: [], wrongLists: [] }))],
    [assertions, { ...assertions.initial(), held: glanced.asserted }],
    [supply, new Map(books.map((book) => [book.identity, supplyOf(book, lanes)]))],
    ...others,
  ]);
  return {
    read<State>(projection: Projection<State>): State {
      if (!states.has(projection)) states.set(projection, projection.initial());
      return states.get(projection) as State;
    },
  };
}

function replicationOf(book: Book, lanes: readonly GlanceLane[]): Replication {
  const replication = newReplication(book.identity);
  Object.assign(replication.forgotten, book.ended.booked);
  for (const lane of lanes) {
    if (lane.book !== book) continue;
    const replica = newReplica(lane.device);
    replication.replicas.set(lane.device, replica);
    replica.phases.splice(0, 1, ...lane.phases.map((phase) => ({ ...newPhase(null), ...phase })));
    for (const mark of lane.phases.flatMap(({ publishes }) => publishes)) {
      getOrCreate(replication.snapshots, mark.event.snapshot, () => mark);
    }
  }
  return replication;
}

/** Where everything came everywhere, all devices of an identity hold the same tokens, so that they share them. */
function ledgersOf(lanes: readonly GlanceLane[], books: readonly Book[]): Map<string, Ledger> {
  const shared = new Map(books.map((book) => [book, book.isOpen ? null : byCoin(book.tokens.living())]));
  return new Map(
    lanes.map((lane) => {
      const { device, book, ledger: booked } = lane;
      const tokens = shared.get(book) ?? byCoin(book.tokens.heldBy(lane));
      const coins = new Map<string, CoinLedger>();
      for (let number = 0; number < book.coins.bound; number += 1) {
        const held = booked.of(number);
        const coin = book.coins.text(number);
        if (held) coins.set(coin, { tokens: tokens.get(coin) ?? new Map(), total: held.amount });
      }
      return [device, { coins, cleared: lane.heldAtClears }];
    }),
  );
}

function byCoin(tokens: Iterable<HeldToken>): Map<string, CoinLedger['tokens']> {
  const coins = new Map<string, CoinLedger['tokens']>();
  for (const { tokenId, coin, amount } of tokens) {
    getOrCreate(coins, coin, (): CoinLedger['tokens'] => new Map()).set(tokenId, amount);
  }
  return coins;
}

/** By device, what was shown; `wrongIn` says what of it the ledger does not confirm. */
export function readingsOf(
  lanes: readonly GlanceLane[],
  wrongIn: (lane: GlanceLane) => Pick<Readings, 'wrong' | 'wrongLists'>,
): Map<string, Readings> {
  const read = lanes.filter(({ readings: count }) => count > 0);
  return new Map(read.map((lane) => [lane.device, { count: lane.readings, ...wrongIn(lane), vouched: new Map() }]));
}

/** A book is kept of lines that say what moved, and where there are such lines supply is not asked. */
function supplyOf(book: Book, lanes: readonly GlanceLane[]): Supply {
  const hasLedger = lanes.some((lane) => lane.book === book && lane.keepsLedger);
  return { ...newSupply(), dropped: hasLedger ? 'ledgers' : null };
}
