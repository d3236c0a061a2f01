import { expect, test } from 'vitest';
import { LateIds } from '../../../src/replay/glance/operations/late-ids.ts';

test('few ids are told apart, and where there are very many each is one of them', () => {
  expect(new LateIds(0).has(7)).toBe(true);
  const late = new LateIds();
  expect([late.any, late.has(7)]).toEqual([false, false]);
  for (let hash = 0; hash < 4095; hash += 1) late.add(hash * 2);
  expect([late.any, late.has(8), late.has(7)]).toEqual([true, true, false]);
  late.add(-1);
  expect([late.has(-1), late.has(7)]).toEqual([true, true]);
});
