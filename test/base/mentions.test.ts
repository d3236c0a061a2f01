import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mentions } from '../../src/base/mentions.ts';
import { encodeText } from '../../src/events/columns/texts.ts';

const hash = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function mentionsOf(hashes: readonly number[]): Mentions {
  const mentions = new Mentions();
  for (const each of hashes) mentions.add(each);
  return mentions;
}

test('a name that was mentioned is never missed, also not among those of others', () => {
  fc.assert(
    fc.property(fc.array(hash), fc.array(hash), (own, others) => {
      const mentions = mentionsOf(own);
      mentions.addAll(mentionsOf(others));
      expect([...own, ...others].every((each) => mentions.mayHave(each))).toBe(true);
    }),
  );
});

test('of names that were not, few seem to be among a thousand', () => {
  const hashes = Array.from({ length: 3000 }, (_, index) => encodeText(`zdpu${index}`)[0] as number);
  const mentions = mentionsOf(hashes.slice(0, 1000));
  expect(hashes.slice(1000).filter((each) => mentions.mayHave(each)).length).toBeLessThan(2000 / 100);
  expect(hashes.some((each) => new Mentions().mayHave(each))).toBe(false);
});
