import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CounterRow, TopReport } from '../src/results-top.ts';
import { type TopOptions, topCounters } from '../src/top.ts';
import { dump, filesOf, type Line, logOf, operation, request, section } from './counters/log.ts';
import { type Files, inFolder } from './story.ts';

type Question = Omit<TopOptions, 'paths'>;

async function top(files: Files, question: Question = {}): Promise<TopReport> {
  return inFolder(
    files,
    'run-1',
    async (folder) => (await topCounters({ ...question, paths: [folder] }))[0] as TopReport,
  );
}

/** A row in short: name, calls, total, self, busy (with ≤ where it is a bound). */
function inShort({ source, name, calls, totalMs, selfMs, busyMs, busyExact }: CounterRow): string {
  return [source, name, calls, totalMs, selfMs ?? '-', `${busyExact ? '' : '≤'}${busyMs}`].join(' ');
}

async function rows(files: Files, question: Question = {}): Promise<Record<string, string[]>> {
  const { tables } = await top(files, question);
  return Object.fromEntries(tables.map(({ group, timed }) => [group ?? '', timed.map(inShort)]));
}

const start: Line = ['device.start', 0];
const end = (at: number): Line => ['device.end', at, { quiescent: true }];

describe('sums', () => {
  test('of counters are over all windows and devices, and say nothing of single calls', async () => {
    const windows = [dump(100, 100, { put: [2, 80, 50] }), dump(200, 100, { put: [1, 40] })];
    const {
      tables,
      deviceMs,
      windows: count,
    } = await top(filesOf({ peer1: [start, ...windows, end(200)], peer2: [start, ...windows, end(200)] }));
    expect(tables[0]?.timed).toMatchObject([
      { source: 'counter', name: 'put', calls: 6, totalMs: 240, meanMs: 40, maxMs: 50, p95Ms: null, selfMs: null },
    ]);
    expect({ deviceMs, count }).toEqual({ deviceMs: 400, count: 4 });
  });

  test('of overlapping calls add up, and what was busy is their union', async () => {
    const lines = [start, request('pin', 100, 60), request('pin', 120, 60), request('pin', 500, 10), end(1000)];
    const { tables } = await top(filesOf({ peer1: lines }));
    expect(tables[0]?.timed[0]).toMatchObject({
      ...{ calls: 3, totalMs: 130, busyMs: 90, busyExact: true, busyShare: 0.09, maxMs: 60, meanMs: 43.333, p95Ms: 60 },
    });
  });

  test('of counters that exceed the wall are bounds, and never more than the wall', async () => {
    const lines = [start, dump(60_000, 60_000, { load: [100, 466_000, 9000], put: [3, 660, 300] }), end(60_000)];
    const { tables } = await top(filesOf({ peer1: lines }));
    expect(tables[0]?.timed.map(({ name, busyShare, busyExact }) => [name, busyShare, busyExact])).toEqual([
      ['load', 1, false],
      ['put', 0.011, false],
    ]);
  });

  test('of what only counts stand apart', async () => {
    const lines = [start, dump(100, 100, { 'verify.local': [565_171], 'put.totalMs': [1, 5] }), end(100)];
    const { tables } = await top(filesOf({ peer1: lines }), { identities: ['verify.local == 565171'] });
    expect(tables[0]?.counted).toMatchObject([{ name: 'verify.local', count: 565_171 }]);
    expect(tables[0]?.timed.map(({ name }) => name)).toEqual(['put.totalMs']);
  });

  test('are ordered by what is asked, and cut to so many rows', async () => {
    const lines = [start, dump(100, 100, { a: [1, 50, 50], b: [9, 30, 10], c: [3, 40, 20] }), end(100)];
    const names = async (question: Question) => (await top(filesOf({ peer1: lines }), question)).tables[0];
    expect((await names({}))?.timed.map(({ name }) => name)).toEqual(['a', 'c', 'b']);
    expect((await names({ by: 'calls' }))?.timed.map(({ name }) => name)).toEqual(['b', 'c', 'a']);
    expect(await names({ by: 'max', limit: 1 })).toMatchObject({ timed: [{ name: 'a' }], omitted: { timed: 2 } });
  });
});

