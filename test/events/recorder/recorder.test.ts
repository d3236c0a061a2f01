import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, expectTypeOf, test, vi } from 'vitest';
import { createRecorder, type Recorder, RefusedEvent } from '../../../src/events/recorder/index.ts';
import { methodName } from '../../../src/events/recorder/method-name.ts';
import { eventTypes } from '../../../src/events/types/index.ts';
import { filesIn, inMemory, linesOf, temporaryFolder } from './support.ts';

test('a line is exactly the one that the contract shows', () => {
  const { record, text } = inMemory({ run: 'run-1' });
  record.balance({ tokenId: 'T1', coin: 'UCT', delta: '-0.000000000011', effect: 'e1', opId: 'op-31' });
  const line = text().split('\n')[1] ?? '';
  expect(
    line
      .replace(/"time":\d+/, '"time":0')
      .replace(/"pid":\d+/, '"pid":0')
      .replace(/"hostname":"[^"]*"/, '"hostname":"h"')
      .replace(/"mono":[\d.]+/, '"mono":0'),
  ).toBe(
    '{"level":30,"time":0,"pid":0,"hostname":"h","v":1,"device":"bob-peer1","identity":"bob","incarnation":1,"run":"run-1",' +
      '"type":"balance","seq":2,"opId":"op-31","mono":0,"tokenId":"T1","coin":"UCT","delta":"-0.000000000011","effect":"e1","msg":"balance"}',
  );
});

test('an incarnation begins with device.start and ends with the last counters and device.end', () => {
  const { record, lines } = inMemory();
  record.incr('cache.hit');
  record.close({ quiescent: true, heads: ['e9'] });
  record.close({ quiescent: true });
  expect(lines()).toMatchObject([
    { type: 'device.start', seq: 1 },
    { type: 'counters', seq: 2 },
    { type: 'device.end', seq: 3, quiescent: true, heads: ['e9'] },
  ]);
  expect(() => record.clear()).toThrow('bob-peer1: clear was recorded after close');
});

test('every event type has its method, and none needs a line of its own', () => {
  const { record } = inMemory();
  for (const { name } of eventTypes) {
    expect(record[methodName(name)], name).toBeTypeOf('function');
  }
  expect(eventTypes.map(({ name }) => methodName(name))).toEqual(
    expect.arrayContaining(['deviceStart', 'opEnd', 'balanceRead', 'import', 'write']),
  );
});

test('the methods are typed by the family', () => {
  expectTypeOf<Recorder['balance']>().parameter(0).toHaveProperty('delta').toEqualTypeOf<string | bigint | number>();
  expectTypeOf<Recorder['write']>().parameter(0).toHaveProperty('originSeq').toEqualTypeOf<number | undefined>();
  expectTypeOf<Recorder['clear']>().toBeCallableWith();
  expectTypeOf<Recorder['opStart']>().parameter(0).toHaveProperty('op').toEqualTypeOf<string>();
});

test.each([
  [1.5, 'amount is a JSON number and may have lost digits'],
  [2 ** 53, 'amount is a JSON number and may have lost digits'],
  [Number.NaN, 'got NaN'],
  ['1e18', "got '1e18'"],
  ['+1', "got '+1'"],
  [`0.${'1'.repeat(78)}`, 'amount has more than 78 digits'],
])('an amount of %s is refused, and takes no place in the sequence', (delta, reason) => {
  const { record, lines } = inMemory();
  const balance = () => record.balance({ tokenId: 'T1', coin: 'UCT', delta });
  expect(balance).toThrow(RefusedEvent);
  expect(balance).toThrow(reason);
  expect(balance).toThrow(
    expect.objectContaining({ event: 'balance', field: 'delta', expected: 'a decimal string such as "-1.25"' }),
  );
  record.clear();
  expect(lines().map(({ type, seq }) => [type, seq])).toEqual([
    ['device.start', 1],
    ['clear', 2],
  ]);
});

test('whatever is exact is written as a decimal string, nested too', () => {
  const { record, lines } = inMemory();
  record.balance({ tokenId: 'T1', coin: 'UCT', delta: 10n ** 77n });
  record.balance({ tokenId: 'T1', coin: 'UCT', delta: -5 });
  record.write({ effect: 'e1', key: 'k', outputs: [{ tokenId: 'T2', coin: 'UCT', amount: 7n }] });
  expect(lines().slice(1)).toMatchObject([
    { delta: `1${'0'.repeat(77)}` },
    { delta: '-5' },
    { outputs: [{ tokenId: 'T2', amount: '7' }] },
  ]);
});

