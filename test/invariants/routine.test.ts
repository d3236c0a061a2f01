import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeliveryChain } from '../../src/invariants/evidence/delivery-chain.ts';
import type { Routine } from '../../src/invariants/evidence/routine.ts';
import { defineInvariant } from '../../src/invariants/invariant.ts';
import { faultNames } from '../simulator/index.ts';
import { report, reportOn } from '../story.ts';
import { simulated } from './mutate.ts';

const perFault = 4;

/** Vouches for nothing, so that everything is examined. */
function nothing(this: DeliveryChain): Pick<Routine, 'deviations' | 'doubtfulLines'> {
  return {
    deviations: this.effects.flatMap((effect) => this.devices.map((device) => ({ effect, device }))),
    doubtfulLines: (device, phase) => this.tokenLines(device, phase),
  };
}

afterEach(() => {
  vi.restoreAllMocks();
});

test.each(['none', ...faultNames] as const)('what goes by the book changes no report: %s', async (fault) => {
  for (let seed = 1; seed <= perFault; seed++) {
    const { files, name } = simulated({ seed: 50 + seed, fault });
    const ask = { all: true, retainAll: true };
    const byTheBook = await reportOn(files, ask, name);
    vi.spyOn(DeliveryChain.prototype, 'routine', 'get').mockImplementation(nothing as () => Routine);
    expect(JSON.stringify(await reportOn(files, ask, name)), `seed ${seed}`).toBe(JSON.stringify(byTheBook));
    vi.restoreAllMocks();
  }
});

/** What is to be looked at: effects as `e1 peer2`, tokens as `T1 peer2`. */
async function disputed(story: string): Promise<string[]> {
  const found: string[] = [];
  const look = defineInvariant({
    name: 'look',
    promise: 'Whatever is in dispute is looked at.',
    needs: [],
    uses: [],
    judge(file) {
      const { routine, devices } = file.chain('bob');
      found.push(...routine.deviations.map(({ effect: { effect }, device }) => `${effect} ${device}`));
      for (const device of devices) {
        found.push(...[...routine.doubtfulLines(device, 0).keys()].map((tokenId) => `${tokenId} ${device}`));
      }
      return [];
    },
  });
  await report(story, { invariants: [look], retainAll: true });
  return found;
}

describe('by the book is', () => {
  const payment = `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked`;

  test('an effect that each device booked once', async () => {
    expect(
      await disputed(`${payment}
        peer2  applied e1 booked
        peer2  applied e2 booked`),
    ).toEqual([]);
  });

  test('no effect that a device does not know, nor a token that it spends', async () => {
    expect(
      await disputed(`${payment}
        peer2  applied e1 booked`),
    ).toEqual(['e2 peer2', 'T1 peer2']);
  });

  test('no effect that was booked twice', async () => {
    expect(
      await disputed(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1
        peer2  balance T1 UCT 100 effect=e1
        peer2  balance T1 UCT 100 effect=e1`),
    ).toEqual(['e1 peer2', 'T1 peer2']);
  });

  test('no effect that moved a token twice instead of two tokens once', async () => {
    expect(
      await disputed(`
        peer1  write e1 outputs=T1:UCT:100,T2:UCT:100 booked
        peer2  applied e1
        peer2  balance T1 UCT 100 effect=e1
        peer2  balance T1 UCT 100 effect=e1`),
    ).toEqual(['e1 peer2', 'T1 peer2']);
  });

  test('no token that was known to be spent before it was known', async () => {
    expect(
      await disputed(`${payment}
        peer2  applied e2
        peer2  balance T1 UCT -100 effect=e2
        peer2  balance T2 UCT 100 effect=e2
        peer2  applied e1 booked`),
    ).toEqual(['T1 peer2', 'T2 peer2']);
  });

  test('no token that a line without a cause moved', async () => {
    expect(
      await disputed(`${payment}
        peer2  applied e1 booked
        peer2  applied e2 booked
        peer2  balance T2 UCT -100`),
    ).toEqual(['T2 peer2']);
  });

  test('nothing on a device that was cleared', async () => {
    expect(
      await disputed(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer2  clear`),
    ).toEqual(['e1 peer2', 'T1 peer2']);
  });
});
