import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { mappingOf } from '../../../src/events/mapping/function-mapping.ts';
import type { Mapping } from '../../../src/events/mapping/mapping.ts';
import { PlainTallies } from '../../../src/replay/glance/operations/plain-tallies.ts';
import { countRoundTrips } from '../../../src/round-trips.ts';
import { inLane } from '../../events/readers/both-lanes.ts';
import { tell } from '../../story/tell.ts';
import { type Files, inFolder } from '../../story.ts';
import { OperationLog } from './operation-log.ts';
import { glances, withoutGlance } from './watched.ts';

vi.mock('../../../src/replay/glance/operations/round-trip-run.ts', async (load) => {
  const { glanceAtRoundTrips } = await load<typeof import('../../../src/replay/glance/operations/round-trip-run.ts')>();
  return { glanceAtRoundTrips: (await import('./watched.ts')).watched(glanceAtRoundTrips) };
});

const summedUp = vi.spyOn(PlainTallies.prototype, 'sumUp');

beforeEach(() => {
  glances.enough = 0;
  summedUp.mockClear();
});

const asked = {
  budgets: { pay: { total: 3, verify: 1, retries: 1 }, '*': { retries: 2 } },
  operations: ['pay', 'sync'],
  whatIf: 'op',
};

/** Expects the round trips of a run to be those that are counted of events, and says whether a glance was enough. */
async function expectSameCounts(
  files: Files,
  lanes: readonly ('fast' | 'slow')[] = ['fast'],
  mapping: readonly Mapping[] = [],
): Promise<boolean> {
  return inFolder(files, 'run-1', async (folder) => {
    const count = async () => JSON.stringify(await countRoundTrips({ ...asked, paths: [folder], mapping }));
    const counted = await withoutGlance(count);
    const before = glances.enough;
    for (const lane of lanes) expect(await inLane(lane, count), lane).toBe(counted);
    return glances.enough > before;
  });
}

/** How many operations were summed up without an event. */
function plainOnes(): number {
  return summedUp.mock.calls.length;
}

/** Two devices that worked for long enough that most operations are nothing to remark on; the others are over for long when both stop in order. */
function amidRoutine(what: (a: OperationLog, b: OperationLog) => void): Files {
  const logs = [new OperationLog('a', 1), new OperationLog('b', 2)] as const;
  for (const log of logs) log.routine(400);
  what(...logs);
  for (const log of logs) {
    log.routine(650);
    log.line('device.end', { quiescent: true });
  }
  return Object.assign({}, ...logs.map((log) => log.files()));
}

const id = fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined, freq: 6 });
const step = {
  opId: id,
  durationMs: fc.constantFrom(0, 0.4, 3, 250, 90_000),
  attempt: fc.constantFrom(1, 1, 1, 2, 3),
  ok: fc.boolean(),
};
const named = {
  effect: fc.constantFrom('last', 'other', 'none', undefined),
  cid: fc.constantFrom('c1', 'c2', undefined),
};
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ what: fc.constant('plain' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('start' as const),
      opId: fc.constantFrom('x', 'y', 'z'),
      parentOpId: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined, freq: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('end' as const), ...step, opId: fc.constantFrom('x', 'y', 'z') }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('write' as const), opId: id, cid: named.cid }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('verify' as const), ...step, ...named }) },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constant('request' as const),
      ...step,
      kind: fc.constantFrom('pin', 'fetch', 'verify'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('publish' as const), opId: id }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('restart' as const), ok: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('rotate' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('clockless' as const) }) },
);
const actions = fc.array(fc.record({ onB: fc.boolean(), does: action }), { minLength: 5, maxLength: 60 });

test('of all lines in any order, round trips are counted as of events', { timeout: 240_000 }, async () => {
  let runs = 0;
  await fc.assert(
    fc.asyncProperty(actions, async (all) => {
      const files = amidRoutine((a, b) => {
        for (const { onB, does } of all) (onB ? b : a).do(does, onB ? a : b);
      });
      runs += 1;
      await expectSameCounts(files);
    }),
    { numRuns: 40 },
  );
  expect(glances.enough).toBeGreaterThan(runs / 4);
  expect(plainOnes()).toBeGreaterThan(glances.enough * 100);
});

