import { expect, test } from 'vitest';
import { z } from 'zod';
import { importIntoSpeedscope } from './speedscope-importer.ts';
import { everything, exported } from './support.ts';

const place = { pid: z.int().positive(), tid: z.int().nonnegative() };
const timed = { ...place, name: z.string().min(1), ts: z.int().nonnegative() };

/** The kinds of events that are written, as the documentation of the Trace Event Format has them. */
const traceEvent = z.discriminatedUnion('ph', [
  z.strictObject({
    ...{ ph: z.literal('M'), ...place },
    ...{ name: z.enum(['process_name', 'process_labels', 'process_sort_index', 'thread_name', 'thread_sort_index']) },
    args: z.union([
      z.strictObject({ name: z.string() }),
      z.strictObject({ labels: z.string() }),
      z.strictObject({ sort_index: z.int() }),
    ]),
  }),
  z.strictObject({
    ...{ ph: z.literal('X'), ...timed, cat: z.string(), dur: z.int().nonnegative() },
    args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.strictObject({
    ...{ ph: z.literal('i'), ...timed, cat: z.string(), s: z.enum(['g', 'p', 't']) },
    args: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  z.strictObject({ ph: z.literal('C'), ...timed, cat: z.string(), args: z.record(z.string(), z.number()) }),
]);

const trace = z.strictObject({
  traceEvents: z.array(traceEvent),
  displayTimeUnit: z.enum(['ms', 'ns']),
  otherData: z.record(z.string(), z.string()),
});

type Event = z.infer<typeof traceEvent>;
const epoch = 1_748_642_400_000_000;

async function eventsOf(story: string): Promise<readonly Event[]> {
  return trace.parse(JSON.parse(await exported(story, 'perfetto'))).traceEvents;
}

test('a device is a process, and each of its lanes a thread', async () => {
  const events = await eventsOf(everything);
  const names = events.flatMap((event) =>
    event.ph === 'M' && 'name' in event.args ? [`${event.pid}/${event.tid} ${event.args.name}`] : [],
  );
  expect(names).toEqual([
    ...['1/0 peer1', '1/3 operations', '1/4 round trips and writes', '1/5 sections'],
    ...['2/0 peer2', '2/6 operations'],
  ]);
  const slices = events.flatMap((event) =>
    event.ph === 'X' ? [`${event.tid} ${event.cat} ${event.name} ${event.ts - epoch}+${event.dur}`] : [],
  );
  expect(slices).toEqual([
    '4 write write mint 75750+4250',
    '3 verify verify 87500+12500',
    '3 verify verify 104000+11000',
    '3 publish publish 118000+7000',
    '3 op publish-state 54500+80500',
    '3 request pin 136000+9000',
    '3 op pay 25000+130000',
    '4 request fetch 162000+3000',
    '5 section §A.1 setup 20000+165000',
    '5 section §A.2 the end 185000+30000',
    '6 request fetch 5280000+5000',
    '6 op wait 5235000+50000',
  ]);
});

test('a slice says all that its line says, and where it stands', async () => {
  const events = await eventsOf(everything);
  const args = (name: string) => events.filter((event) => event.ph === 'X' && event.name === name).map((e) => e.args);
  expect(args('verify')[0]).toEqual({
    ...{ opId: 'op-2', attempt: 1, ok: false, effect: 'e1', gateway: 'gw-1', durationMs: 12.5 },
    ...{ at: 'peer1:1:6', line: 'peer1.ndjson:6', endMs: '1748642400100' },
  });
  expect(args('pin')).toEqual([
    {
      ...{ opId: 'op-1', attempt: 1, ok: true, bytes: 100, blocks: 3, requestId: 'r-9', durationMs: 9 },
      ...{ at: 'peer1:1:10', line: 'peer1.ndjson:10', endMs: '1748642400145' },
    },
  ]);
  expect(args('wait')).toEqual([
    { opId: 'op-1', unfinished: true, at: 'peer2:1:2', line: 'peer2.ndjson:2', endMs: '1748642405285' },
  ]);
});

test('a failed assertion is an instant, a held one is nothing', async () => {
  const instants = (await eventsOf(everything)).filter(({ ph }) => ph === 'i');
  expect(instants).toEqual([
    {
      ...{ ph: 'i', s: 'p', name: 'agree', cat: 'assertion', pid: 1, tid: 0, ts: epoch + 195_000 },
      args: { ok: false, detail: '5 is not 4', at: 'peer1:1:15', line: 'peer1.ndjson:15', endMs: '1748642400195' },
    },
  ]);
});

test('a counter holds through its window, and is nothing where there is none', async () => {
  const counters = (count: number) => `counters={"a":{"count":${count},"totalMs":${count / 2},"maxMs":1}}`;
  const events = await eventsOf(`
    peer1  counters windowMs=100 ${counters(1)} time=1748642400100
    peer1  counters windowMs=100 ${counters(2)} time=1748642400200
    peer1  counters windowMs=100 ${counters(4)} time=1748642400400.5
  `);
  expect(events.flatMap((event) => (event.ph === 'C' ? [[event.name, event.ts - epoch, event.args]] : []))).toEqual([
    ['a', 0, { totalMs: 0.5, count: 1, maxMs: 1 }],
    ['a', 100_000, { totalMs: 1, count: 2, maxMs: 1 }],
    ['a', 200_000, { totalMs: 0, count: 0, maxMs: 0 }],
    ['a', 300_500, { totalMs: 2, count: 4, maxMs: 1 }],
    ['a', 400_500, { totalMs: 0, count: 0, maxMs: 0 }],
  ]);
});

test('times have no digits that the log does not have', async () => {
  const events = await eventsOf('peer1  request fetch durationMs=0.1 time=1748642400123.3');
  expect(events.filter(({ ph }) => ph === 'X')).toMatchObject([{ ts: 1_748_642_400_123_200, dur: 100 }]);
});

test('the importer of another tool reads the slices as they were written', async () => {
  const profiles = await importIntoSpeedscope('run.json', await exported(everything, 'perfetto'));
  expect(profiles.map((profile) => profile.getName()).sort()).toEqual([
    ...['peer1 (pid 1), operations (tid 3)', 'peer1 (pid 1), round trips and writes (tid 4)'],
    ...['peer1 (pid 1), sections (tid 5)', 'peer2 (pid 2), operations (tid 6)'],
  ]);
});

test('an empty run is an empty trace', async () => {
  expect(await eventsOf('peer1  start')).toEqual([]);
});
