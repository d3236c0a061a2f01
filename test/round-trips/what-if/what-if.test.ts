import { describe, expect, test } from 'vitest';
import { nest, type Operation } from '../../../src/replay/operations/operation.ts';
import type { Step } from '../../../src/replay/operations/step.ts';
import type { WhatIf, WhatIfOperation } from '../../../src/results-round-trips.ts';
import { parseBatching } from '../../../src/round-trips/what-if/batching.ts';
import { whatIfOf } from '../../../src/round-trips/what-if/what-if.ts';
import { operation, publish, request, settled, verify, write } from '../support.ts';

const tried = (batching: string, ...told: Parameters<typeof settled>): WhatIf =>
  whatIfOf(settled(...told), parseBatching(batching), 1);

/** One row in a line: verifies, wall, and how long a write waits to be durable (middle, worst). */
function inWords({ op, verifiesNow, verifiesThen, wallNowMs, wallThenMs, durableNow, durableThen }: WhatIfOperation) {
  const wall = wallThenMs.low === wallThenMs.high ? wallThenMs.value : [wallThenMs.low, wallThenMs.high];
  const waits = [durableNow, durableThen].map((wait) => (wait ? `${wait.p50Ms}/${wait.maxMs}` : '-'));
  return `${op}: ${verifiesNow} → ${verifiesThen}, wall ${wallNowMs} → ${wall}, durable ${waits.join(' → ')}`;
}

const rows = (...told: Parameters<typeof tried>) => tried(...told).byOperation.map(inWords);

const races = (...told: Parameters<typeof tried>) =>
  tried(...told).races.map(
    ({ op, snapshot, effect, effects, lateMs }) =>
      `${op}: ${snapshot} claims ${effects} (${effect}) ${lateMs} ms too early`,
  );

/** Writes, each verified for 200 ms, with 5 ms after each verify. */
function writes(count: number, from = 0, first = 1): Step['event'][] {
  return Array.from({ length: count }, (_, index) => {
    const at = from + 205 * index;
    const effect = `e${first + index}`;
    return [write(effect, at), verify(effect, at, at + 200)];
  }).flat();
}

describe('31 writes, each followed by a verify of 200 ms and 5 ms of work', () => {
  const pay = operation({ wallMs: 31 * 205, steps: writes(31) });

  test('with one verify per operation: the writes 5 ms apart, and 200 ms after the last', () => {
    expect(rows('op', [pay])).toEqual(['pay: 31 → 1, wall 6355 → 350, durable 200/200 → 275/350']);
  });

  test('with a window: the batch goes out when the operation ends, 5 ms after its last write', () => {
    expect(rows('window=50ms', [pay])).toEqual(['pay: 31 → 1, wall 6355 → 355, durable 200/200 → 280/355']);
  });

  test('with a window that no two writes share: as many verifies, and nothing waits for them but the end', () => {
    expect(rows('window=5ms', [pay])).toEqual(['pay: 31 → 31, wall 6355 → 355, durable 200/200 → 205/205']);
  });

  test('with a window of nothing: as recorded', () => {
    expect(rows('window=0', [pay])).toEqual(['pay: 31 → 31, wall 6355 → 6355, durable 200/200 → 200/200']);
  });

  test('with one verify per snapshot, and no snapshot: nothing waits, and all is durable when the log ends', () => {
    const late = operation({ op: 'look', from: 10_000, wallMs: 10, steps: [request(10_000, 10_010)] });
    expect(rows('blocks', [pay, late])).toEqual([
      'look: 0 → 0, wall 10 → 10, durable - → -',
      'pay: 31 → 1, wall 6355 → 155, durable 200/200 → 3935/4010',
    ]);
  });

  test('names how it was asked, and is of no race', () => {
    expect(tried('window=0.05s', [pay])).toMatchObject({
      batching: 'window=0.05s',
      seed: 1,
      races: [],
      racesOmitted: 0,
    });
  });
});

