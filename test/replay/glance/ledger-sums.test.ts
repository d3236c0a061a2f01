import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { type Amount, formatAmount, parseAmount } from '../../../src/base/amount.ts';
import { Names } from '../../../src/events/columns/names.ts';
import { encodeText } from '../../../src/events/columns/texts.ts';
import type { ReplayEvent } from '../../../src/events/event.ts';
import { LedgerSums } from '../../../src/replay/glance/operations/ledger-sums.ts';
import { Fold } from '../../../src/replay/projection.ts';
import { type Ledger, ledger } from '../../../src/replay/projections/ledger.ts';

const devices = ['a', 'b', 'c'];

/** What a device does: it books a change, or forgets all. */
type Step = { readonly device: number } & (
  | { readonly coin: string; readonly tokenId: string; readonly delta: string }
  | { readonly clear: true }
);

/** Sums by rows and by events of the same steps. */
function bothOf(steps: readonly Step[]) {
  const sums = new LedgerSums();
  const fold = new Fold([ledger], () => devices.length);
  for (const step of steps) {
    const device = devices[step.device] as string;
    if ('clear' in step) {
      sums.clear(step.device);
      fold.apply({ type: 'clear', device } as ReplayEvent<'clear'>);
      continue;
    }
    const { coin, tokenId, delta } = step;
    const texts = [coin, tokenId, delta].map(encodeText);
    const [coinAt, tokenAt] = [3, 3 + (texts[0]?.length ?? 0)];
    const words = Int32Array.from([0, 0, 0, ...texts.flatMap((text) => [...text])]);
    sums.move(step.device, words, coinAt, tokenAt, tokenAt + (texts[1]?.length ?? 0));
    fold.apply({
      type: 'balance',
      device,
      coin,
      tokenId,
      delta: parseAmount(delta) as Amount,
    } as ReplayEvent<'balance'>);
  }
  return { sums, ledgers: fold.read(ledger) };
}

/** A ledger as it can be compared: amounts by what they come to, in no order. */
function told({ coins, cleared }: Ledger) {
  const amounts = (of: ReadonlyMap<string, Parameters<typeof formatAmount>[0]>) =>
    [...of].map(([name, amount]) => `${name} ${formatAmount(amount)}`).sort();
  return {
    coins: [...coins].map(([coin, { tokens, total }]) => [coin, formatAmount(total), amounts(tokens)]).sort(),
    cleared: cleared.map((phase) => phase.map((each) => ({ ...each, amount: formatAmount(each.amount) }))),
  };
}

function expectSame(steps: readonly Step[]): void {
  const { sums, ledgers } = bothOf(steps);
  for (const [device, name] of devices.entries()) {
    expect(told(sums.of(device)), name).toEqual(told(ledgers.get(name) ?? { coins: new Map(), cleared: [] }));
  }
}

const digits = (most: number) =>
  fc.oneof(
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.bigInt({ min: 0n, max: 10n ** BigInt(most) - 1n }).map(String),
  );
const amount = (whole: number, fraction: number) =>
  fc
    .record({ sign: fc.constantFrom('', '-'), whole: digits(whole), fraction: fc.option(digits(fraction)) })
    .map((parts) => `${parts.sign}${parts.whole}${parts.fraction === null ? '' : `.${parts.fraction}`}`);
const delta = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('1', '-1', '0.5', '-0.5', '0', '-3.599981934724', '3.599981934724') },
  { weight: 3, arbitrary: amount(3, 12) },
  { weight: 2, arbitrary: amount(18, 12) },
  { weight: 1, arbitrary: amount(20, 30) },
);
const device = fc.nat({ max: devices.length - 1 });
const booked = fc.record({
  ...{ device, delta },
  coin: fc.constantFrom('UCT', 'WEI'),
  tokenId: fc.constantFrom('T1', 'T2', 'T3', 'long-0123456789abcdef0123456789abcdef'),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: booked },
  { weight: 1, arbitrary: fc.record({ device, clear: fc.constant(true as const) }) },
);

test('sums by rows are the ledgers that events come to', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.boolean(), (steps, reversed) => {
      // What came goes again, so that tokens are forgotten and come once more.
      const back = steps.flatMap((each): Step[] =>
        'delta' in each
          ? [{ ...each, delta: each.delta.startsWith('-') ? each.delta.slice(1) : `-${each.delta}` }]
          : [],
      );
      expectSame(reversed ? [...steps, ...back] : steps);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['the most that a double tells apart', ['9007199254740991', '1', '1', '-9007199254740993']],
  ['on both sides of the fourteenth digit', ['99999999999999', '1', '-0.00000000000001', '-100000000000000']],
  ['thirty digits, and one too many', ['90071992547409.91000000000000', '900000000000000000', '9']],
  ['a sum that outgrows its parts', Array.from({ length: 30 }, () => '89999999999999999999999999999')],
  ['finer units behind a large sum', ['80000000000000000000000000000', '0.1', '-0.1', '0.000000000000000001']],
  ['finer units than a power of ten tells', ['1', `0.${'0'.repeat(40)}1`, '-1']],
  ['seventy-eight digits', ['1'.repeat(78), `-${'1'.repeat(78)}`, '2']],
])('sums hold %s', (_what, deltas) => {
  expectSame(deltas.map((each) => ({ device: 0, coin: 'UCT', tokenId: 'T1', delta: each })));
  expectSame(deltas.map((each, index) => ({ device: index % 2, coin: 'UCT', tokenId: `T${index}`, delta: each })));
});

test.each([
  [
    'a large amount that all but cancels another',
    ['T1 -900719925474099000000000000000', 'T1 900719925474099300000000000001'],
  ],
  ['finer units behind two that cancel each other', ['T1 9507199254740993e13', 'T2 -9507199254740993e13', 'T3 0.1']],
  ['finer units behind two that are large together', ['T1 5007199254740993e13', 'T2 5007199254740994e13', 'T3 0.1']],
])('sums hold %s', (_what, moves) => {
  expectSame(
    moves.map((move) => {
      const [tokenId = '', said = ''] = move.split(' ');
      const [digits = '', noughts = '0'] = said.split('e');
      return { device: 0, coin: 'UCT', tokenId, delta: digits + '0'.repeat(Number(noughts)) };
    }),
  );
});

test('a token that nobody holds any more is forgotten', () => {
  const forgotten = vi.spyOn(Names.prototype, 'remove');
  const move = (device: number, delta: string) => ({ device, coin: 'UCT', tokenId: 'T1', delta });
  bothOf([move(0, '1'), move(1, '1'), move(0, '-1')]);
  expect(forgotten).toHaveBeenCalledTimes(0);
  bothOf([move(0, '1'), move(1, '1'), move(0, '-1'), move(1, '-1')]);
  expect(forgotten).toHaveBeenCalledTimes(1);
});
