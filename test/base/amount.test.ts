import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  add,
  compareAmounts,
  equal,
  formatAmount,
  isZero,
  maxAmountDigits,
  negate,
  parseAmount,
  subtract,
  zero,
} from '../../src/base/amount.ts';

/** A decimal string as a log may have it: any sign, up to 78 digits, trailing zeros and all. */
const decimal = fc
  .record({
    negative: fc.boolean(),
    whole: fc.oneof(fc.constant('0'), digits(1, 60).map(withoutLeadingZeros)),
    fraction: fc.oneof(fc.constant(''), digits(1, 18)),
  })
  .map(({ negative, whole, fraction }) => `${negative ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`);

const amount = decimal.map((text) => read(text));

describe('an amount that is read', () => {
  test.each([
    '0',
    '-0',
    '99.999999999989',
    '-0.000000000011',
    '100.500',
    '9'.repeat(maxAmountDigits),
    `-0.${'1'.repeat(maxAmountDigits - 1)}`,
  ])('%s', (text) => {
    expect(parseAmount(text)).toBeDefined();
  });

  test.each([
    '',
    '-',
    '.5',
    '5.',
    '+1',
    '01',
    '1e3',
    ' 1',
    '1 ',
    '1,000',
    '١',
    'NaN',
    'Infinity',
    '0x1f',
    '1.2.3',
    '--1',
    '9'.repeat(maxAmountDigits + 1),
    `0.${'1'.repeat(maxAmountDigits)}`,
    `-${'9'.repeat(maxAmountDigits)}.1`,
  ])('%j is none', (text) => {
    expect(parseAmount(text)).toBeUndefined();
  });
});

describe('an amount that is printed', () => {
  test.each([
    ['99.999999999989', '99.999999999989'],
    ['100.500', '100.5'],
    ['-0.0', '0'],
    ['0.000', '0'],
    ['-0.10', '-0.1'],
    ['12000', '12000'],
  ])('%s is %s', (text, printed) => {
    expect(formatAmount(read(text))).toBe(printed);
  });

  test('is the same number when it is read again', () => {
    fc.assert(
      fc.property(decimal, (text) => {
        const once = formatAmount(read(text));
        expect(equal(read(once), read(text))).toBe(true);
        expect(formatAmount(read(once))).toBe(once);
        expect(Number(once)).toBe(Number(text) + 0);
      }),
    );
  });
});

describe('arithmetic', () => {
  test('is exact beyond what a double can hold', () => {
    expect(formatAmount(add(read('0.1'), read('0.2')))).toBe('0.3');
    expect(formatAmount(add(read(`${'9'.repeat(78)}`), read('1')))).toBe(`1${'0'.repeat(78)}`);
    expect(formatAmount(subtract(read('100'), read('0.000000000011')))).toBe('99.999999999989');
    expect(formatAmount(subtract(read('199.999999999989'), read('99.999999999989')))).toBe('100');
  });

  test('does not drift over a hundred thousand sums', () => {
    const step = read('0.000000000011');
    let sum = zero;
    for (let index = 0; index < 100_000; index++) sum = add(sum, step);
    expect(formatAmount(sum)).toBe('0.0000011');
    for (let index = 0; index < 100_000; index++) sum = subtract(sum, step);
    expect(isZero(sum)).toBe(true);
  });

  test('does not depend on the order of summands', () => {
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 30 }), fc.infiniteStream(fc.nat()), (amounts, order) => {
        const shuffled = amounts
          .map((each) => ({ each, key: order.next().value as number }))
          .sort((left, right) => left.key - right.key)
          .map(({ each }) => each);
        expect(formatAmount(shuffled.reduce(add, zero))).toBe(formatAmount(amounts.reduce(add, zero)));
      }),
    );
  });

  test('agrees with whole numbers of the smallest unit', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), fc.nat(30), fc.nat(30), (left, right, scale, other) => {
        const units = 10n ** 30n;
        const [one, two] = [
          { units: left, scale },
          { units: right, scale: other },
        ];
        const sum = left * (units / 10n ** BigInt(scale)) + right * (units / 10n ** BigInt(other));
        expect(equal(add(one, two), { units: sum, scale: 30 })).toBe(true);
      }),
    );
  });

  test('has an inverse and an order', () => {
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        expect(isZero(add(left, negate(left)))).toBe(true);
        expect(equal(add(subtract(left, right), right), left)).toBe(true);
        expect(compareAmounts(left, right) + compareAmounts(right, left)).toBe(0);
        expect(compareAmounts(left, right) === 0).toBe(equal(left, right));
      }),
    );
  });
});

function digits(minLength: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength });
}

function withoutLeadingZeros(text: string): string {
  return text.replace(/^0+(?=\d)/, '');
}

function read(text: string) {
  const parsed = parseAmount(text);
  if (parsed === undefined) throw new Error(`${text}: no amount`);
  return parsed;
}