describe('a snapshot', () => {
  test('waits until what it relied on is durable; published without waiting it is a race', () => {
    const pay = operation({ wallMs: 420, steps: [...writes(2), publish('s1', 410, 2)] });
    expect(rows('op', [pay])).toEqual(['pay: 2 → 1, wall 420 → 215, durable 200/200 → 202.5/205']);
    expect(races('op', [pay])).toEqual(['pay: s1 claims 2 (e1) 195 ms too early']);
    expect(tried('op', [pay]).races[0]).toMatchObject({
      ...{ op: 'pay', opId: pay.opId, device: 'a', at: { file: 'a.ndjson', line: pay.steps.at(-1)?.event.line } },
    });
    // The batch goes out with the snapshot, 5 ms after the last write.
    expect(rows('blocks', [pay])).toEqual(['pay: 2 → 1, wall 420 → 220, durable 200/200 → 207.5/210']);
    expect(races('blocks', [pay])).toEqual(['pay: s1 claims 2 (e1) 200 ms too early']);
  });

  test('between writes parts their batches, whatever the batching', () => {
    const steps = [...writes(1), publish('s1', 205, 1), ...writes(1, 210, 2), publish('s2', 415, 2)];
    const pay = operation({ wallMs: 420, steps });
    for (const batching of ['op', 'blocks', 'window=10s']) {
      expect(tried(batching, [pay]).byOperation[0]).toMatchObject({ verifiesThen: 2 });
      expect(races(batching, [pay])).toHaveLength(2);
    }
    expect(rows('op', [pay])).toEqual(['pay: 2 → 2, wall 420 → 410, durable 200/200 → 200/200']);
  });

  test('that claims nothing of it, or was a race already, waits for nothing', () => {
    const early = operation({ wallMs: 410, steps: [...writes(2), publish('s0', 407, 0)] });
    expect(rows('op', [early])).toEqual(['pay: 2 → 1, wall 410 → 205, durable 200/200 → 202.5/205']);
    const racing = operation({ wallMs: 205, steps: [write('e1', 0), publish('s1', 2, 1), verify('e1', 0, 200)] });
    expect(races('op', [racing])).toEqual([]);
    expect(rows('op', [racing])).toEqual(['pay: 1 → 1, wall 205 → 200, durable 200/200 → 200/200']);
  });

  test('claims by its contents where its frontier does not say', () => {
    const named = publish('s1', 410, 0, { frontier: {}, contents: ['e1', 'e2'] });
    expect(races('op', [operation({ wallMs: 420, steps: [...writes(2), named] })])).toEqual([
      'pay: s1 claims 2 (e1) 195 ms too early',
    ]);
  });

  test('of nobody, published meanwhile, parts batches and is a race that no operation can mend', () => {
    const pay = operation({ wallMs: 615, steps: writes(3) });
    const outside = publish('s1', 407, 2, { durationMs: 0 });
    expect(rows('op', [pay], [outside])).toEqual(['pay: 3 → 2, wall 615 → 210, durable 200/200 → 200/205']);
    // Due 2 ms after the second write, whose batch is then durable 198 ms later.
    expect(races('op', [pay], [outside])).toEqual(['null: s1 claims 2 (e1) 198 ms too early']);
  });

  test('of another operation puts the writes of several into one batch, if they are batched by snapshot', () => {
    const first = operation({ op: 'deliver', wallMs: 205, steps: writes(1) });
    const second = operation({ op: 'pay', from: 300, wallMs: 410, steps: writes(2, 300, 2) });
    const sync = operation({ op: 'sync', from: 1000, wallMs: 10, steps: [publish('s1', 1005, 3)] });
    const all = [first, second, sync];
    expect(rows('blocks', all)).toEqual([
      'deliver: 1 → 1, wall 205 → 5, durable 200/200 → 1005/1005',
      'pay: 2 → 0, wall 410 → 10, durable 200/200 → 502.5/505',
      'sync: 0 → 0, wall 10 → 210, durable - → -',
    ]);
    expect(races('blocks', all)).toEqual(['sync: s1 claims 3 (e1) 200 ms too early']);
    expect(rows('op', all)[2]).toBe('sync: 0 → 0, wall 10 → 10, durable - → -');
    expect(races('op', all)).toEqual([]);
  });

  test('is listed once, at most a hundred of them, the latest first', () => {
    const steps = Array.from({ length: 120 }, (_, index) => [
      ...writes(1, 300 * index, index + 1),
      publish(`s${index}`, 300 * index + 205, index + 1),
    ]).flat();
    const parent = operation({ op: 'all', opId: 'parent', wallMs: 40_000 });
    const child = operation({ wallMs: 40_000, steps });
    nest(child, parent);
    const { races, racesOmitted } = tried('op', [child, parent]);
    expect([races.length, racesOmitted]).toEqual([100, 20]);
    expect(races[0]).toMatchObject({ op: 'pay', snapshot: 's0' });
  });
});

