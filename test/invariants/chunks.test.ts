import { afterEach, expect, test, vi } from 'vitest';
import { cutting, recutting } from '../recut.ts';
import { reportOn } from '../story.ts';
import { chance, simulated } from './mutate.ts';

vi.mock('../../src/events/sources/open.ts', (original) => recutting(original));

afterEach(() => {
  cutting.by = undefined;
});

test('the report does not depend on the size of the chunks in which files are read', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { files, name } = simulated({ seed, ...(seed % 2 === 0 && { fault: 'self-filtered' as const }) });
    cutting.by = undefined;
    const whole = await reportOn(files, {}, name);
    cutting.by = chance(seed, 'chunks');
    const before = cutting.pieces;
    const cut = await reportOn(files, {}, name);
    expect(JSON.stringify(cut), `seed ${seed}`).toBe(JSON.stringify(whole));
    expect(cutting.pieces - before).toBeGreaterThan(Object.keys(files).length * 2);
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
  cutting.by = chance(7, 'chunks');
  expect(await reportOn(files)).toEqual(whole);
  expect(whole.verdict).toBe('held');
});
