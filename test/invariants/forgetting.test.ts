import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { invariants } from '../../src/invariants/index.ts';
import { faultNames } from '../simulator/index.ts';
import { findings, inFolder } from '../story.ts';
import { simulated } from './mutate.ts';

const perFault = 4;

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

test.each(faultNames)('nor the answer of any check that is asked alone: %s', async (fault) => {
  const { files, name } = simulated({ seed: perFault + 1, fault });
  await inFolder(files, name, async (folder) => {
    for (const { name: check } of invariants) {
      const ask = { paths: [folder], all: true, checks: [check] };
      const [forgetting, retaining] = [await checkBalances(ask), await checkBalances({ ...ask, retainAll: true })];
      expect(JSON.stringify(forgetting), check).toBe(JSON.stringify(retaining));
    }
  });
});

/** Data without tokens is settled as soon as every device has it, and forgotten. */
test('a snapshot that lists another effect than it claims is found out, though both are forgotten by then', async () => {
  const story = (contents: string) => `
    peer1  write e1
    peer2  replication e1 origin=peer1 applied
    peer1  write e2
    peer2  replication e2 origin=peer1 applied
    peer1  write e3
    peer2  replication e3 origin=peer1 applied
    peer1  publish s1 frontier=peer1:2 contents=${contents}
    peer1  end quiescent
    peer2  end quiescent
  `;
  const found = ['snapshot-race peer1 e2'];
  expect(await findings(story('e1,e3'))).toEqual(found);
  expect(await findings(story('e1,e3'), { retainAll: true })).toEqual(found);
  expect(await findings(story('e1,e1'))).toEqual(found);
  expect(await findings(story('e2,e1'))).toEqual([]);
});
