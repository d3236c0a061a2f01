import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../src/results.ts';
import type { OperationCost, RoundTrips } from '../src/results-round-trips.ts';
import { countRoundTrips, parseBudgets, type RoundTripOptions } from '../src/round-trips.ts';
import { tell } from './story/tell.ts';
import { brief, type Files, inFolder } from './story.ts';

type Question = Partial<Omit<RoundTripOptions, 'paths'>>;

/** The report on a story. */
async function count(story: string, question: Question = {}): Promise<RunReport> {
  return countIn(tell(story), question);
}

async function countIn(files: Files, question: Question = {}): Promise<RunReport> {
  return inFolder(files, 'run-1', async (folder) => {
    const [report] = await countRoundTrips({ ...question, paths: [folder] });
    return report as RunReport;
  });
}

async function tripsOf(story: string, question: Question = {}): Promise<RoundTrips> {
  return (await count(story, question)).roundTrips as RoundTrips;
}

/** A row for each operation name: `pay 2 ops: 3 trips, 1 retry`. */
function rows({ byOperation }: RoundTrips): string[] {
  return byOperation
    .map(({ op, operations, trips, retries }) => `${op} ×${operations}: ${trips.total} trips, ${retries} retries`)
    .sort();
}

/** The verdict, then a line per finding. */
async function judged(story: string, budgets: readonly string[] = []): Promise<string[]> {
  const { verdict, findings } = await count(story, { budgets: parseBudgets(budgets) });
  return [verdict, ...findings.filter((finding) => finding.verdict === 'violated').map(brief)];
}

const cost = (roundTrips: RoundTrips, name: string) =>
  roundTrips.byOperation.find(({ op }) => op === name) as OperationCost;

/** One payment: two writes, each verified, one of them at the second attempt, and a submit. */
const payment = `
  peer1  start
  peer1  begin pay opId=op-1
  peer1  write e1 opId=op-1
  peer1  verify e1 failed opId=op-1 durationMs=5
  peer1  verify e1 attempt=2 opId=op-1 durationMs=5
  peer1  write e2 opId=op-1
  peer1  verify e2 opId=op-1 durationMs=5
  peer1  request submit opId=op-1 durationMs=5
  peer1  done pay opId=op-1 durationMs=100
  peer1  end quiescent
`;

