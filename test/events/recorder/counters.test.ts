import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { inMemory } from './support.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('counters become one event, and the next window begins empty', () => {
  const { record, lines } = inMemory();
  record.incr('cache.hit');
  record.incr('cache.hit', 4);
  record.observe('ipfs.pin', 10);
  record.observe('ipfs.pin', 20.5);
  record.dumpAndReset();
  record.dumpAndReset();
  expect(lines().slice(1)).toMatchObject([
    {
      type: 'counters',
      windowMs: expect.any(Number),
      counters: {
        'cache.hit': { count: 5, totalMs: 0, maxMs: 0, avgMs: 0 },
        'ipfs.pin': { count: 2, totalMs: 30.5, maxMs: 20.5, avgMs: 15.25 },
      },
    },
  ]);
});

test('time measures what it calls, sync or async, well or not, and hands over the outcome', async () => {
  const { record, lines } = inMemory();
  expect(record.time('work', () => 'done')).toBe('done');
  await expect(record.time('work', () => delay(20, 'later'))).resolves.toBe('later');
  await expect(record.time('work', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
  expect(() =>
    record.time('work', () => {
      throw new Error('thrown');
    }),
  ).toThrow('thrown');
  record.dumpAndReset();
  const { counters } = lines()[1] as { counters: Record<string, { count: number; maxMs: number }> };
  expect(counters.work?.count).toBe(4);
  expect(counters.work?.maxMs).toBeGreaterThan(15);
});

test('a window ends by itself', () => {
  vi.useFakeTimers();
  const { record, lines } = inMemory({ countersWindowMs: 1000 });
  record.incr('n');
  vi.advanceTimersByTime(3000);
  record.incr('n', 2);
  vi.advanceTimersByTime(1000);
  expect(lines().slice(1)).toMatchObject([
    { type: 'counters', windowMs: 1000, counters: { n: { count: 1 } } },
    { type: 'counters', windowMs: 1000, counters: { n: { count: 2 } } },
  ]);
  record.close({ quiescent: true });
  expect(vi.getTimerCount()).toBe(0);
});

test('what cannot be counted is refused at the call, not at the dump', () => {
  const { record } = inMemory();
  expect(() => record.incr('n', -1)).toThrow('counters: n: expected a whole number of 0 or more, got -1');
  expect(() => record.observe('n', Number.NaN)).toThrow('counters: n: expected a number, got NaN');
});

test('many recorders share one exit listener, and closed ones none', () => {
  const before = process.listenerCount('exit');
  const recorders = Array.from({ length: 12 }, (_, index) => inMemory({ device: `d${index}` }).record);
  expect(process.listenerCount('exit')).toBe(before + 1);
  for (const record of recorders) record.close({ quiescent: true });
  expect(process.listenerCount('exit')).toBe(before);
});
