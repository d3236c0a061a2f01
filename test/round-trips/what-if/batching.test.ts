import { describe, expect, test } from 'vitest';
import { ReplayError } from '../../../src/base/errors.ts';
import { parseBatching } from '../../../src/round-trips/what-if/batching.ts';

describe('parseBatching', () => {
  test.each([
    ['op', { by: 'op', text: 'op' }],
    [' blocks ', { by: 'blocks', text: 'blocks' }],
    ['window=50ms', { by: 'window', windowUs: 50_000, text: 'window=50ms' }],
    ['window=0.5s', { by: 'window', windowUs: 500_000, text: 'window=0.5s' }],
    ['window=0', { by: 'window', windowUs: 0, text: 'window=0' }],
    ['window=0ms', { by: 'window', windowUs: 0, text: 'window=0ms' }],
  ])('reads %j', (text, expected) => expect(parseBatching(text)).toEqual(expected));

  test.each([
    '',
    'ops',
    'window',
    'window=',
    'window=50',
    'window=-1ms',
    'window=1e3ms',
    'window=5m',
    'op=1',
    'toString',
  ])('says what %j should have been', (text) => {
    expect(() => parseBatching(text)).toThrow(ReplayError);
    expect(() => parseBatching(text)).toThrow(/expected window=…, op or blocks, got /);
  });

  test('says which units a window has', () => {
    expect(() => parseBatching('window=50')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('ms or s') }),
    );
  });
});
