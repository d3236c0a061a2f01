import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addHash, enrol, newRoll, sizeOf, standsAt, sumOf } from '../../src/base/roll.ts';
import { hashText } from '../../src/base/sample.ts';

const names = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 40 });

function rollOf(all: readonly string[]) {
  const roll = newRoll();
  for (const name of all) enrol(roll, hashText(name));
  return roll;
}

const sumOfList = (list: readonly string[]) => list.reduce((sum, name) => addHash(sum, hashText(name)), 0);

test('a list in any order has the sum of those that were there, and with another name it has not', () => {
  fc.assert(
    fc.property(names, fc.nat(), (all, at) => {
      const roll = rollOf(all);
      const count = all.length === 0 ? 0 : at % (all.length + 1);
      expect(sumOf(roll, count)).toBe(sumOfList(all.slice(0, count).toReversed()));
      if (count > 0) expect(sumOf(roll, count)).not.toBe(sumOfList([...all.slice(1, count), 'somebody else']));
      expect(sizeOf(roll)).toBe(all.length);
      expect(sumOf(roll, all.length + 1)).toBeUndefined();
    }),
  );
});

test('each name stands in its own place alone', () => {
  fc.assert(
    fc.property(names, (all) => {
      const roll = rollOf(all);
      for (const name of all) {
        const places = all.map((_, index) => index + 1).filter((place) => standsAt(roll, place, hashText(name)));
        expect(places).toEqual([all.indexOf(name) + 1]);
      }
      expect(standsAt(roll, 0, 0)).toBe(false);
      expect(standsAt(roll, all.length + 1, 0)).toBe(false);
    }),
  );
});

test('hashes below zero count as others do', () => {
  const [one, other] = [newRoll(), newRoll()];
  for (const hash of [-5, 7, -(2 ** 31)]) enrol(one, hash);
  for (const hash of [7, -(2 ** 31), -5]) enrol(other, hash);
  expect(sumOf(one, 3)).toBe(sumOf(other, 3));
  expect(standsAt(one, 1, -5)).toBe(true);
  expect(standsAt(one, 1, 5)).toBe(false);
});

test('thousands of names stand in their places', () => {
  const roll = newRoll();
  const hashes = Array.from({ length: 5000 }, (_, index) => Math.imul(index, 0x9e3779b1));
  for (const hash of hashes) enrol(roll, hash);
  expect(hashes.every((hash, index) => standsAt(roll, index + 1, hash))).toBe(true);
  expect(sumOf(roll, 5000)).toBe(hashes.reduce(addHash, 0));
});
