import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countRoundTrips } from '../../src/round-trips.ts';
import { filesOf } from '../invariants/mutate.ts';
import { simulate } from '../simulator/index.ts';
import { type Files, inFolder } from '../story.ts';

interface Counts {
  operations: number;
  writes: number;
  trips: number;
  retries: number;
}

/** What each operation did, counted line by line: a trip belongs to the operation that its line names. */
function countLines(files: Files): Record<string, Counts> {
  const records = Object.entries(files)
    .filter(([path]) => path !== 'run.json')
    .flatMap(([, text]) => text.split('\n').filter(Boolean))
    .map((line) => JSON.parse(line));
  const names = new Map<string, string>();
  const counts: Record<string, Counts> = {};
  for (const { type, device, opId, op } of records) {
    if (type === 'op.start') names.set(`${device} ${opId}`, op);
  }
  for (const name of names.values()) {
    counts[name] ??= { operations: 0, writes: 0, trips: 0, retries: 0 };
    counts[name].operations++;
  }
  for (const { type, device, opId, attempt } of records) {
    const of = counts[names.get(`${device} ${opId}`) ?? ''];
    if (!of) continue;
    if (type === 'write') of.writes++;
    if (type === 'verify' || type === 'request') of[attempt > 1 ? 'retries' : 'trips']++;
  }
  return counts;
}

test('in simulated runs, the trips of each operation are those that its lines name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 100_000 }), async (seed) => {
      const files = filesOf(simulate({ seed, steps: 60, layout: 'per-device', ending: 'quiescent' }));
      const [report] = await inFolder(files, 'run-1', (folder) => countRoundTrips({ paths: [folder] }));
      const counted = report?.roundTrips?.byOperation
        .filter(({ op }) => op !== null)
        .map(({ op, operations, writes, trips, retries }) => [
          op,
          { operations, writes: writes.total, trips: trips.total, retries },
        ]);
      expect(Object.fromEntries(counted ?? [])).toEqual(countLines(files));
    }),
    { numRuns: 25 },
  );
});