describe('amid routine', () => {
  const pay = { opId: 'x', op: 'pay' };
  const trip = { opId: 'x', attempt: 1, ok: true, durationMs: 3 };
  const begin = (log: OperationLog) => log.line('op.start', pay);
  const end = (log: OperationLog, more = {}) => log.line('op.end', { ...pay, ok: true, durationMs: 20, ...more });
  const request = (log: OperationLog, more = {}) => log.line('request', { ...trip, kind: 'pin', ...more });

  const fourTimesTwo = (log: OperationLog, opId = 'x') => {
    for (const kind of ['pin', 'pin', 'pin', 'pin', 'fetch', 'fetch', 'fetch', 'fetch']) request(log, { opId, kind });
  };
  const manyOfManyTrips = (log: OperationLog) => {
    for (let time = 0; time < 120; time += 1) {
      log.line('op.start', { op: 'pay', opId: `x${time}` });
      fourTimesTwo(log, `x${time}`);
      log.line('op.end', { op: 'pay', opId: `x${time}`, ok: true, durationMs: 30 });
    }
  };
  const sixInARow = (log: OperationLog, snapshotOf: string | undefined) => {
    begin(log);
    for (let time = 0; time < 6; time += 1) {
      log.pass(10);
      request(log);
      if (time === 2) log.publish(snapshotOf);
    }
    end(log, { durationMs: 100 });
  };

  const cases: Readonly<Record<string, (a: OperationLog, b: OperationLog) => void>> = {
    'nothing else': () => {},
    'an operation that fails, with retries'(a) {
      begin(a);
      for (let attempt = 1; attempt < 6; attempt += 1) request(a, { attempt, ok: false });
      end(a, { ok: false });
    },
    'an operation that never ends, and one that never began'(a) {
      begin(a);
      request(a);
      request(a, { opId: 'y' });
      end(a, { opId: 'y' });
    },
    'operations beside each other'(a) {
      begin(a);
      a.line('op.start', { op: 'sync', opId: 'y' });
      request(a);
      request(a, { opId: 'y' });
      end(a);
      request(a, { opId: 'y' });
      a.line('op.end', { op: 'sync', opId: 'y', ok: true, durationMs: 40 });
    },
    'an operation in another, and one in that'(a) {
      begin(a);
      request(a);
      a.line('op.start', { op: 'sync', opId: 'y', parentOpId: 'x' });
      request(a, { opId: 'y' });
      a.line('op.start', { op: 'sync', opId: 'z', parentOpId: 'y' });
      request(a, { opId: 'z' });
      a.line('op.end', { op: 'sync', opId: 'z', ok: true, durationMs: 5 });
      a.line('op.end', { op: 'sync', opId: 'y', ok: true, durationMs: 15 });
      end(a);
    },
    'an operation in one that is over'(a) {
      begin(a);
      end(a);
      a.line('op.start', { op: 'sync', opId: 'y', parentOpId: 'x' });
      request(a, { opId: 'y' });
    },
    'lines after the end'(a) {
      begin(a);
      request(a);
      end(a);
      a.routine(30);
      request(a);
      a.write({ opId: 'x' });
      end(a, { ok: false });
    },
    'lines of many operations after their ends, ids that come again, and operations in those'(a) {
      // Beyond as many as are sampled only few of the operations are kept as they are.
      a.routine(1500);
      const ids = Array.from({ length: 24 }, (_, index) => `x${index}`);
      for (const opId of ids) {
        a.line('op.start', { op: 'pay', opId });
        a.write({ opId, cid: `c-${opId}` });
        request(a, { opId });
        a.line('op.end', { op: 'pay', opId, ok: true, durationMs: 6 });
      }
      a.routine(30);
      for (const [index, opId] of ids.entries()) {
        if (index % 4 === 0) request(a, { opId });
        if (index % 4 === 1) a.line('op.start', { op: 'pay', opId });
        if (index % 4 === 2) a.line('op.start', { op: 'sync', opId: `y${index}`, parentOpId: opId });
      }
      for (const opId of ids) request(a, { opId: `${opId}-never` });
    },
    'lines long after the end'(a) {
      begin(a);
      request(a);
      end(a);
      a.routine(650);
      request(a);
    },
    'an id that comes again, soon and late'(a) {
      for (const [times, between] of [
        [2, 3],
        [2, 650],
      ] as const) {
        for (let time = 0; time < times; time += 1) {
          begin(a);
          request(a);
          end(a);
          a.routine(between);
        }
      }
      begin(a);
      begin(a);
      end(a);
    },
    'trips and writes without an operation, while one is under way, and while none is'(a) {
      begin(a);
      request(a, { opId: undefined });
      a.write({});
      end(a);
      request(a, { opId: undefined });
      a.write({});
    },
    'an operation that begins again behind a trip without one'(a) {
      begin(a);
      request(a, { opId: undefined });
      begin(a);
      end(a);
      request(a, { opId: undefined });
    },
    'a trip without an operation, while two are under way'(a) {
      begin(a);
      a.line('op.start', { op: 'sync', opId: 'y' });
      request(a, { opId: undefined });
      end(a);
    },
    'a snapshot of an operation': (a) => sixInARow(a, 'x'),
    'a snapshot that names no operation, while one is under way': (a) => sixInARow(a, undefined),
    'few trips in a row, beside many that are not'(a) {
      manyOfManyTrips(a);
      begin(a);
      for (let time = 0; time < 5; time += 1) {
        a.pass(10);
        request(a);
      }
      end(a, { durationMs: 100 });
    },
    'a restart in the middle of an operation'(a) {
      begin(a);
      request(a);
      a.restart(false);
      request(a);
      end(a);
      request(a, { opId: undefined });
    },
    'an operation of a process that is no more, named beside one of the next process'(a) {
      begin(a);
      a.restart(false);
      a.line('op.start', { op: 'sync', opId: 'y', parentOpId: 'z' });
      begin(a);
      end(a);
      request(a, { opId: undefined });
    },
    'a log that goes on in another file'(a) {
      begin(a);
      fourTimesTwo(a);
      a.rotate();
      end(a);
    },
    'lines without a time'(a) {
      a.clockless();
      begin(a);
      request(a);
      a.clockless();
      end(a);
    },
    'an operation that ends by another name'(a) {
      begin(a);
      end(a, { op: 'sync' });
    },
    'what another device does for an operation'(a, b) {
      begin(a);
      request(b);
      a.routine(650);
      end(a);
    },
    'many trips of one kind'(a) {
      begin(a);
      for (let time = 0; time < 700; time += 1) request(a);
      end(a, { durationMs: 5_000 });
    },
    'names that are long'(a) {
      const opId = 'x'.repeat(100);
      a.line('op.start', { op: 'pay', opId });
      request(a, { opId, kind: 'k'.repeat(100) });
      a.line('op.end', { op: 'pay', opId, ok: true, durationMs: 4 });
      begin(a);
      request(a, { kind: 'k'.repeat(100) });
      end(a, { op: 'o'.repeat(100) });
    },
    'requests that call themselves verifies'(a) {
      begin(a);
      request(a, { kind: 'verify' });
      end(a);
    },
    'writes that nobody verifies, and contents that nobody wrote'(a, b) {
      a.write({ cid: 'c1' });
      b.line('verify', { cid: 'c1', attempt: 1, ok: false, durationMs: 2 });
      b.line('verify', { cid: 'c2', attempt: 1, ok: true, durationMs: 2 });
      b.line('verify', { attempt: 1, ok: true, durationMs: 2 });
      a.write({ cid: 'c2' });
      a.write({});
    },
    'writes of operations that are verified when these are long over, or never'(a) {
      // More than are sampled.
      a.routine(1500);
      const ids = Array.from({ length: 10 }, (_, index) => `x${index}`);
      for (const opId of ids) {
        a.line('op.start', { op: 'pay', opId });
        a.write({ opId, cid: `c-${opId}`, key: `key-${opId}` });
        a.line('op.end', { op: 'pay', opId, ok: true, durationMs: 4 });
      }
      a.routine(650);
      for (const opId of ids) {
        if (opId < 'x7') a.line('verify', { cid: `c-${opId}`, attempt: 1, ok: opId < 'x3', durationMs: 2 });
      }
    },
    'durations beyond all measure'(a) {
      begin(a);
      request(a, { durationMs: 1e306 });
      end(a, { durationMs: 1e306 });
    },
    'few trips that are the longest'(a) {
      manyOfManyTrips(a);
      begin(a);
      for (let time = 0; time < 3; time += 1) {
        a.pass(100_000);
        request(a, { durationMs: 90_000 });
      }
      a.pass(1);
      end(a, { durationMs: 300_000 });
    },
  };

  test.each(Object.entries(cases))('%s', { timeout: 30_000 }, async (_name, what) => {
    expect(await expectSameCounts(amidRoutine(what), ['fast', 'slow'])).toBe(true);
    expect(plainOnes()).toBeGreaterThan(300);
  });
});