describe('self', () => {
  test('is what no part covers; parts that overlap count once', async () => {
    const inside = [request('pin', 40, 30, 'o1'), request('pin', 60, 30, 'o1'), request('fetch', 90, 10, 'o1')];
    expect(await rows(filesOf({ peer1: [start, ...operation('pay', 'o1', [0, 100], inside), end(100)] }))).toEqual({
      '': ['op pay 1 100 40 100', 'request pin 2 60 60 50', 'request fetch 1 10 10 10'],
    });
  });

  test('is known where operations lie in operations, also if a log tells of the inner one first', async () => {
    const inner = operation('send', 'o2', [20, 60], [request('pin', 50, 20, 'o2')], 'o1');
    const first: Line[] = [...inner, ...operation('pay', 'o1', [0, 100])];
    const nested = operation('pay', 'o1', [0, 100], inner);
    for (const lines of [first, nested]) {
      expect(await rows(filesOf({ peer1: [start, ...lines, end(100)] }))).toEqual({
        '': ['op pay 1 100 60 100', 'op send 1 40 20 40', 'request pin 1 20 20 20'],
      });
    }
  });

  test('does not count what ended later, and is not known where nothing says what lies in what', async () => {
    const late = [...operation('pay', 'o1', [0, 100]), request('pin', 150, 100, 'o1')];
    expect(await rows(filesOf({ peer1: [start, ...late, end(200)] }))).toEqual({
      '': ['op pay 1 100 - 100', 'request pin 1 100 100 100'],
    });
    const apart = [...operation('pay', 'o1', [0, 100], [request('pin', 50, 20)])];
    expect((await rows(filesOf({ peer1: [start, ...apart, end(200)] })))['']).toEqual([
      'op pay 1 100 - 100',
      'request pin 1 20 - 20',
    ]);
  });

  test('of one process has nothing to do with the ids of the next', async () => {
    const files = {
      'a.ndjson': logOf('peer1', [start, ['op.start', 10, { op: 'pay', opId: 'o1' }], request('pin', 50, 20, 'o1')]),
      'b.ndjson': logOf('peer1', [start, ...operation('pay', 'o1', [1000, 1100]), end(1200)], 2),
    };
    expect((await rows(files))['']).toEqual(['op pay 1 100 - 100', 'request pin 1 20 20 20']);
  });
});

describe('groups', () => {
  const script = [section('§A', 0, 'first'), section('§B', 100)];

  test('are sections, by overlap: what straddles is parted, and marked', async () => {
    const lines = [
      start,
      dump(150, 100, { put: [4, 40, 30] }),
      request('pin', 130, 60),
      request('pin', 200, 10),
      end(200),
    ];
    const { tables, sections } = await top(filesOf({ peer1: lines, script }), { grouping: 'section' });
    const figures = tables.map(({ group, timed }) => [group, timed.map((row) => `${inShort(row)} ~${row.straddling}`)]);
    expect(figures).toEqual([
      ['§A', ['request pin 0 30 - 30 ~1', 'counter put 2 20 - ≤20 ~1']],
      ['§B', ['request pin 2 40 - 40 ~1', 'counter put 2 20 - ≤20 ~1']],
    ]);
    expect(sections).toEqual([
      {
        ...{ section: '§A', title: 'first', wallMs: 100, deviceMs: 100, spansMs: 30, countersMs: 20 },
        ...{ uncountedMs: 80, unattributedMs: 50, straddling: 1 },
      },
      {
        ...{ section: '§B', title: '§B', wallMs: 100, deviceMs: 100, spansMs: 40, countersMs: 20 },
        ...{ uncountedMs: 80, unattributedMs: 40, straddling: 1 },
      },
    ]);
  });

  test('sections told by several devices are one, and what lies before the first has a place', async () => {
    const told = [start, section('§A', 50), request('pin', 60, 20), section('§B', 100), end(200)];
    const { sections } = await top(filesOf({ peer1: told, peer2: told }));
    expect(sections.map(({ section, deviceMs }) => [section, deviceMs])).toEqual([
      [null, 100],
      ['§A', 100],
      ['§B', 200],
    ]);
  });

  test('are devices, each with its own time', async () => {
    const { tables } = await top(
      filesOf({ peer1: [start, request('pin', 50, 50), end(100)], peer2: [start, request('pin', 50, 50), end(200)] }),
      { grouping: 'device' },
    );
    expect(tables.map(({ group, timed }) => [group, timed[0]?.busyShare])).toEqual([
      ['peer1', 0.5],
      ['peer2', 0.25],
    ]);
  });

  test('are operations: the parts of each, whichever line comes first', async () => {
    const part = [request('pin', 50, 20, 'o1')];
    const named = [start, ...operation('pay', 'o1', [0, 100], part), end(200)];
    const later = [start, ...part, ...operation('pay', 'o1', [0, 100]), end(200)];
    for (const lines of [named, later]) {
      expect(await rows(filesOf({ peer1: lines }), { grouping: 'op' })).toEqual({
        pay: ['request pin 1 20 20 20'],
        '': ['op pay 1 100 80 100'],
      });
    }
    const never = [start, ...part, end(200)];
    expect(await rows(filesOf({ peer1: never }), { grouping: 'op' })).toEqual({ '': ['request pin 1 20 20 20'] });
  });
});

