import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Names } from '../../../src/events/columns/names.ts';
import { encodeText } from '../../../src/events/columns/texts.ts';

/** A text whose hash is one of a few, so that nearly all of them meet in the same places. */
function crowded(text: string, hashes: number): Int32Array {
  const words = encodeText(text);
  words[0] = (words[0] as number) % hashes;
  return words;
}

const step = fc.record({
  text: fc.oneof(
    fc.integer({ min: 0, max: 400 }).map((number) => `T${number}`),
    fc.string({ unit: 'binary', maxLength: 5 }).map((text) => text.replace(/\p{Surrogate}/gu, '')),
  ),
  removes: fc.boolean(),
});

test.each([1, 3, 100, 2 ** 31])('names are found as in a map, whatever comes and goes, with %i hashes', (hashes) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400, size: 'max' }), (steps) => {
      const names = new Names();
      const numbers = new Map<string, number>();
      for (const { text, removes } of steps) {
        const words = crowded(text, hashes);
        const known = numbers.get(text);
        expect(names.find(words, 0)).toBe(known ?? -1);
        if (known === undefined) numbers.set(text, names.add(words, 0));
        else if (removes) {
          names.remove(known);
          numbers.delete(text);
        }
        expect(names.size).toBe(numbers.size);
      }
      expect(new Set(numbers.values()).size).toBe(numbers.size);
      for (const [text, number] of numbers) {
        expect(names.find(crowded(text, hashes), 0)).toBe(number);
        expect(names.text(number)).toBe(text);
        expect(names.is(number, crowded(text, hashes), 0)).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

test('the number of a text that was removed is given again, so that there are never more than texts that live', () => {
  const names = new Names();
  for (let turn = 0; turn < 2_000; turn += 1) {
    const number = names.add(encodeText(`T${turn}`), 0);
    if (turn % 10 > 0) names.remove(number);
  }
  expect([names.size, names.bound]).toEqual([200, 201]);
});

test('a text of 88 bytes is kept, one byte more is too long', () => {
  const names = new Names();
  expect(names.add(encodeText('x'.repeat(88)), 0)).toBe(0);
  expect(names.text(0)).toBe('x'.repeat(88));
  expect(names.add(encodeText('x'.repeat(89)), 0)).toBe(-1);
  expect(names.size).toBe(1);
});

test('a text is told apart from another with the same hash, the same beginning and zeros behind it', () => {
  const names = new Names();
  const words = (text: string) => crowded(text, 1);
  names.add(words('abc'), 0);
  expect(names.find(words('abc\0'), 0)).toBe(-1);
  expect(names.find(words('abd'), 0)).toBe(-1);
  expect(names.find(words('abc'), 0)).toBe(0);
});
