import { afterEach, expect, test, vi } from 'vitest';
import type { LogSource } from '../../src/events/reader.ts';
import type { Random } from '../simulator/prng.ts';
import { reportOn } from '../story.ts';
import { chance, simulated } from './mutate.ts';

/** How the next files are to be cut; whole chunks where nothing is said. */
let cutting: Random | undefined;
let pieces = 0;

vi.mock('../../src/events/sources/open.ts', async (original) => {
  const { openSource } = await original<typeof import('../../src/events/sources/open.ts')>();
  return {
    openSource: (file: Parameters<typeof openSource>[0]) => {
      const source = openSource(file);
      return { ...source, chunks: () => recut(source) };
    },
  };
});

async function* recut(source: LogSource): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.chunks()) {
    for (let from = 0; from < chunk.length; ) {
      const to = cutting === undefined ? chunk.length : from + cutting.between(1, cutting.pick([3, 400, 20_000]));
      yield chunk.slice(from, to);
      from = to;
      pieces++;
    }
  }
}

afterEach(() => {
  cutting = undefined;
});

test('the report does not depend on the size of the chunks in which files are read', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { files, name } = simulated({ seed, ...(seed % 2 === 0 && { fault: 'self-filtered' as const }) });
    cutting = undefined;
    const whole = await reportOn(files, {}, name);
    cutting = chance(seed, 'chunks');
    const before = pieces;
    const cut = await reportOn(files, {}, name);
    expect(JSON.stringify(cut), `seed ${seed}`).toBe(JSON.stringify(whole));
    expect(pieces - before).toBeGreaterThan(Object.keys(files).length * 2);
  }
});

test('nor do the ends of lines and of characters matter', async () => {
  const files = {
    'peer1.ndjson':
      '{"v":1,"type":"balance","device":"peer1","identity":"böb✓","incarnation":1,"seq":1,"tokenId":"T1","coin":"UCT","delta":"1"}\r\n',
    'peer2.ndjson':
      '\ufeff{"v":1,"type":"balance","device":"peer2","identity":"böb✓","incarnation":1,"seq":1,"tokenId":"T1","coin":"UCT","delta":"1"}',
  };
  const whole = await reportOn(files);
  cutting = chance(7, 'chunks');
  expect(await reportOn(files)).toEqual(whole);
  expect(whole.verdict).toBe('held');
});
