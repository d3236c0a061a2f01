import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import type { EventBatch, LogSource, ReadContext } from '../../../src/events/reader.ts';
import { LineScanner } from '../../../src/events/readers/pino/line-scanner.ts';
import { pino } from '../../../src/events/readers/pino.ts';
import { simulate } from '../../simulator/index.ts';
import { hostileLog } from './hostile-lines.ts';
import { sourceOf } from './reading.ts';

afterEach(() => vi.unstubAllEnvs());

/** All batches, and everything in them as one text, in which the order of keys counts. */
async function readBy(lane: 'fast' | 'slow', source: LogSource, defaults: ReadContext['defaults']) {
  vi.stubEnv('REPLAY_SLOW', lane === 'slow' ? '1' : '');
  const batches: EventBatch[] = [];
  for await (const batch of pino.read(source, { defaults })) batches.push(batch);
  const text = JSON.stringify(batches, (_, value) =>
    typeof value === 'bigint' ? `${value}n` : value === undefined ? 'undefined' : value,
  );
  return { batches, text };
}

const defaults = fc.constantFrom<ReadContext['defaults']>(
  {},
  { device: 'default-device', identity: 'alice', incarnation: 3, run: 'run-9' },
  { device: '', incarnation: 0 },
);

test('both lanes come to the same, whatever the lines and however they are cut into chunks', {
  timeout: 240_000,
}, async () => {
  let lines = 0;
  await fc.assert(
    fc.asyncProperty(hostileLog, fc.integer({ min: 1, max: 5000 }), defaults, async (bytes, size, stated) => {
      const slow = await readBy('slow', sourceOf(bytes, 'peer1.log', size), stated);
      const fast = await readBy('fast', sourceOf(bytes, 'peer1.log', size), stated);
      expect(fast.text).toBe(slow.text);
      // Which is the same, but for prototypes, zeros with a sign and infinities.
      expect(isDeepStrictEqual(fast.batches, slow.batches)).toBe(true);
      lines += bytes.filter((value) => value === 10).length;
    }),
    { numRuns: 700 },
  );
  expect(lines).toBeGreaterThan(20_000);
});

/** How many lines of a log take the fast lane. */
function fastLines(log: string): { fast: number; all: number } {
  const bytes = Buffer.from(log);
  const scanner = new LineScanner({ path: 'x', unit: 'line' }, {});
  scanner.begin(bytes);
  let [fast, all] = [0, 0];
  for (let start = 0; start < bytes.length; all++) {
    const event = scanner.read(start, all + 1);
    start = event ? scanner.next : bytes.indexOf('\n', start) + 1;
    fast += Number(event !== undefined);
  }
  return { fast, all };
}

test('nearly every line of a wallet takes the fast lane', () => {
  let [fast, all] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const logs = simulate({ seed }).files.filter(({ name }) => name !== 'run.json');
    const lines = logs.flatMap(({ content }) => content.split('\n')).filter((line) => line.includes('"v":1'));
    const taken = fastLines(lines.map((line) => `${line}\n`).join(''));
    fast += taken.fast;
    all += taken.all;
  }
  expect(all).toBeGreaterThan(1000);
  expect(fast / all).toBeGreaterThan(0.999);
});