describe('counting', () => {
  test('trips are counted by operation and by kind; retries apart', async () => {
    const roundTrips = await tripsOf(payment);
    expect(roundTrips).toMatchObject({ operations: 1, trips: 3, retries: 1, timeMs: 20 });
    expect(cost(roundTrips, 'pay')).toMatchObject({
      operations: 1,
      writes: { total: 2, p50: 2, p95: 2, max: 2 },
      trips: { total: 3, p50: 3, p95: 3, max: 3 },
      retries: 1,
      byKind: [
        { kind: 'verify', trips: 2, retries: 1, timeMs: 15 },
        { kind: 'submit', trips: 1, retries: 0, timeMs: 5 },
      ],
      wall: { count: 1, p50Ms: 100 },
      waiting: 0.2,
      overlap: 1,
      chain: { trips: 4, timeMs: 20 },
    });
    expect(roundTrips.attribution).toEqual({ byId: 4, inferred: 0, unattributed: 0, share: 1, toldTwice: 0 });
  });

  test('the worst instance names its lines', async () => {
    const [worst] = cost(await tripsOf(payment), 'pay').worst;
    expect(worst).toMatchObject({
      ...{ opId: 'op-1', op: 'pay', device: 'peer1', writes: 2, trips: 3, retries: 1, wallMs: 100 },
      ...{ from: { file: 'peer1.ndjson', line: 2 }, to: { file: 'peer1.ndjson', line: 9 } },
    });
  });

  test('nested operations count for themselves and for their parents', async () => {
    const story = `
      peer1  begin pay opId=a
      peer1  begin flush opId=b parentOpId=a
      peer1  begin pin opId=c parentOpId=b
      peer1  request put opId=c
      peer1  done pin opId=c
      peer1  request publish opId=b
      peer1  done flush opId=b
      peer1  done pay opId=a
    `;
    const roundTrips = await tripsOf(story);
    expect(rows(roundTrips)).toEqual([
      'flush ×1: 2 trips, 0 retries',
      'pay ×1: 2 trips, 0 retries',
      'pin ×1: 1 trips, 0 retries',
    ]);
    expect(roundTrips.trips).toBe(2);
  });

  test('a parent that is named only after its child did something gets what the child did', async () => {
    const story = `
      peer1  request put opId=c
      peer1  begin pay opId=a
      peer1  begin pin opId=c parentOpId=a
      peer1  done pin opId=c
      peer1  done pay opId=a
    `;
    expect(rows(await tripsOf(story))).toEqual(['pay ×1: 1 trips, 0 retries', 'pin ×1: 1 trips, 0 retries']);
  });

  test('operations that are nested in a circle are none of each other', async () => {
    const story = `
      peer1  begin pay opId=a parentOpId=b
      peer1  begin pin opId=b parentOpId=a
      peer1  request put opId=b
      peer1  done pin opId=b
      peer1  done pay opId=a
    `;
    expect(rows(await tripsOf(story))).toEqual(['pay ×1: 0 trips, 0 retries', 'pin ×1: 1 trips, 0 retries']);
  });

  test('two devices may use one opId each for an operation of their own', async () => {
    const story = `
      peer1  begin pay opId=op-1
      peer2  begin sync opId=op-1
      peer1  request submit opId=op-1
      peer2  request fetch opId=op-1
      peer2  request fetch opId=op-1
      peer1  done pay opId=op-1
      peer2  done sync opId=op-1
    `;
    expect(rows(await tripsOf(story))).toEqual(['pay ×1: 1 trips, 0 retries', 'sync ×1: 2 trips, 0 retries']);
  });

  test('what another device does for an operation counts there', async () => {
    const story = `
      peer1  begin pay opId=op-1
      alice-phone@alice  request fetch opId=op-1
      peer1  request submit opId=op-1
      peer1  done pay opId=op-1
    `;
    expect(rows(await tripsOf(story))).toEqual(['pay ×1: 2 trips, 0 retries']);
  });

  test('an id that is used again after a restart is another operation', async () => {
    const story = `
      peer1  start
      peer1  begin pay opId=op-1
      peer1  request submit opId=op-1
      peer1  start
      peer1  begin pay opId=op-1
      peer1  request submit opId=op-1
      peer1  request submit opId=op-1
      peer1  done pay opId=op-1
      peer1  end quiescent
    `;
    const pay = cost(await tripsOf(story), 'pay');
    expect(pay).toMatchObject({ operations: 2, unfinished: 1, trips: { total: 3, max: 2 } });
  });

  test('trips of an operation without a line of its own are told apart', async () => {
    const { byOperation, attribution } = await tripsOf('peer1  request submit opId=op-9');
    expect(byOperation).toMatchObject([{ op: null, operations: 1, unfinished: 1, trips: { total: 1 } }]);
    expect(attribution).toMatchObject({ byId: 1, unattributed: 0 });
  });

  test('a late trip still counts for its operation', async () => {
    const story = `
      peer1  begin pay opId=op-1
      peer1  done pay opId=op-1
      peer1  request submit opId=op-1 durationMs=1
    `;
    const pay = cost(await tripsOf(story), 'pay');
    expect(pay).toMatchObject({ trips: { total: 1 }, waiting: 0 });
  });
});

describe('a trip without an opId', () => {
  test('belongs to the one operation that is open on its device, and is marked so', async () => {
    const story = `
      peer1  begin pay opId=a
      peer2  begin sync opId=b
      peer1  request submit
      peer1  done pay opId=a
      peer2  done sync opId=b
    `;
    const roundTrips = await tripsOf(story);
    expect(rows(roundTrips)).toEqual(['pay ×1: 1 trips, 0 retries', 'sync ×1: 0 trips, 0 retries']);
    expect(cost(roundTrips, 'pay').inferred).toBe(1);
    expect(roundTrips.attribution).toMatchObject({ byId: 0, inferred: 1, unattributed: 0, share: 1 });
  });

  test('belongs to the innermost of nested ones', async () => {
    const story = `
      peer1  begin pay opId=a
      peer1  begin pin opId=b parentOpId=a
      peer1  request put
      peer1  done pin opId=b
      peer1  done pay opId=a
    `;
    expect(rows(await tripsOf(story))).toEqual(['pay ×1: 1 trips, 0 retries', 'pin ×1: 1 trips, 0 retries']);
  });

  test('belongs to none where several are open, and where none is', async () => {
    const story = `
      peer1  request before
      peer1  begin pay opId=a
      peer1  begin sync opId=b
      peer1  request between
      peer1  done pay opId=a
      peer1  request at-last
      peer1  done sync opId=b
      peer1  request after
    `;
    const roundTrips = await tripsOf(story);
    expect(rows(roundTrips)).toEqual(['pay ×1: 0 trips, 0 retries', 'sync ×1: 1 trips, 0 retries']);
    expect(roundTrips.unattributed.map(({ kind }) => kind)).toEqual(['after', 'before', 'between']);
    expect(roundTrips.attribution).toMatchObject({ inferred: 1, unattributed: 3, share: 0.25 });
  });

  test('belongs to no operation that went down with its process', async () => {
    const story = `
      peer1  start
      peer1  begin pay opId=a
      peer1  start
      peer1  request fetch
      peer1  end quiescent
    `;
    expect((await tripsOf(story)).attribution).toMatchObject({ inferred: 0, unattributed: 1 });
  });
});

