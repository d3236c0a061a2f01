import { expect, test } from 'vitest';
import { append } from '../../src/base/append.ts';

test('items are appended in order, however many', () => {
  let list: number[] = [];
  for (let item = 0; item < 40; item++) list = append(list, item);
  expect(list).toEqual(Array.from({ length: 40 }, (_, item) => item));
});

test('an empty list stays empty, so that one can stand for all', () => {
  const none: number[] = [];
  append(none, 1);
  expect(none).toEqual([]);
});
