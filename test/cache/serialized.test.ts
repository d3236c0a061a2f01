import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deserialize, serialize } from '../../src/cache/serialized.ts';

const array = fc.oneof(fc.uint8Array(), fc.int32Array(), fc.uint32Array(), fc.float64Array());
const value = fc.oneof(array, fc.record({ name: fc.string(), numbers: array }), fc.bigInt(), fc.constant(undefined));

/** As many values as were written, from bytes that begin at any place in memory. */
function read(bytes: Uint8Array, count: number, shift = 0): unknown[] {
  const elsewhere = new Uint8Array(shift + bytes.length);
  elsewhere.set(bytes, shift);
  const values = deserialize(elsewhere.subarray(shift));
  return Array.from({ length: count }, () => values.next().value);
}

test('values are what they were, and their arrays are their own', () => {
  fc.assert(
    fc.property(fc.array(value), fc.nat({ max: 7 }), (values, shift) => {
      expect(read(Buffer.concat(serialize(values)), values.length, shift)).toEqual(values);
    }),
  );
});

test('what is in two places is in two places again', () => {
  const numbers = Int32Array.of(1, 2);
  const [both] = read(Buffer.concat(serialize([{ one: numbers, other: numbers }])), 1) as [Record<string, Int32Array>];
  expect(both?.one).toBe(both?.other);
});

test('bytes that are not whole are none', () => {
  const bytes = Buffer.concat(serialize([['a', Int32Array.of(1, 2)]]));
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => read(bytes.subarray(0, length), 1)).toThrow();
  }
});