/** Two devices at work, and what they do last. */
function atTheEnd(what: (a: OperationLog, b: OperationLog) => void): Files {
  const logs = [new OperationLog('a', 1), new OperationLog('b', 2)] as const;
  for (const log of logs) log.routine(400);
  what(...logs);
  for (const log of logs) log.line('device.end', { quiescent: true });
  return Object.assign({}, ...logs.map((log) => log.files()));
}

test('what another device does for an operation that is over counts there, if it ended lately', async () => {
  const files = atTheEnd((a, b) => {
    a.line('op.start', { op: 'pay', opId: 'x' });
    a.line('op.end', { op: 'pay', opId: 'x', ok: true, durationMs: 9 });
    b.line('request', { opId: 'x', kind: 'pin', attempt: 1, ok: true, durationMs: 3 });
  });
  expect(await expectSameCounts(files)).toBe(true);
  expect(plainOnes()).toBeGreaterThan(300);
});

test('a write is the line that it was, though another that was verified meanwhile stood beside it', async () => {
  const files = tell(`
    peer1 start
    peer2 start
    peer1 write e1
    peer2 verify e1
    peer2 verify e1
    peer2 write g1
    peer1 applied g1
    peer1 write e2
    peer2 applied e2
    peer1 end quiescent
    peer2 end quiescent`);
  expect(await expectSameCounts(files, ['fast', 'slow'])).toBe(true);
});

