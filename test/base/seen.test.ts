import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newSeen, see } from '../../src/base/seen.ts';

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