describe('times', () => {
  /** Four trips of 10 ms each, two and two at once, in an operation of 40 ms. */
  const pairs = `
    peer1  begin pay opId=a time=1000
    peer1  request put opId=a time=1015 durationMs=10
    peer1  request put opId=a time=1015 durationMs=10
    peer1  request put opId=a time=1030 durationMs=10
    peer1  request put opId=a time=1030 durationMs=10
    peer1  done pay opId=a time=1040 durationMs=40
  `;

  test('overlap is summed time over the union; waiting is the union over wall time', async () => {
    expect(cost(await tripsOf(pairs), 'pay')).toMatchObject({
      timeMs: 40,
      overlap: 2,
      waiting: 0.5,
      chain: { trips: 2, timeMs: 20 },
    });
  });

  test('what lies outside of the operation keeps nobody waiting', async () => {
    const story = `
      peer1  begin pay opId=a time=1000
      peer1  request put opId=a time=1010 durationMs=1000
      peer1  done pay opId=a time=1040 durationMs=40
      peer1  request put opId=a time=2000 durationMs=900
    `;
    expect(cost(await tripsOf(story), 'pay')).toMatchObject({ waiting: 0.25, overlap: 1, timeMs: 1900 });
  });
});

describe('candidates', () => {
  const verifies = (count: number, between = '') =>
    Array.from(
      { length: count },
      (_, index) => `
        peer1  write e${index} opId=a after=1
        peer1  verify e${index} opId=a durationMs=200 after=201
        ${index === Math.floor(count / 2) - 1 ? between : ''}`,
    ).join('\n');

  test('five verifies in a row, each after a write, are one after the last write', async () => {
    const story = `
      peer1  begin pay opId=a
      ${verifies(5)}
      peer1  done pay opId=a after=1 durationMs=1011
    `;
    expect((await tripsOf(story)).candidates).toMatchObject([
      {
        ...{ id: 'R1', op: 'pay', kind: 'verify', operations: 1, fix: 'verify once, after the last write' },
        inRow: { p50: 5, max: 5 },
        ...{ savedMs: 800, wallMs: 1011 },
        worst: { opId: 'a', inRow: 5, from: { file: 'peer1.ndjson', line: 3 }, to: { file: 'peer1.ndjson', line: 11 } },
      },
    ]);
  });

  test('four are not worth a word', async () => {
    const story = `peer1  begin pay opId=a\n${verifies(4)}\npeer1  done pay opId=a durationMs=900`;
    expect((await tripsOf(story)).candidates).toEqual([]);
  });

  test('a snapshot that is published in between needs what was verified before it', async () => {
    const parted = `
      peer1  begin pay opId=a
      ${verifies(8, 'peer1  publish s1 frontier=peer1:4 opId=a')}
      peer1  done pay opId=a durationMs=1700
    `;
    expect((await tripsOf(parted)).candidates).toEqual([]);
    const whole = `peer1  begin pay opId=a\n${verifies(8)}\npeer1  done pay opId=a durationMs=1700`;
    expect((await tripsOf(whole)).candidates).toHaveLength(1);
  });

  test('trips that overlap do not wait for each other, and retries must', async () => {
    const overlapping = Array.from({ length: 8 }, () => 'peer1  request put opId=a time=1000 durationMs=100').join(
      '\n',
    );
    const retries = Array.from(
      { length: 8 },
      (_, index) => `peer1  request get opId=a attempt=${index + 2} time=${2000 + index * 10} durationMs=5`,
    ).join('\n');
    const story = `peer1  begin pay opId=a time=500\n${overlapping}\n${retries}\npeer1  done pay opId=a time=3000 durationMs=2500`;
    expect((await tripsOf(story)).candidates).toEqual([]);
  });
});