describe('last windows', () => {
  const dumps = [dump(100, 100, { put: [1, 50] }), dump(200, 100, { put: [1, 30] })];

  test('of a process that ends without a dump are estimated', async () => {
    expect((await top(filesOf({ peer1: [start, ...dumps, end(250)] }))).lost).toEqual([
      { device: 'peer1', incarnation: 1, unseenMs: 50, windowMs: 100, estimateMs: 20 },
    ]);
  });

  test('of a process that dumps as it ends are not lost; one shorter than a window says nothing', async () => {
    expect((await top(filesOf({ peer1: [start, ...dumps, end(200.5)], peer2: [start, end(40)] }))).lost).toEqual([
      { device: 'peer2', incarnation: 1, unseenMs: 40, windowMs: null, estimateMs: null },
    ]);
  });

  test('are nothing where there are no counters', async () => {
    expect((await top(filesOf({ peer1: [start, request('pin', 50, 20), end(100)] }))).lost).toEqual([]);
  });
});

describe('growth', () => {
  const windows = Array.from({ length: 20 }, (_, index) =>
    dump(100 * (index + 1), 100, {
      bundles: [index + 1],
      listings: [2],
      flush: [2, 3 * (index + 1) + 5],
      other: [1, 7 + (index % 3)],
    }),
  );

  test('is asked over windows', async () => {
    const { growth } = await top(filesOf({ peer1: [start, ...windows, end(2001)] }), { against: 'bundles' });
    expect(growth?.rows.map(({ name, shape, over, points }) => [name, shape, over, points])).toEqual([
      ['flush', 'linear', 'windows', 20],
      ['other', expect.stringMatching(/^(not-decided|flat)$/), 'windows', 20],
    ]);
    expect(growth?.rows[0]?.slope?.value).toBeCloseTo(3, 6);
  });

  test('per call is asked with a ratio', async () => {
    const { growth } = await top(filesOf({ peer1: [start, ...windows, end(2001)] }), {
      against: 'bundles per listings',
    });
    expect(growth).toMatchObject({ perCall: true, rows: [{ name: 'flush', shape: 'linear' }, { name: 'other' }] });
    expect(growth?.rows[0]?.slope?.value).toBeCloseTo(3, 6);
  });

  test('is asked over operations, where what grows happens inside of them; also inside of what they call', async () => {
    const pay = (index: number) => {
      const writes = Array.from({ length: index % 7 }, (_, at) =>
        request('pin', 1000 * index + 10 * at + 20, 10, `i${index}`),
      );
      const inner = operation('send', `i${index}`, [1000 * index, 1000 * index + 500], writes, `o${index}`);
      return operation('pay', `o${index}`, [1000 * index, 1000 * index + 510 + 10 * (index % 7) ** 2], inner);
    };
    const lines = Array.from({ length: 40 }, (_, index) => pay(index)).flat();
    const { growth } = await top(filesOf({ peer1: [start, ...lines, end(50_000)] }), { against: 'pin' });
    expect(growth?.rows.map(({ name, over, shape, points }) => [name, over, shape, points])).toEqual([
      ['pay', 'operations', 'quadratic', 40],
      ['send', 'operations', 'flat', 40],
    ]);
  });

  test('with a name that does not occur is refused, with names like it', async () => {
    const files = filesOf({ peer1: [start, ...windows, end(2001)] });
    await expect(top(files, { against: 'bundle' })).rejects.toMatchObject({
      message: '--against: bundle does not occur',
      hint: 'there is bundles',
    });
    await expect(top(files, { against: 'a per b per c' })).rejects.toThrow('expected a name');
  });
});

test('a run that says nothing of time is empty, not wrong', async () => {
  expect(await top(filesOf({ peer1: [start, end(100)] }))).toMatchObject({ tables: [], lost: [], verdict: null });
  expect(await top({ 'a.log': 'hello\n' })).toMatchObject({ tables: [], processes: 0, wallMs: 0, deviceMs: 0 });
});

