import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { countRoundTrips } from '../../src/round-trips.ts';
import { simulated } from '../invariants/mutate.ts';
import { type FaultName, faultNames } from '../simulator/index.ts';
import { inFolder } from '../story.ts';
import { Remembered } from './remembered.ts';

const runs = fc.record({
  seed: fc.integer({ min: 1, max: 10_000 }),
  fault: fc.constantFrom<FaultName | 'none'>('none', ...faultNames),
  all: fc.boolean(),
  /** Where in the logs a byte is changed, as a share. */
  place: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

/** Both reports on a run, as they are printed and as they are. */
async function ask(folder: string, all: boolean, cache?: Remembered) {
  const reports = [
    ...(await checkBalances({ paths: [folder], all, cache })),
    ...(await countRoundTrips({ paths: [folder], whatIf: 'op', cache })),
  ];
  return { reports, text: JSON.stringify(reports) };
}

test('an answer from the cache is the answer, to the byte, before and after a byte of the run changed', async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ seed, fault, all, place }) => {
      const { files, name } = simulated({ seed, fault });
      await inFolder(files, name, async (folder) => {
        const cache = new Remembered();
        const told = await ask(folder, all);
        expect(await ask(folder, all, cache)).toStrictEqual(told);
        expect(await ask(folder, all, cache)).toStrictEqual(told);
        expect(cache).toMatchObject({ kept: 2, found: 2 });

        const logs = Object.keys(files).filter((path) => path !== 'run.json');
        const log = join(folder, logs[Math.floor(place * logs.length)] ?? '');
        const bytes = readFileSync(log);
        const at = Math.floor(place * bytes.length);
        bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
        writeFileSync(log, bytes);
        expect(await ask(folder, all, cache)).toStrictEqual(await ask(folder, all));
      });
    }),
    { numRuns: 12 },
  );
});