describe('what must hold', () => {
  test('a complete run in which every write is verified holds', async () => {
    expect(await judged(payment)).toEqual(['held']);
  });

  test('a write that is never verified although its device stopped in order', async () => {
    const story = `
      peer1  write e1
      peer1  verify e1
      peer1  write e2
      peer1  verify e2 failed
      peer1  end orderly
    `;
    expect(await judged(story)).toEqual(['violated', 'write-unverified peer1 e2']);
  });

  test('a write that was under way when nobody stopped in order is pending', async () => {
    expect(await judged('peer1  write e1\npeer1  verify e1\npeer1  write e2')).toEqual(['held']);
  });

  test('a verify may name the content, come before the write, and be of a sibling', async () => {
    const story = `
      peer1  verify cid=c1
      peer1  write e1 cid=c1
      peer1  write e2
      peer2  verify e2
      peer1  end quiescent
      peer2  end quiescent
    `;
    expect(await judged(story)).toEqual(['held']);
  });

  test('a hole could hide the verify; one that was over before the write could not', async () => {
    const hidden = `
      peer1  write e0
      peer1  verify e0
      peer1  write e1
      - peer1  verify e1
      peer1  log
      peer1  end quiescent
    `;
    expect(await judged(hidden)).toEqual(['not-checked']);
    const before = `
      peer1  write e0
      - peer1  log
      peer1  verify e0
      peer1  write e1
      peer1  end quiescent
    `;
    expect(await judged(before)).toEqual(['violated', 'write-unverified peer1 e1']);
  });

  test('verifies that name nothing may be of any write', async () => {
    expect(await judged('peer1  write e1\npeer1  verify\npeer1  end quiescent')).toEqual(['not-checked']);
  });

  test('a run without a single trip is not checked', async () => {
    expect(await judged('peer1  begin pay opId=a\npeer1  done pay opId=a\npeer1  end quiescent')).toEqual([
      'not-checked',
    ]);
  });

  test('lines that are missing make the counts lower bounds', async () => {
    const story =
      'peer1  begin pay opId=a\n- peer1  request submit opId=a\npeer1  request submit opId=a\npeer1  done pay opId=a';
    expect(await judged(story)).toEqual(['not-checked']);
    expect(await judged(story, ['pay<=0'])).toEqual(['violated', 'round-trip-budget peer1']);
    expect(await judged(story, ['pay<=1'])).toEqual(['not-checked']);
  });

  test('a hole of any device could hide a whole operation past its budget', async () => {
    const story = `
      peer1  begin pay opId=a
      peer1  request submit opId=a
      peer1  done pay opId=a
      peer2  log
      - peer2  begin pay opId=b
      - peer2  request submit opId=b
      - peer2  request submit opId=b
      - peer2  done pay opId=b
      peer2  log
    `;
    expect((await count(story, { budgets: parseBudgets(['pay<=1']) })).checks).toContainEqual(
      expect.objectContaining({ name: 'budgets-kept', subject: 'pay', verdict: 'not-checked' }),
    );
  });

  test('a budget of trips, of verifies, and one for all others', async () => {
    expect(await judged(payment, ['pay<=3'])).toEqual(['held']);
    expect(await judged(payment, ['pay<=2'])).toEqual(['violated', 'round-trip-budget peer1']);
    expect(await judged(payment, ['pay.verify<=2'])).toEqual(['held']);
    expect(await judged(payment, ['pay.verify<=1'])).toEqual(['violated', 'round-trip-budget peer1']);
    expect(await judged(payment, ['*<=2'])).toEqual(['violated', 'round-trip-budget peer1']);
    expect(await judged(payment, ['*<=2', 'pay<=3'])).toEqual(['not-checked']);
  });

  test('a budget for an operation that never occurs is not checked', async () => {
    expect(await judged(payment, ['receive<=3'])).toEqual(['not-checked']);
    expect(await judged('peer1  request submit', ['pay<=3'])).toEqual(['not-checked']);
  });

  test('one request that is repeated past its limit', async () => {
    const story = `
      peer1  begin pay opId=a
      peer1  request submit failed requestId=r1 opId=a
      peer1  request submit failed requestId=r1 attempt=2 opId=a
      peer1  request submit failed requestId=r1 attempt=3 opId=a
      peer1  request submit requestId=r1 attempt=4 opId=a
      peer1  request fetch requestId=r2 attempt=2 opId=a
      peer1  done pay opId=a
      peer1  end quiescent
    `;
    expect(await judged(story, ['pay.retries<=3'])).toEqual(['held']);
    expect(await judged(story, ['pay.retries<=2'])).toEqual(['violated', 'retry-storm peer1']);
  });
});

