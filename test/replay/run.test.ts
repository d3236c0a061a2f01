import { afterEach, expect, test, vi } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import type { Run } from '../../src/replay/run.ts';
import { chance } from '../invariants/mutate.ts';
import { cutting } from '../recut.ts';
import { opened } from './support.ts';

vi.mock('../../src/events/sources/open.ts', async (original) => (await import('../recut.ts')).recutting(original));

afterEach(() => {
  cutting.by = undefined;
});

/** A line of a device's log, some 200 bytes long. */
function line(device: string, seq: number): string {
  const time = 1_748_642_400_000 + seq;
  const event = {
    v: 1,
    device,
    identity: 'bob',
    incarnation: 1,
    seq,
    time,
    type: seq === 1 ? 'device.start' : 'op.start',
  };
  return JSON.stringify({ ...event, ...(seq > 1 && { opId: `${device} ${seq}`, op: 'pay' }), msg: 'x'.repeat(60) });
}

function lines(device: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => line(device, index + 1));
}

/** About so many KiB of what is no event. */
function chatter(kib: number): string[] {
  return Array.from({ length: kib * 10 }, (_, index) =>
    JSON.stringify({ level: 20, msg: `${index} `.padEnd(80, '.') }),
  );
}

function openedAs<Outcome>(log: readonly string[], use: (run: Run) => Outcome | Promise<Outcome>): Promise<Outcome> {
  return opened({ 'bundle.ndjson': `${log.join('\n')}\n` }, async (run) => use(run));
}

const devicesIn = ({ files }: Run) => files.flatMap(({ devices }) => [...devices.keys()]);

test('whose a log is, its first lines say', async () => {
  expect(await openedAs(lines('peer1', 400), devicesIn)).toEqual(['peer1']);
});

test('behind lines that are no events, it is found within a thousand of them', async () => {
  const first = ({ files: [file] }: Run) => file?.first?.device;
  expect(await openedAs([...chatter(40), ...lines('peer1', 3)], first)).toBe('peer1');
  expect(await openedAs([...chatter(101), ...lines('peer1', 3)], first)).toBe(undefined);
});

test.each([
  ['within the first lines of another', 49],
  ['right behind the first lines of another', 50],
  ['behind lines that are no events', 0],
])(
  'how a log is cut into blocks does not change whose it is said to be: a device that begins %s',
  async (_, before) => {
    const log = [
      ...chatter(before === 0 ? 99 : 0),
      ...lines('peer1', before),
      ...lines('peer2', 40),
      ...lines('peer3', 2),
    ];
    const whole = await openedAs(log, devicesIn);
    for (let seed = 1; seed <= 20; seed++) {
      cutting.by = chance(seed, 'blocks');
      expect(await openedAs(log, devicesIn), `seed ${seed}`).toEqual(whole);
    }
  },
);

test('where two devices write in turn, a third is found that begins later', async () => {
  const [one, other] = [lines('peer1', 80), lines('peer2', 80)];
  const inTurn = one.flatMap((line, index) => [line, other[index] as string]);
  expect(await openedAs([...inTurn, ...lines('peer3', 3)], devicesIn)).toEqual(['peer1', 'peer2', 'peer3']);
});

test.each([
  ['behind the first lines of another', 120],
  ['far behind the lines of another', 800],
])('a device that begins %s is judged like any other', async (_, before) => {
  const log = [...lines('peer1', before), ...lines('peer2', 3)];
  const [report] = await openedAs(log, async (run) => {
    expect(devicesIn(run)).toEqual(['peer1']);
    return checkBalances({ paths: [run.files[0]?.source.layout?.()?.location as string] });
  });
  expect(report?.devices.map(({ device, events }) => [device, events])).toEqual([
    ['peer1', before],
    ['peer2', 3],
  ]);
});
