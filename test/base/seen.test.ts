import fc from 'fast-check';
import { expect, test } from 'vitest';
import { has, newSeen, see } from '../../src/base/seen.ts';

const word = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));

test('a name is told from those before it by either of its hashes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, word), { maxLength: 400 }), (names) => {
      const seen = newSeen();
      const known = new Set<string>();
      for (const [first, second] of names) {
        // The second loses its lowest bit.
        const name = `${first} ${second | 1}`;
        expect(see(seen, first, second)).toBe(known.has(name));
        known.add(name);
      }
      expect(seen.size).toBe(known.size);
    }),
  );
});

test.each([
  ['far from each other', (index: number) => Math.imul(index, 0x9e3779b1)],
  ['alike in their lowest bits', (index: number) => index << 14],
  ['all the same', () => 7],
])('tens of thousands of names are kept, with second hashes that are %s', (_, secondOf) => {
  const seen = newSeen();
  const names = Array.from({ length: 40_000 }, (_, index): [number, number] => [
    Math.imul(index, 0x85ebca6b),
    secondOf(index),
  ]);
  for (const [first, second] of names) {
    expect(has(seen, first, second)).toBe(false);
    expect(see(seen, first, second)).toBe(false);
  }
  expect(names.every(([first, second]) => has(seen, first, second) && see(seen, first, second))).toBe(true);
  expect(seen.size).toBe(names.length);
});
