import { expect, test } from 'vitest';
import { byText, getOrCreate, groupBy, sortedEntries } from '../../src/base/order.ts';

test('texts are ordered by code unit, whatever the locale', () => {
  expect(['ä', 'b', 'B', 'a', '10', '9'].sort(byText)).toEqual(['10', '9', 'B', 'a', 'b', 'ä']);
});

test('a map’s entries come in the order of their keys', () => {
  const map = new Map([
    ['peer2', 2],
    ['peer1', 1],
  ]);
  expect(sortedEntries(map)).toEqual([
    ['peer1', 1],
    ['peer2', 2],
  ]);
});

test('a value is made once', () => {
  const map = new Map<string, number[]>();
  getOrCreate(map, 'a', () => []).push(1);
  getOrCreate(map, 'a', () => []).push(2);
  expect(map.get('a')).toEqual([1, 2]);
});

test('groups and their items keep the order in which they came', () => {
  const groups = groupBy(['b1', 'a1', 'b2', 'a2'], (item) => item[0] as string);
  expect([...groups]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1', 'a2']],
  ]);
});
