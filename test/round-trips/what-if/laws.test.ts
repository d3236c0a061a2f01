import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReplayEvent } from '../../../src/events/event.ts';
import { nest, type Operation } from '../../../src/replay/operations/operation.ts';
import type { Step } from '../../../src/replay/operations/step.ts';
import type { WhatIf } from '../../../src/results-round-trips.ts';
import { parseBatching } from '../../../src/round-trips/what-if/batching.ts';
import { whatIfOf } from '../../../src/round-trips/what-if/what-if.ts';
import { operation, publish, request, settled, verify, write } from '../support.ts';

/** Something that a device does, `gap` ms after the last thing was over, or beside it where it does not wait. */
const deed = fc.record({
  what: fc.constantFrom('write', 'write', 'write', 'request', 'publish'),
  gap: fc.nat(30),
  lengthMs: fc.integer({ min: 1, max: 300 }),
  waits: fc.boolean(),
  fails: fc.boolean(),
  isVerified: fc.constantFrom(true, true, false),
});

type Deed = typeof deed extends fc.Arbitrary<infer Value> ? Value : never;

const plan = fc.record({
  ops: fc.array(fc.array(deed, { maxLength: 10 }), { minLength: 1, maxLength: 4 }),
  apart: fc.integer({ min: -200, max: 200 }),
  /** Snapshots of no operation: when, and how many effects they claim. */
  outside: fc.array(fc.record({ at: fc.nat(4000), claimed: fc.nat(20) }), { maxLength: 4 }),
  isNested: fc.boolean(),
  length: fc.constantFrom<number | undefined>(undefined, 120),
});

interface World {
  readonly operations: readonly Operation[];
  readonly outside: readonly ReplayEvent<'publish'>[];
}

/** What a device did: operations one after the other, or overlapping. With a `length`, every verification takes as long. */
function play({
  ops,
  apart,
  outside,
  isNested,
  length,
}: typeof plan extends fc.Arbitrary<infer Value> ? Value : never): World {
  let written = 0;
  let from = 0;
  const operations = ops.map((deeds, index) => {
    const steps: Step['event'][] = [];
    let now = from;
    let over = from;
    for (const each of deeds) {
      now += each.gap;
      const ends = perform(each, now, length, () => ++written, steps);
      over = Math.max(over, ends);
      if (each.waits) now = ends;
    }
    const told = operation({
      op: `op-${index % 2}`,
      opId: `op-${index}`,
      from,
      wallMs: Math.max(over, now) - from,
      steps,
    });
    from = Math.max(from, now + apart);
    return told;
  });
  if (isNested) {
    const whole = operation({ op: 'whole', opId: 'whole', wallMs: 10_000 });
    for (const each of operations) nest(each, whole);
    operations.push(whole);
  }
  return { operations, outside: outside.map(({ at, claimed }, index) => publish(`o${index}`, at, claimed)) };
}

function perform(
  { what, lengthMs, fails, isVerified }: Deed,
  now: number,
  length: number | undefined,
  next: () => number,
  steps: Step['event'][],
): number {
  if (what === 'request') steps.push(request(now, now + lengthMs));
  if (what === 'request') return now + lengthMs;
  const effect = next();
  if (what === 'publish') steps.push(publish(`s${effect}`, now, effect - 1));
  if (what === 'publish') return now;
  steps.push(write(`e${effect}`, now));
  if (!isVerified) return now;
  const ends = now + (length ?? lengthMs);
  if (!fails || length !== undefined) steps.push(verify(`e${effect}`, now, ends));
  if (!fails || length !== undefined) return ends;
  steps.push(
    verify(`e${effect}`, now, ends, { ok: false }),
    verify(`e${effect}`, ends + 50, ends + 90, { attempt: 2 }),
  );
  return ends + 90;
}

const tried = ({ operations, outside }: World, batching: string): WhatIf =>
  whatIfOf(settled(operations, outside), parseBatching(batching), 7);

const verifies = (whatIf: WhatIf) => whatIf.byOperation.reduce((sum, { verifiesThen }) => sum + verifiesThen, 0);

const holds = (law: (world: World, length: number | undefined) => void) =>
  fc.assert(
    fc.property(plan, (planned) => law(play(planned), planned.length)),
    { numRuns: 60 },
  );

test('with a window of nothing, all is as recorded', () => {
  holds((world) => {
    const { byOperation, races } = tried(world, 'window=0');
    for (const { verifiesNow, verifiesThen, wallNowMs, wallThenMs, durableNow, durableThen } of byOperation) {
      expect(wallThenMs).toEqual({ value: wallNowMs, low: wallNowMs, high: wallNowMs });
      expect([verifiesThen, durableThen]).toEqual([verifiesNow, durableNow]);
    }
    expect(races).toEqual([]);
  });
});

test('more batching never adds verifies', () => {
  holds((world) => {
    const counts = ['window=0', 'window=1ms', 'window=15ms', 'window=60ms', 'window=10s', 'op', 'blocks'].map(
      (batching) => verifies(tried(world, batching)),
    );
    expect(counts).toEqual(counts.toSorted((left, right) => right - left));
  });
});

test('where every verification takes as long, one per operation never takes longer than recorded', () => {
  holds((world, length) => {
    if (length === undefined) return;
    for (const { wallNowMs, wallThenMs } of tried(world, 'op').byOperation) {
      expect(wallThenMs.high).toBeLessThanOrEqual(wallNowMs + 1);
    }
  });
});

test('the order of operations, and of snapshots, in memory does not matter', () => {
  holds((world) => {
    const turned = { operations: world.operations.toReversed(), outside: world.outside.toReversed() };
    for (const batching of ['op', 'blocks', 'window=15ms'])
      expect(tried(turned, batching)).toEqual(tried(world, batching));
  });
});

test('estimates lie in their intervals, and every race is late and relies on something', () => {
  holds((world) => {
    for (const batching of ['op', 'blocks', 'window=15ms']) {
      const { byOperation, races } = tried(world, batching);
      for (const { wallThenMs, durableThen } of byOperation) {
        expect(wallThenMs.low).toBeGreaterThanOrEqual(0);
        expect(wallThenMs.value).toBeGreaterThanOrEqual(wallThenMs.low);
        expect(wallThenMs.value).toBeLessThanOrEqual(wallThenMs.high);
        expect(durableThen?.p50Ms ?? 0).toBeLessThanOrEqual(durableThen?.maxMs ?? 0);
      }
      for (const { lateMs, effects } of races) expect(Math.min(lateMs, effects)).toBeGreaterThan(0);
    }
  });
});