describe('budgets as words', () => {
  test('an operation, perhaps a limit, and a number', () => {
    expect(parseBudgets(['pay<=1', 'pay.verify <= 2', 'a.b<=3', '*.retries<=0'])).toEqual({
      pay: { total: 1, verify: 2 },
      'a.b': { total: 3 },
      '*': { retries: 0 },
    });
  });

  test.each(['pay', 'pay<1', '<=1', 'pay<=-1', 'pay<=one', 'pay>=1'])('%s is none', (text) => {
    expect(() => parseBudgets([text])).toThrow(/^--budget: expected an operation and its limit, got /);
  });
});

describe('laws', () => {
  /** Operations one after the other and inside of each other, with trips of all sorts, on two devices. */
  const step = fc.record({
    device: fc.constantFrom('peer1', 'peer2'),
    what: fc.constantFrom('begin', 'done', 'verify', 'request', 'write'),
    opId: fc.constantFrom('a', 'b', 'c', undefined),
    parent: fc.constantFrom('a', 'b', 'c', undefined),
    attempt: fc.integer({ min: 1, max: 3 }),
    durationMs: fc.integer({ min: 0, max: 400 }),
    after: fc.integer({ min: 0, max: 300 }),
  });

  function linesOf(steps: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[]): string {
    return steps
      .map(({ device, what, opId, parent, attempt, durationMs, after }, index) => {
        const id = opId === undefined ? '' : `opId=${opId}`;
        const named = opId ?? 'a';
        if (what === 'begin')
          return `${device}  begin op-${named} opId=${named} ${parent ? `parentOpId=${parent}` : ''} after=${after}`;
        if (what === 'done') return `${device}  done op-${named} opId=${named} durationMs=${durationMs} after=${after}`;
        if (what === 'write') return `${device}  write e${index} ${id} after=${after}`;
        const trip = what === 'verify' ? 'verify' : 'request get';
        return `${device}  ${trip} attempt=${attempt} ${id} durationMs=${durationMs} after=${after}`;
      })
      .join('\n');
  }

  test('no trip is counted twice, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const made = steps.filter(({ what }) => what === 'verify' || what === 'request').length;
        const roundTrips = await tripsOf(linesOf(steps));
        const { byId, inferred, unattributed } = roundTrips.attribution;
        expect(roundTrips.trips + roundTrips.retries).toBe(made);
        expect(byId + inferred + unattributed).toBe(made);
        const left = roundTrips.unattributed.reduce((sum, { trips, retries }) => sum + trips + retries, 0);
        expect(left).toBe(unattributed);
      }),
      { numRuns: 60 },
    );
  });

  test('trips of operations that are not nested add up to those attributed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const flat = steps.map((each) => ({ ...each, parent: undefined }));
        const { byOperation, attribution } = await tripsOf(linesOf(flat));
        const counted = byOperation.reduce((sum, { trips, retries }) => sum + trips.total + retries, 0);
        expect(counted).toBe(attribution.byId + attribution.inferred);
      }),
      { numRuns: 60 },
    );
  });

  test('the union of trips never exceeds wall time, nor time in trips', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        for (const { waiting, overlap } of (await tripsOf(linesOf(steps))).byOperation) {
          if (waiting !== null) expect(waiting).toBeLessThanOrEqual(1);
          if (overlap !== null) expect(overlap).toBeGreaterThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('the report does not depend on how the lines lie in files', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const files = tell(linesOf(steps));
        const [one, other] = await Promise.all([
          countIn(files),
          countIn(
            Object.fromEntries(
              Object.entries(files)
                .reverse()
                .map(([path, text]) => [`${path}`, text]),
            ),
          ),
        ]);
        expect(other).toEqual(one);
      }),
      { numRuns: 20 },
    );
  });
});
