import { beforeEach, describe, expect, test, vi } from 'vitest';
import { writeLongLife } from '../../../bench/wallet.ts';
import { checkBalances } from '../../../src/check.ts';
import { countRoundTrips } from '../../../src/round-trips.ts';
import { emptyFolder } from '../../built.ts';
import { inLane } from '../../events/readers/both-lanes.ts';
import { chance, withOneChange } from '../../invariants/mutate.ts';
import { faultNames } from '../../simulator/index.ts';
import { inFolder } from '../../story.ts';
import { calmRun } from './calm.ts';
import { glances, withoutGlance } from './watched.ts';

vi.mock('../../../src/replay/glance/glance-run.ts', async (load) => {
  const { glanceRun } = await load<typeof import('../../../src/replay/glance/glance-run.ts')>();
  const { watched, glances } = await import('./watched.ts');
  const inStretches: typeof glanceRun = (run, options) =>
    glanceRun(run, { ...options, rowsOfStretch: glances.rowsOfStretch });
  return { glanceRun: watched(inStretches) };
});
vi.mock('../../../src/replay/glance/operations/round-trip-run.ts', async (load) => {
  const { glanceAtRoundTrips } = await load<typeof import('../../../src/replay/glance/operations/round-trip-run.ts')>();
  return { glanceAtRoundTrips: (await import('./watched.ts')).watched(glanceAtRoundTrips) };
});

beforeEach(() => {
  glances.enough = 0;
  glances.rowsOfStretch = undefined;
});

type Lane = 'fast' | 'slow';

/** Expects both commands to say of a run what they say of it when everything is retained. */
async function expectSameAnswers(folder: string, hint: string, lanes: readonly Lane[] = ['fast']): Promise<void> {
  const ask = { paths: [folder], all: true };
  const check = async (more: { retainAll?: boolean } = {}) => JSON.stringify(await checkBalances({ ...ask, ...more }));
  const count = async () => JSON.stringify(await countRoundTrips({ paths: [folder] }));
  const [retained, counted] = [await check({ retainAll: true }), await withoutGlance(count)];
  for (const lane of lanes) {
    expect(await inLane(lane, () => check()), `${hint}, ${lane} lane`).toBe(retained);
    expect(await inLane(lane, count), `${hint}, ${lane} lane, round trips`).toBe(counted);
  }
}

describe('what a glance finds is what is found with everything retained', () => {
  test('in calm runs, of which a glance is enough for nearly all', { timeout: 120_000 }, async () => {
    const runs = 26;
    for (let seed = 1; seed <= runs; seed += 1) {
      const layout = seed % 3 === 0 ? 'merged' : 'per-device';
      const mishaps = seed % 4 === 1;
      const { files, name } = calmRun({ seed, layout, restarts: seed % 2 === 0, mishaps });
      await inFolder(files, name, (folder) => expectSameAnswers(folder, `seed ${seed}`, ['fast', 'slow']));
    }
    // Each is looked at by two commands in two lanes.
    expect(glances.enough / 4).toBeGreaterThan(runs * 0.8);
  });

  test('in calm runs in which devices are wiped and recover', { timeout: 120_000 }, async () => {
    let runs = 0;
    for (let seed = 1; runs < 20; seed += 1) {
      const { files, name } = calmRun({ seed, wipes: true, ownRedelivery: seed % 2 === 0, restarts: seed % 3 === 0 });
      if (!Object.values(files).some((log) => log.includes('"type":"clear"'))) continue;
      runs += 1;
      await inFolder(files, name, (folder) => expectSameAnswers(folder, `seed ${seed}`, ['fast', 'slow']));
    }
    expect(glances.enough / 4).toBeGreaterThan(runs * 0.8);
  });

  test.each([undefined, 60])('in a long life, with a recovery every so many effects: %s', async (recoveryEvery) => {
    const folder = emptyFolder();
    await writeLongLife(folder, { until: { events: 6_000 }, devices: 3, tokens: 20, seed: 1, recoveryEvery });
    await expectSameAnswers(folder, 'long life', ['fast', 'slow']);
    expect(glances.enough).toBe(4);
  });
});

describe('nor is anything overlooked', () => {
  test.each(faultNames)('in a calm run with one fault: %s', async (fault) => {
    for (let seed = 1; seed <= 2; seed += 1) {
      const { files, name } = calmRun({ seed, fault, steps: 60 });
      await inFolder(files, name, (folder) => expectSameAnswers(folder, `seed ${seed}`));
    }
  });

  test.each(faultNames)('when only what bears on a fault is read again: %s', async (fault) => {
    glances.rowsOfStretch = 1;
    for (let seed = 3; seed <= 4; seed += 1) {
      const { files, name } = calmRun({ seed, fault, steps: 60, deps: seed === 4 });
      await inFolder(files, name, (folder) => expectSameAnswers(folder, `seed ${seed}`));
    }
  });

  test.each([
    [1, undefined],
    [500, undefined],
    [5_000, undefined],
    [1, 900],
    [500, 900],
  ])(
    'when only that is read again in a long life, in stretches of %i rows, with a recovery every so many effects: %s',
    async (rows, recoveryEvery) => {
      glances.rowsOfStretch = rows;
      const folder = emptyFolder();
      const life = { until: { events: 30_000 }, devices: 3, tokens: 20, seed: 1, divergent: true, recoveryEvery };
      await writeLongLife(folder, life);
      expect((await checkBalances({ paths: [folder] }))[0]?.verdict).toBe('violated');
      await expectSameAnswers(folder, 'long life', ['fast', 'slow']);
      expect(glances.enough).toBe(5);
    },
  );

  test('in a calm run in which one line was changed, lost or doubled', { timeout: 240_000 }, async () => {
    const runs = 110;
    for (let seed = 1; seed <= runs; seed += 1) {
      const wipes = seed % 3 === 0;
      const { files, name } = calmRun({ seed: 1 + (seed % 20), devices: 2, steps: 45, restarts: false, wipes });
      const [changed, how] = withOneChange(files, chance(seed, 'one change'));
      await inFolder(changed, name, (folder) => expectSameAnswers(folder, `seed ${seed}: ${how}`));
    }
    expect(glances.enough).toBeGreaterThan(0);
  });
});
