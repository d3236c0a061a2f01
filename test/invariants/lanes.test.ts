import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { samplesFolder } from '../samples/golden.ts';
import { faultNames } from '../simulator/index.ts';
import { inFolder } from '../story.ts';
import { simulated } from './mutate.ts';

afterEach(() => vi.unstubAllEnvs());

async function reportBy(lane: 'fast' | 'slow', folder: string): Promise<string> {
  vi.stubEnv('REPLAY_SLOW', lane === 'slow' ? '1' : '');
  return JSON.stringify(await checkBalances({ paths: [folder], all: true }));
}

test('the report does not depend on the lane that lines take', async () => {
  for (let seed = 1; seed <= 30; seed++) {
    const fault = seed % 2 === 0 ? faultNames[seed % faultNames.length] : undefined;
    const { files, name } = simulated({ seed, ...(fault && { fault }) });
    await inFolder(files, name, async (folder) => {
      expect(await reportBy('fast', folder), `seed ${seed}`).toBe(await reportBy('slow', folder));
    });
  }
});

/** The folders below the samples that hold logs. */
function sampleRuns(): string[] {
  const entries = readdirSync(samplesFolder, { recursive: true, withFileTypes: true });
  const logs = entries.filter((entry) => entry.isFile() && /\.(?:ndjson|log)$/.test(entry.name));
  return [...new Set(logs.map(({ parentPath, name }) => dirname(join(parentPath, name))))].sort();
}

test('nor does it on the samples', async () => {
  const runs = sampleRuns();
  expect(runs.length).toBeGreaterThan(20);
  for (const folder of runs) expect(await reportBy('fast', folder), folder).toBe(await reportBy('slow', folder));
});
