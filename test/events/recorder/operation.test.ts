import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inMemory } from './support.ts';

test('what is recorded inside of an operation carries its opId, across awaits, timers and siblings', async () => {
  const { record, lines } = inMemory();
  const pay = (key: string) =>
    record.operation('pay', async () => {
      record.log(`${key} begins`);
      await delay(1);
      await new Promise<void>((resolve) => setTimeout(resolve, 1));
      record.write({ effect: key, key });
      return key;
    });
  expect(await Promise.all([pay('a'), pay('b')])).toEqual(['a', 'b']);
  record.clear();

  const opIds = Object.fromEntries(lines().map(({ msg, effect, opId }) => [effect ?? msg, opId]));
  expect(opIds).toMatchObject({
    'a begins': 'bob-peer1-1-1',
    a: 'bob-peer1-1-1',
    'b begins': 'bob-peer1-1-2',
    b: 'bob-peer1-1-2',
    clear: undefined,
  });
});

test('operations nest', async () => {
  const { record, lines } = inMemory();
  await record.operation('pay', async () => {
    await record.operation('deliver', async () => record.clear());
    record.clear();
  });
  expect(lines().map(({ type, op, opId, parentOpId }) => [type, op, opId, parentOpId])).toEqual([
    ['device.start', undefined, undefined, undefined],
    ['op.start', 'pay', 'bob-peer1-1-1', undefined],
    ['op.start', 'deliver', 'bob-peer1-1-2', 'bob-peer1-1-1'],
    ['clear', undefined, 'bob-peer1-1-2', undefined],
    ['op.end', 'deliver', 'bob-peer1-1-2', undefined],
    ['clear', undefined, 'bob-peer1-1-1', undefined],
    ['op.end', 'pay', 'bob-peer1-1-1', undefined],
  ]);
});

test('an operation that fails ends with ok false, and the caller gets its error', async () => {
  const { record, lines } = inMemory();
  const broken = new Error('no funds');
  await expect(record.operation('pay', () => Promise.reject(broken))).rejects.toBe(broken);
  expect(() =>
    record.operation('pay', () => {
      throw broken;
    }),
  ).toThrow(broken);
  expect(record.operation('read', () => 7)).toBe(7);
  expect(lines().flatMap(({ type, ok }) => (type === 'op.end' ? [ok] : []))).toEqual([false, false, true]);
});

test('the duration is measured to the end of the promise', async () => {
  const { record, lines } = inMemory();
  await record.operation('pay', () => delay(20));
  expect(lines().at(-1)).toMatchObject({ type: 'op.end', durationMs: expect.closeTo(25, -2) });
  expect(lines().at(-1)?.durationMs).toBeGreaterThan(15);
});

test('an operation whose end comes after close ends unrecorded and undisturbed', async () => {
  const { record, lines } = inMemory();
  const pending = record.operation('pay', () => delay(5, 'paid'));
  record.close({ quiescent: false });
  await expect(pending).resolves.toBe('paid');
  expect(lines().at(-1)).toMatchObject({ type: 'device.end' });
});

test('an operation without a name is refused before it runs', () => {
  const { record, lines } = inMemory();
  let ran = false;
  expect(() =>
    record.operation('', () => {
      ran = true;
    }),
  ).toThrow('op.start: op: expected a text');
  expect(ran).toBe(false);
  expect(lines()).toHaveLength(1);
});