describe('laws', () => {
  const happenings = fc.array(
    fc.oneof(
      fc.record({
        what: fc.constant('request'),
        kind: fc.constantFrom('pin', 'fetch'),
        us: fc.nat(90_000),
        op: fc.nat(3),
      }),
      fc.record({ what: fc.constant('dump'), kind: fc.constantFrom('put', 'get'), us: fc.nat(300_000), op: fc.nat(5) }),
      fc.record({ what: fc.constant('op'), kind: fc.constantFrom('pay', 'sync'), us: fc.nat(50_000), op: fc.nat(3) }),
    ),
    { minLength: 1, maxLength: 12 },
  );
  const logs = fc.array(happenings, { minLength: 1, maxLength: 3 }).map((some) =>
    some.map((happened, device): Line[] => {
      const lines = happened.map(({ what, kind, us, op }, index): readonly Line[] => {
        const at = 20 * index + 7 * device + 20;
        if (what === 'dump') return [dump(at, 45, { [kind]: [op, us / 1000, us / 3000], blocks: [op] })];
        if (what === 'op') return operation(kind, `o${op}`, [at - us / 1000, at]);
        return [request(kind, at, us / 1000, op === 0 ? undefined : `o${op}`)];
      });
      return [start, ...lines.flat(), end(400)];
    }),
  );
  const script = [section('§A', 30), section('§B', 95), section('§C', 96)];
  const question: Question = { against: 'event:device.start', identities: ['device.start == device.end'] };

  test('the answer does not depend on the files’ names, nor on how lines are spread over them', async () => {
    const ask = async (files: Files, grouping: TopOptions['grouping']) => {
      const { input, ...rest } = await top(files, { ...question, grouping });
      return JSON.stringify(rest);
    };
    await fc.assert(
      fc.asyncProperty(logs, fc.constantFrom('counter', 'device', 'op', 'section'), async (devices, grouping) => {
        const texts = devices.map((lines, index) => logOf(`peer${index}`, lines));
        const files = Object.fromEntries(texts.map((text, index) => [`${index}.ndjson`, text]));
        const turned = Object.fromEntries(texts.map((text, index) => [`${9 - index}.ndjson`, text]));
        const lines = texts.map((text) => text.trimEnd().split('\n'));
        const mixed = { 'all.ndjson': `${lines.flat().toReversed().join('\n')}\n` };
        const told = { 'script.ndjson': logOf('script', script) };
        const answer = await ask({ ...files, ...told }, grouping);
        expect(await ask({ ...turned, ...told }, grouping)).toBe(answer);
        expect(await ask({ ...mixed, ...told }, grouping)).toBe(answer);
      }),
      { numRuns: 25 },
    );
  });

  test('figures parted between sections add up to the whole, to the microsecond and the call', async () => {
    await fc.assert(
      fc.asyncProperty(logs, async (devices) => {
        const files = {
          ...filesOf(Object.fromEntries(devices.map((lines, index) => [`peer${index}`, lines]))),
          'script.ndjson': logOf('script', script),
        };
        const [whole, parted] = [await top(files), await top(files, { grouping: 'section' })];
        expect(sumsOf(parted)).toEqual(sumsOf(whole));
        for (const { timed, deviceMs } of [...whole.tables, ...parted.tables])
          for (const { busyMs, totalMs } of timed) {
            expect(busyMs).toBeLessThanOrEqual(deviceMs);
            expect(busyMs).toBeLessThanOrEqual(totalMs + 1e-9);
          }
        const ran = parted.sections.reduce((sum, { deviceMs }) => sum + Math.round(deviceMs * 1000), 0);
        expect(ran).toBe(Math.round(whole.deviceMs * 1000));
      }),
      { numRuns: 25 },
    );
  });
});

/** Calls and µs by name, over all tables. */
function sumsOf({ tables }: TopReport): Record<string, readonly [number, number]> {
  const sums: Record<string, readonly [number, number]> = {};
  const add = (key: string, calls: number, us: number) => {
    const [before = 0, usBefore = 0] = sums[key] ?? [];
    sums[key] = [before + calls, usBefore + us];
  };
  for (const { timed, counted } of tables) {
    for (const { source, name, calls, totalMs } of timed) add(`${source} ${name}`, calls, Math.round(totalMs * 1000));
    for (const { source, name, count } of counted) add(`${source} ${name}`, count, 0);
  }
  return sums;
}

test('a window that is said to be longer than its process lived is cut to it', async () => {
  const lines: Line[] = [
    ['device.start', 900],
    dump(1000, 15_000, { put: [1, 50] }),
    ['device.end', 1000, { quiescent: false }],
  ];
  const { tables, sections, deviceMs } = await top(
    filesOf({ peer1: lines, script: [section('§A', 500), section('§B', 950)] }),
    {
      grouping: 'section',
    },
  );
  expect(deviceMs).toBe(100);
  expect(tables.map(({ group, timed }) => [group, timed[0]?.totalMs])).toEqual([
    ['§A', 25],
    ['§B', 25],
  ]);
  expect(sections.map(({ deviceMs: ran, countersMs }) => [ran, countersMs])).toEqual([
    [50, 25],
    [50, 25],
  ]);
});
