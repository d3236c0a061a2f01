import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { faultNames } from '../simulator/index.ts';
import { inFolder } from '../story.ts';
import { simulated } from './mutate.ts';

const perFault = 6;

/** What is settled may be forgotten, because nobody asks about it again: also where what was forgotten is part of a dispute. */
test.each(['none', ...faultNames] as const)('forgetting what is settled changes no report: %s', async (fault) => {
  for (let seed = 1; seed <= perFault; seed++) {
    const { files, name } = simulated({ seed, fault });
    await inFolder(files, name, async (folder) => {
      const ask = { paths: [folder], all: true };
      const [forgetting, retaining] = [await checkBalances(ask), await checkBalances({ ...ask, retainAll: true })];
      expect(JSON.stringify(forgetting), `seed ${seed}`).toBe(JSON.stringify(retaining));
    });
  }
});
