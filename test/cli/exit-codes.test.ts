import { expect, test } from 'vitest';
import { exitCodeOf, weightiest } from '../../src/cli/exit-codes.ts';

test('of several codes, 1 wins, then 70, 2, 3', () => {
  expect(weightiest([0, 3, 2, 70, 1])).toBe(1);
  expect(weightiest([0, 3, 2, 70])).toBe(70);
  expect(weightiest([0, 3, 2])).toBe(2);
  expect(weightiest([0, 3])).toBe(3);
  expect(weightiest([])).toBe(0);
});

test('what is inconclusive is allowed only where nothing is violated', () => {
  expect(exitCodeOf(['held', 'not-checked'], true)).toBe(0);
  expect(exitCodeOf(['violated', 'not-checked'], true)).toBe(1);
  expect(exitCodeOf([], false)).toBe(3);
});
