import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Lately } from '../../src/base/lately.ts';

/** Few hashes, of which many fall into one bucket. */
const hash = fc.constantFrom(0, 1, 64, 128, -64, 2 ** 31 - 1, -1);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ first: hash, second: hash }) },
  { weight: 2, arbitrary: fc.constant('forget' as const) },
);

test('it has what came since the oldest that is not forgotten, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const lately = new Lately();
      const names: string[] = [];
      for (const each of steps) {
        if (each === 'forget') {
          names.shift();
          lately.forgetOldest();
        } else {
          names.push(`${each.first} ${each.second}`);
          lately.add(each.first, each.second);
        }
        expect(lately.size).toBe(names.length);
        for (const first of [0, 64, -1]) {
          for (const second of [0, 1]) expect(lately.has(first, second)).toBe(names.includes(`${first} ${second}`));
        }
      }
    }),
  );
});

test('names stay when it grows, wherever its round has come to', () => {
  const lately = new Lately();
  for (let name = 0; name < 50; name += 1) {
    lately.add(name, 1);
    if (name < 40) lately.forgetOldest();
  }
  for (let name = 50; name < 1_000; name += 1) lately.add(name, 1);
  expect([39, 40, 49, 50, 999, 1_000].map((name) => lately.has(name, 1))).toEqual([
    ...[false, true, true],
    ...[true, true, false],
  ]);
});