describe('an operation', () => {
  test('saves nothing by trips that overlap', () => {
    const six = ['e1', 'e2', 'e3', 'e4', 'e5', 'e6'];
    const steps = [...six.map((effect) => write(effect, 0)), ...six.map((effect) => verify(effect, 0, 200))];
    const pay = operation({ wallMs: 200, steps });
    expect(rows('op', [pay])).toEqual(['pay: 6 → 1, wall 200 → 200, durable 200/200 → 200/200']);
    const beside = operation({ wallMs: 250, steps: [write('e1', 0), verify('e1', 0, 200), request(0, 250)] });
    expect(rows('op', [beside])).toEqual(['pay: 1 → 1, wall 250 → 250, durable 200/200 → 200/200']);
  });

  test('saves nothing by the slowest of trips that overlap, either: a batch of them is as slow as so many draws', () => {
    const six = [1, 2, 3, 4, 5, 6];
    const trips = six.map((index) => verify(`e${index}`, 0, index * 100));
    const pay = operation({ wallMs: 600, steps: [...six.map((index) => write(`e${index}`, 0)), ...trips] });
    const [row] = tried('op', [pay]).byOperation;
    expect(row).toMatchObject({ verifiesThen: 1, wallNowMs: 600, wallThenMs: { value: 600, high: 600 } });
  });

  test('is spared retries and the time between them, until its batch is verified', () => {
    const steps = [
      ...[write('e1', 0), verify('e1', 0, 100, { ok: false }), verify('e1', 300, 400, { attempt: 2 })],
      ...[write('e2', 405), verify('e2', 405, 505)],
    ];
    const pay = operation({ wallMs: 510, steps });
    const [row] = tried('op', [pay]).byOperation;
    expect(row).toMatchObject({ verifiesNow: 2, verifiesThen: 1, durableNow: { p50Ms: 250, maxMs: 400 } });
    // Drawn of 100 and 400 ms, after writes 5 ms apart.
    expect(row?.wallThenMs).toEqual({
      value: expect.toSatisfy((value) => [105, 405].includes(value)),
      low: 105,
      high: 405,
    });
  });

  test('that did not wait for its verifies does not wait for their batch', () => {
    const steps = [write('e1', 0), write('e2', 5), verify('e1', 0, 200), verify('e2', 5, 205)];
    expect(rows('op', [operation({ wallMs: 10, steps })])).toEqual([
      'pay: 2 → 1, wall 10 → 10, durable 200/200 → 202.5/205',
    ]);
  });

  test('whose writes are timed with their verifies is spared that part of them', () => {
    const steps = [1, 2, 3].flatMap((index) => {
      const at = 300 * (index - 1);
      return [verify(`e${index}`, at + 50, at + 250), write(`e${index}`, at + 260, { durationMs: 260 })];
    });
    // Three writes of 60 ms with 40 ms between them, and a verify after the last.
    expect(rows('op', [operation({ wallMs: 900, steps })])).toEqual([
      'pay: 3 → 1, wall 900 → 460, durable 0/0 → 300/400',
    ]);
  });

  test('is verified by the address of the content, too, and what was never found durable stays as it is', () => {
    const steps = [
      ...[write('e1', 0, { cid: 'c1' }), verify(undefined, 0, 100, { cid: 'c1' })],
      ...[write('e2', 105, { cid: 'c2' }), verify(undefined, 105, 205, { cid: 'c2' })],
      ...[write('e3', 210), verify('e3', 210, 310, { ok: false }), verify('e9', 310, 410)],
    ];
    expect(rows('op', [operation({ wallMs: 410, steps })])).toEqual([
      'pay: 4 → 3, wall 410 → 210, durable 100/100 → 102.5/105',
    ]);
  });

  test('takes other verify times with another seed, and the same with the same', () => {
    const steps = Array.from({ length: 9 }, (_, index) => [
      write(`e${index}`, 1000 * index),
      verify(`e${index}`, 1000 * index, 1000 * index + 100 * (index + 1)),
    ]).flat();
    const of = (seed: number) => whatIfOf(settled([operation({ wallMs: 9000, steps })]), parseBatching('op'), seed);
    expect(of(1)).toEqual(of(1));
    const { low, value, high } = of(1).byOperation[0]?.wallThenMs ?? { low: 0, value: 0, high: 0 };
    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(of(2).byOperation[0]?.durableThen).not.toBeNull();
  });

  test('is left out where its end, the time of a step, or steps are missing; what other devices did for it is none of its time', () => {
    const untimed = operation({ wallMs: 10, steps: [request(0, 5, { time: null })] });
    const omitted: Operation = { ...operation({ wallMs: 10 }), omitted: 1 };
    expect(rows('op', [untimed, omitted, operation({})])).toEqual([]);
    const helped = operation({ wallMs: 10, steps: [verify('e1', 90_000, 91_000, { device: 'b' })] });
    expect(rows('op', [helped])).toEqual(['pay: 1 → 1, wall 10 → 10, durable - → -']);
  });
});
