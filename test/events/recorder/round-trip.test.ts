import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Amount, equal, parseAmount } from '../../../src/base/amount.ts';
import { methodName } from '../../../src/events/recorder/method-name.ts';
import { eventTypes } from '../../../src/events/types/index.ts';
import { decode, inMemory } from './support.ts';

const word = fc.string({ minLength: 1, unit: 'binary' });
const whole = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const decimal = fc
  .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.stringMatching(/^[0-9]{0,37}$/))
  .map(([negative, units, fraction]) => `${negative ? '-' : ''}${units}${fraction === '' ? '' : `.${fraction}`}`);
const amount = fc.oneof(decimal, fc.bigInt({ min: -(10n ** 77n), max: 10n ** 77n }), fc.maxSafeInteger());

/** One generator per field of the family, by the sentence with which the field describes itself. */
const valueByExpectation: Record<string, fc.Arbitrary<unknown>> = {
  'a text': word,
  'true or false': fc.boolean(),
  'a number': fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  'a whole number of 0 or more': fc.nat(),
  'a whole number of 1 or more': whole,
  'a decimal string such as "-1.25"': amount,
  'a list, each item a text': fc.array(word),
  'an object, each value a whole number of 0 or more': fc.dictionary(word, fc.nat()),
  'a list, each item an object with tokenId, coin, amount, owner?': fc.array(
    fc.record({ tokenId: word, coin: word, amount, owner: word }, { requiredKeys: ['tokenId', 'coin', 'amount'] }),
  ),
  'a list, each item an object with tokenId, coin?, amount?, status?': fc.array(
    fc.record({ tokenId: word, coin: word, amount, status: word }, { requiredKeys: ['tokenId'] }),
  ),
  'an object, each value an object with count, totalMs, maxMs, avgMs?': fc.dictionary(
    word,
    fc.record({ count: fc.nat(), totalMs: fc.nat(), maxMs: fc.nat() }),
  ),
};

function arbitraryOf(expected: string): fc.Arbitrary<unknown> {
  if (expected.startsWith('one of ')) return fc.constantFrom(...expected.slice('one of '.length).split(', '));
  const value = valueByExpectation[expected];
  if (!value) throw new Error(`no generator for "${expected}"`);
  return value;
}

for (const { name, fields } of eventTypes) {
  if (name === 'log') continue;
  test(`what is recorded as ${name} is read as the same values`, () => {
    const entries = Object.entries(fields).map(([key, field]) => [key, arbitraryOf(field.expected)]);
    const requiredKeys = Object.entries(fields).flatMap(([key, field]) => (field.optional ? [] : [key]));
    const input = fc.record<Record<string, unknown>>(Object.fromEntries(entries), { requiredKeys });
    const { record, lines } = inMemory();
    const method = (record as unknown as Record<string, (input: object) => void>)[methodName(name)];
    fc.assert(
      fc.property(input, word, (values, opId) => {
        method?.({ ...values, opId });
        const line = lines().at(-1) ?? {};
        const decoded = decode(line);
        if (decoded.outcome !== 'event') throw new Error(`read as ${JSON.stringify(decoded)}`);
        const event = decoded.event as unknown as Record<string, unknown>;
        expect(event).toMatchObject({ type: name, device: 'bob-peer1', identity: 'bob', incarnation: 1, opId });
        for (const key of Object.keys(values)) expectSame(event[key], values[key]);
      }),
      { numRuns: 50 },
    );
    expect(lines().map(({ seq }) => seq)).toEqual(lines().map((_, index) => index + 1));
  });
}

function expectSame(read: unknown, recorded: unknown): void {
  if (isAmount(read)) {
    expect(equal(read, parseAmount(String(recorded)) as Amount), `${recorded}`).toBe(true);
  } else if (Array.isArray(recorded) && recorded.some((item) => typeof item === 'object')) {
    for (const [index, item] of recorded.entries()) {
      for (const key of Object.keys(item)) expectSame((read as Record<string, unknown>[])[index]?.[key], item[key]);
    }
  } else {
    expect(JSON.stringify(read)).toBe(JSON.stringify(recorded));
  }
}

function isAmount(value: unknown): value is Amount {
  return typeof (value as Amount | undefined)?.units === 'bigint';
}