test('a caller without types is told what is wrong, whatever it hands over', () => {
  const { record, lines } = inMemory();
  const untyped = record as unknown as Record<string, (input?: unknown) => void>;
  expect(() => untyped.balance?.({ tokenId: 'T1', coin: 'UCT' })).toThrow(
    'balance: delta: expected a decimal string such as "-1.25", got nothing',
  );
  expect(() => untyped.balance?.({ tokenId: 1n, coin: 'UCT', delta: '1' })).toThrow('tokenId: expected a text, got 1n');
  expect(() => untyped.write?.({ effect: 'e', key: 'k', outputs: 5 })).toThrow('outputs: expected a list');
  expect(() => untyped.write?.({ effect: 'e', key: 'k', outputs: [null] })).toThrow('outputs: expected a list');
  expect(() => untyped.publish?.({ snapshot: 's', frontier: null })).toThrow('frontier: expected an object');
  expect(() => untyped.opStart?.({ op: 'pay' })).toThrow('op.start: opId: expected a text, got nothing');
  expect(() => untyped.clear?.({ opId: 7 })).toThrow('clear: opId: expected a text, got 7');
  expect(() => untyped.close?.({})).toThrow('device.end: quiescent: expected true or false, got nothing');
  expect(() => untyped.balance?.()).toThrow('balance: tokenId: expected a text, got nothing');
  expect(lines()).toHaveLength(1);
});

test('originSeq is counted where the caller leaves it out, and a refused write takes none', () => {
  const { record, lines } = inMemory();
  record.write({ effect: 'e1', key: 'k' });
  expect(() => record.write({ effect: '', key: 'k' })).toThrow(RefusedEvent);
  record.write({ effect: 'e2', key: 'k' });
  record.write({ effect: 'e7', key: 'k', originSeq: 7 });
  record.write({ effect: 'e8', key: 'k' });
  expect(lines().flatMap(({ type, originSeq }) => (type === 'write' ? [originSeq] : []))).toEqual([1, 2, 7, 8]);
});

test('two devices of one process share a file and keep their own sequences', () => {
  const destination = join(temporaryFolder(), 'both.ndjson');
  const options = { identity: 'bob', destination, enabled: true };
  const first = createRecorder({ ...options, device: 'bob-peer1' });
  const second = createRecorder({ ...options, device: 'bob-peer2' });
  first.write({ effect: 'e1', key: 'k' });
  second.clear();
  first.clear();
  second.close({ quiescent: true });
  first.close({ quiescent: true });
  const order = linesOf(destination).map(({ device, incarnation, seq }) => `${device}:${incarnation}:${seq}`);
  expect(order.filter((line) => line.startsWith('bob-peer1'))).toEqual([1, 2, 3, 4].map((seq) => `bob-peer1:1:${seq}`));
  expect(order.filter((line) => line.startsWith('bob-peer2'))).toEqual([1, 2, 3].map((seq) => `bob-peer2:1:${seq}`));
});

test('with capture off nothing is opened and the functions pass through', async () => {
  const folder = temporaryFolder();
  const options = { device: 'bob-peer1', identity: 'bob', destination: join(folder, 'log.ndjson') };
  for (const capture of [undefined, '', '0']) {
    vi.stubEnv('REPLAY_CAPTURE', capture);
    const record = createRecorder(options);
    expect(record.enabled).toBe(false);
    record.balance({ tokenId: 'T1', coin: 'UCT', delta: 1.5 });
    record.log('hello', {});
    record.incr('n');
    record.observe('n', 1);
    record.dumpAndReset();
    expect(record.time('sync', () => 1)).toBe(1);
    await expect(record.operation('pay', async () => 2)).resolves.toBe(2);
    expect(() => record.operation('pay', () => fail('as it is'))).toThrow('as it is');
    record.close({ quiescent: true });
  }
  vi.stubEnv('REPLAY_CAPTURE', '1');
  expect(createRecorder({ ...options, enabled: false }).enabled).toBe(false);
  expect(filesIn(folder)).toEqual([]);

  createRecorder(options).close({ quiescent: true });
  vi.unstubAllEnvs();
  expect(filesIn(folder)).toEqual(['log.ndjson', 'log.ndjson.bob-peer1.incarnation']);
});

test('what cannot be recorded into is an error that names it', () => {
  const folder = temporaryFolder();
  const options = { device: 'bob-peer1', identity: 'bob', enabled: true };
  expect(() => createRecorder({ ...options, destination: folder })).toThrow(`${folder}: cannot record here: EISDIR`);
  expect(() => createRecorder({ ...options, device: '', destination: folder })).toThrow('device: expected a text');
});

test.skipIf(process.platform !== 'linux')('a full disk warns once and never throws into the caller', () => {
  const destination = join(temporaryFolder(), 'full.ndjson');
  symlinkSync('/dev/full', destination);
  const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
  const record = createRecorder({ device: 'bob-peer1', identity: 'bob', destination, enabled: true });
  record.clear();
  record.clear();
  expect(warn.mock.calls).toEqual([[expect.stringContaining('ENOSPC'), 'ReplayCaptureWarning']]);
  warn.mockRestore();
});

function fail(message: string): never {
  throw new Error(message);
}
