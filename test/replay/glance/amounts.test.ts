import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Amount,
  add,
  compareAmounts,
  equal,
  formatAmount,
  parseAmount,
  subtract,
  zero,
} from '../../../src/base/amount.ts';
import { encodeText } from '../../../src/events/columns/texts.ts';
import { Amounts, addendOf, addTo, empty, newSum, signOf, totalOf } from '../../../src/replay/glance/amounts.ts';
import { Beyond } from '../../../src/replay/glance/beyond.ts';

const units = fc.oneof(
  fc.bigInt({ min: -1000n, max: 1000n }),
  // About where a double stops being exact, and far beyond it.
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: -(2n ** 53n) - 3n, max: -(2n ** 53n) + 3n }),
  fc.bigInt({ min: -(10n ** 78n), max: 10n ** 78n }),
);
const anyAmount = fc.record({ units, scale: fc.constantFrom(0, 6, 6, 6, 8, 18, 40) });

test('a sum is exact, whatever the amounts and their decimals, also each time that it is asked for on the way', () => {
  const part = fc.record({ amount: anyAmount, sign: fc.constantFrom(1 as const, -1 as const) });
  const sum = newSum();
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      empty(sum);
      let exact: Amount = zero;
      for (const { amount, sign } of parts) {
        addTo(sum, addendOf(amount), sign);
        exact = sign < 0 ? subtract(exact, amount) : add(exact, amount);
        expect(formatAmount(totalOf(sum))).toBe(formatAmount(exact));
        expect(signOf(sum)).toBe(compareAmounts(exact, zero));
      }
    }),
    { numRuns: 1500 },
  );
});

test('a sum of nothing is nothing', () => {
  expect(equal(totalOf(newSum()), zero)).toBe(true);
});

describe('an amount is kept for as long as somebody holds it', () => {
  const step = fc.record({
    text: fc.constantFrom('1', '1.0', '7', '0.5', '12', '3.25', '10000000000000000000000'),
    does: fc.constantFrom('acquires', 'acquires its negative', 'releases'),
  });

  test('by whatever was acquired and released before', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
        const amounts = new Amounts();
        const held: { number: number; text: string; of?: number }[] = [];
        for (const { text, does } of steps) {
          const own = held.find((each) => each.text === text);
          if (does === 'acquires') held.push({ number: amounts.acquire(encodeText(text), 0), text });
          else if (does === 'releases') {
            const [last] = held.splice(-1);
            if (last) amounts.release(last.number);
          } else if (own) held.push({ number: amounts.acquireNegative(own.number), text: `-${text}` });
          for (const { number, text: said } of held) {
            expect(amounts.value(number)).toMatchObject(parseAmount(said) ?? {});
            expect(amounts.is(number, encodeText(said), 0)).toBe(true);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test('and no longer, nor is its negative', () => {
    const amounts = new Amounts();
    for (let turn = 1; turn <= 1000; turn += 1) {
      const number = amounts.acquire(encodeText(`${turn}`), 0);
      const negative = amounts.acquireNegative(number);
      expect(Math.max(number, negative)).toBeLessThan(2);
      amounts.release(turn % 2 === 0 ? number : negative);
      amounts.release(turn % 2 === 0 ? negative : number);
    }
  });

  test('and is the same however many zeros are written behind it', () => {
    const amounts = new Amounts();
    const number = amounts.acquire(encodeText('1.50'), 0);
    expect(['1.5', '1.50', '1.500', '1.05'].map((text) => amounts.is(number, encodeText(text), 0))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});

test.each(['1e3', '', '+1', '9'.repeat(79)])('%s is no amount', (text) => {
  expect(() => new Amounts().acquire(encodeText(text), 0)).toThrow(Beyond);
});

test('a text that is too long to be kept is none', () => {
  expect(() => new Amounts().acquire(encodeText(`${'9'.repeat(40)}.${'9'.repeat(60)}`), 0)).toThrow('a long amount');
});
