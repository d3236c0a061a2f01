import { expect, test } from 'vitest';
import { createRecorder, createSink } from '../../../src/events/recorder/index.ts';
import { inMemory } from './support.ts';

test('a record that is an event becomes that event', () => {
  const { record, lines } = inMemory();
  const sink = createSink(record);
  sink.write({ level: 'debug', type: 'balance', tokenId: 'T1', coin: 'UCT', delta: 5n }, 'ignored');
  sink.write({ namespace: 'sync', message: 'wrote', fields: { type: 'write', effect: 'e1', key: 'outbox' } });
  sink.write({ type: 'clear', v: 1 });
  expect(lines().slice(1)).toMatchObject([
    { type: 'balance', tokenId: 'T1', delta: '5' },
    { type: 'write', effect: 'e1', originSeq: 1 },
    { type: 'clear' },
  ]);
  expect(sink.failures).toBe(0);
});

test('a mapping makes events of an SDK’s own records, and the rest is log', () => {
  const { record, lines } = inMemory();
  const sink = createSink(record, ({ message, fields }) =>
    message === 'HEAD verified'
      ? { type: 'verify', attempt: 1, ok: true, durationMs: Number((fields as { ms: number }).ms) }
      : undefined,
  );
  sink.write({ namespace: 'ipfs', message: 'HEAD verified', fields: { ms: 12 } });
  sink.write({ namespace: 'ipfs', message: 'connected', fields: { peers: 2, password: 'hidden' } });
  sink.write({ type: 'clear', message: 'cache cleared' });
  sink.write('just text');
  sink.write(['a', 'list'], '[ipfs] a list');
  expect(lines().slice(1)).toMatchObject([
    { type: 'verify', durationMs: 12 },
    { type: 'log', msg: 'connected', fields: { namespace: 'ipfs', fields: { peers: 2, password: '[Redacted]' } } },
    { type: 'log', msg: 'cache cleared' },
    { type: 'log', msg: 'just text' },
    { type: 'log', msg: '[ipfs] a list', fields: { record: ['a', 'list'] } },
  ]);
  expect(sink.failures).toBe(0);
});

test('a failure is counted and named, its record is logged, and the SDK sees nothing', () => {
  const { record, lines } = inMemory();
  const sink = createSink(record, ({ message }) => {
    if (message === 'bad') throw new Error('mapping broke');
    if (message === 'odd') return { type: 'blance' } as never;
    return undefined;
  });
  sink.write({ type: 'balance', tokenId: 'T1', coin: 'UCT', delta: 0.1 });
  expect(sink.failures).toBe(1);
  expect(sink.lastFailure?.message).toMatch(/^balance: delta: expected a decimal string/);
  sink.write({ message: 'bad' });
  expect(sink.lastFailure?.message).toBe('mapping broke');
  sink.write({ message: 'odd' });
  expect(sink.lastFailure?.message).toBe('no such event type: blance');
  expect(lines().slice(1)).toMatchObject([
    { type: 'log', fields: { tokenId: 'T1', delta: 0.1 } },
    { type: 'log', msg: 'bad' },
    { type: 'log', msg: 'odd' },
  ]);
  record.close({ quiescent: true });
  sink.write({ message: 'too late' });
  expect(sink.failures).toBe(4);
});

test('what fits no type by itself may still be mapped, without a failure', () => {
  const { record, lines } = inMemory();
  const sink = createSink(record, () => ({ type: 'request', kind: 'pin', attempt: 1, ok: true, durationMs: 3 }));
  sink.write({ type: 'request', url: '/pin' });
  expect(lines().at(-1)).toMatchObject({ type: 'request', kind: 'pin' });
  expect(sink.failures).toBe(0);
});

test('a sink without capture does nothing', () => {
  const record = createRecorder({ device: 'd', identity: 'i', destination: '/nowhere/log', enabled: false });
  const sink = createSink(record, () => {
    throw new Error('called');
  });
  sink.write({ message: 'anything' });
  expect(sink.failures).toBe(0);
});
