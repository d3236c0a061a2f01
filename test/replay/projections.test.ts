import { applyPatches, enableMapSet, enablePatches } from 'immer';
import { describe, expect, test } from 'vitest';
import { formatAmount } from '../../src/base/amount.ts';
import { Replayer } from '../../src/replay/projection.ts';
import { type Ledger, ledger, totals } from '../../src/replay/projections/ledger.ts';
import { TimeTravel } from '../../src/replay/time-travel.ts';
import { simulated } from '../invariants/mutate.ts';
import { replayed } from './support.ts';

enableMapSet();
enablePatches();

type Ledgers = Map<string, Ledger>;

describe('the ledger', () => {
  test('is the fold of balance lines', async () => {
    expect(
      await ledgerOf(`
        peer1  balance T1 UCT 100
        peer1  balance T2 UCT 0.000000000011
        peer1  balance T1 UCT -100
        peer1  balance T1 USDC 5
      `),
    ).toEqual(['UCT 0.000000000011 1', 'USDC 5 1']);
  });

  test('is emptied by a clear', async () => {
    expect(await ledgerOf('peer1 balance T1 UCT 100\npeer1 clear\npeer1 balance T2 UCT 1')).toEqual(['UCT 1 1']);
  });

  test('outlives a restart', async () => {
    expect(await ledgerOf('peer1 start\npeer1 balance T1 UCT 100\npeer1 start')).toEqual(['UCT 100 1']);
  });

  test('may be negative where the log is wrong', async () => {
    expect(await ledgerOf('peer1 balance T1 UCT -100')).toEqual(['UCT -100 1']);
  });
});

describe('a projection', () => {
  test('leaves the same state in place as under immer', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const { files } = simulated({ seed });
      const { events, devicesOf } = await replayed(files);
      const inPlace = new Replayer([ledger], devicesOf, true);
      for (const event of events) inPlace.apply(event);
      const travel = new TimeTravel<Ledgers>(ledger, events.length);
      for (const event of events) travel.take(event);
      expect(travel.state(), `seed ${seed}`).toEqual(inPlace.read(ledger));
    }
  });

  test('tells each change by patches that lead from the state before to the one after, and back to no other', async () => {
    const { files } = simulated({ seed: 3 });
    const { events } = await replayed(files);
    const travel = new TimeTravel<Ledgers>(ledger, 200);
    for (const event of events) travel.take(event);
    const changes = travel.changes([]);
    expect(changes).toHaveLength(Math.min(200, events.length));
    for (const { before, after, patches, event } of changes) {
      expect(applyPatches(before, [...patches]), event.type).toEqual(after);
      if (event.type !== 'balance' && event.type !== 'clear') expect(patches).toEqual([]);
    }
    for (const [index, { before }] of changes.entries()) if (index > 0) expect(before).toBe(changes[index - 1]?.after);
  });

  test('needs no memory of what is older than it is asked for', async () => {
    const { events } = await replayed(simulated({ seed: 4 }).files);
    const [deep, shallow] = [events.length, 3].map((depth) => new TimeTravel<Ledgers>(ledger, depth));
    for (const event of events) {
      deep?.take(event);
      shallow?.take(event);
    }
    expect(shallow?.changes([])).toHaveLength(3);
    expect(shallow?.state()).toEqual(deep?.state());
  });
});

async function ledgerOf(story: string): Promise<string[]> {
  const { events, devicesOf } = await replayed(story);
  const replayer = new Replayer([ledger], devicesOf, true);
  for (const event of events) replayer.apply(event);
  const held = replayer.read(ledger).get('peer1')?.coins ?? new Map();
  return totals(held).map(({ coin, amount, tokens }) => `${coin} ${formatAmount(amount)} ${tokens}`);
}
