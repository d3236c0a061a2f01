import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Step } from '../../src/replay/operations/step.ts';
import type { Tally } from '../../src/replay/operations/tally.ts';
import { hypothesisOf } from '../../src/round-trips/hypothesis.ts';
import { operation, talliesOf, verify, write } from './support.ts';

/** Operations of so many writes each, with their wall times; each write verified for `verifyMs`, if at all. */
function tallyOf(told: readonly { readonly writes: number; readonly wallMs?: number }[], verifyMs?: number): Tally {
  const all = told.map(({ writes, wallMs }, index) =>
    operation({
      opId: `op-${index}`,
      wallMs,
      steps: Array.from({ length: writes }, (_, at): Step['event'][] => [
        write(`e${at}`, at),
        ...(verifyMs === undefined ? [] : [verify(`e${at}`, at, at + verifyMs)]),
      ]).flat(),
    }),
  );
  return talliesOf(all).get('pay') as Tally;
}

const one = (writes: number, wallMs: number) => ({ writes, wallMs });
const upTo = (count: number, wallOf: (writes: number) => number) =>
  Array.from({ length: count }, (_, index) => one(index + 1, wallOf(index + 1)));

describe('wall = a + b · writes is', () => {
  test('supported where a write costs a verify', () => {
    const tally = tallyOf(
      upTo(10, (writes) => 100 + 210 * writes),
      200,
    );
    expect(hypothesisOf(tally, [])).toEqual({
      ...{ op: 'pay', operations: 10, answer: 'supported', reason: null, fixedMs: 100 },
      perWriteMs: { value: 210, low: 210, high: 210 },
      verifyMs: { count: 55, meanMs: 200, p50Ms: 200, p95Ms: 200, maxMs: 200 },
    });
  });

  test.each([
    ['it does not grow with the writes', (writes: number) => 500 + (writes % 2)],
    ['a write costs less than a verify', (writes: number) => 500 + 20 * writes],
    ['a write costs more than a verify', (writes: number) => 500 + 900 * writes],
  ])('not supported where %s', (reason, wallOf) => {
    const tally = { ...tallyOf(upTo(12, wallOf)), timedTripsUs: 0, unionUs: 0 };
    expect(hypothesisOf(tally, [200_000])).toMatchObject({ answer: 'not-supported', reason });
  });

  test('not supported where trips overlap, and that is why a write costs less', () => {
    const tally = { ...tallyOf(upTo(12, (writes) => 20 * writes)), timedTripsUs: 5_800, unionUs: 1_000 };
    expect(hypothesisOf(tally, [200_000])).toMatchObject({
      ...{ answer: 'not-supported', reason: 'trips already overlap' },
    });
  });

  test.each([
    ['needs 8 operations', upTo(7, (writes) => 200 * writes), [200_000]],
    ['needs 8 operations', [], [200_000]],
    ['every operation makes 3 writes', Array.from({ length: 9 }, (_, index) => one(3, 600 + index)), [200_000]],
    ['every operation makes 1 write', Array.from({ length: 9 }, (_, index) => one(1, 600 + index)), [200_000]],
    ['no verify line', upTo(9, (writes) => 200 * writes), []],
    ['nearly all operations make 3 writes', [...Array(99).fill(one(3, 600)), one(4, 800), one(5, 1000)], [200_000]],
  ])('not decided: %s', (reason, told, verifyUs) => {
    const tally = tallyOf(told.length === 0 ? [{ writes: 1 }] : told);
    const hypothesis = hypothesisOf(tally, verifyUs);
    expect([hypothesis.answer, hypothesis.reason]).toEqual(['not-decided', reason]);
  });

  test('not decided where the interval holds everything', () => {
    const walls = [1000, 100, 2500, 400, 300, 3000, 200, 2600];
    const tally = tallyOf(walls.map((wallMs, index) => one(1 + (index % 4), wallMs)));
    const { answer, reason, perWriteMs } = hypothesisOf(tally, [200_000]);
    expect([answer, reason]).toEqual(['not-decided', 'the interval holds both 0 and a verify']);
    expect(perWriteMs?.low).toBeLessThan(0);
  });
});

describe('the hypothesis', () => {
  test('looks at operations that ended, and at their own verifies where there are eight', () => {
    const told = [...upTo(10, (writes) => 200 * writes), { writes: 9 }];
    expect(hypothesisOf(tallyOf(told, 200), [900_000])).toMatchObject({ operations: 10, verifyMs: { p50Ms: 200 } });
    expect(hypothesisOf(tallyOf(told), [900_000])).toMatchObject({ operations: 10, verifyMs: { p50Ms: 900 } });
  });

  test('does not depend on the order in which operations were read', () => {
    const told = fc.array(fc.record({ writes: fc.nat(9), wallMs: fc.nat(3000) }), { minLength: 8, maxLength: 20 });
    const shuffled = told.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(hypothesisOf(tallyOf(other), [200_000, 100_000])).toEqual(
          hypothesisOf(tallyOf(all), [100_000, 200_000]),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('gives a slope that lies in its interval', () => {
    const told = fc.array(fc.record({ writes: fc.nat(9), wallMs: fc.nat(3000) }), { minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(told, (all) => {
        const { perWriteMs } = hypothesisOf(tallyOf(all), [200_000]);
        if (!perWriteMs) return;
        expect(perWriteMs.low).toBeLessThanOrEqual(perWriteMs.value);
        expect(perWriteMs.high).toBeGreaterThanOrEqual(perWriteMs.value);
      }),
      { numRuns: 30 },
    );
  });
});