test.each([
  [
    'a device that was wiped and took a snapshot that another publishes later in its log',
    `peer1 balance T1 UCT 5
    peer1 clear
    peer2 write e1 kind=mint outputs=T1:UCT:5 booked
    peer2 publish s1 frontier=peer2:1 contents=e1
    peer1 import s1
    peer1 balance T1 UCT 5 snapshot=s1`,
  ],
  [
    'tokens that are booked without an effect, twice, and by another amount',
    `peer1 write e1 kind=mint outputs=T1:UCT:5 booked
    peer2 applied e1 booked
    peer2 balance T1 UCT 5 effect=e1
    peer2 balance T1 UCT -2.5 effect=e1
    peer1 balance T9 EUR 0.001`,
  ],
  [
    'an effect of which a device hears by a line without a time, and then by one that has it',
    `peer1 write e1
    peer2 received e1 time=-
    peer2 applied e1 after=7`,
  ],
  [
    'an effect of which one device never hears, and another twice',
    `peer3 start
    peer1 write e1
    peer2 received e1
    peer2 applied e1
    peer2 received e1
    peer3 write e2
    peer1 applied e2`,
  ],
])('with %s a glance counts as well', async (_what, story) => {
  const files = tell(`peer1 start\npeer2 start\n${story}\npeer1 end quiescent\npeer2 end quiescent`);
  expect(await expectSameCounts(files, ['fast', 'slow'])).toBe(true);
});

test('an operation of which one line tells at its end takes the trips that were made meanwhile', async () => {
  const header = { identity: 'a', device: 'a', incarnation: 1 };
  const toldAtOnce = mappingOf('told at once', ({ record }) => {
    const { at, trip } = record as { at?: number; trip?: number };
    if (trip !== undefined)
      return { ...header, type: 'request', time: trip, kind: 'pin', attempt: 1, ok: true, durationMs: 2 };
    if (at === undefined) return undefined;
    const operation = { ...header, opId: `x${at}`, op: 'pay' };
    return [
      { ...operation, type: 'op.start', time: at - 50 },
      { ...operation, type: 'op.end', time: at, ok: true, durationMs: 50 },
    ];
  });
  const lines = Array.from({ length: 9 }, (_, index) => index * 100 + 1_748_642_400_000).flatMap((at) => [
    { trip: at - 20 },
    { at },
  ]);
  const files = { 'a.ndjson': lines.map((line) => `${JSON.stringify(line)}\n`).join('') };
  expect(await expectSameCounts(files, ['fast'], [toldAtOnce])).toBe(true);
});
