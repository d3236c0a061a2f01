import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import type { Run } from '../../src/replay/run.ts';
import { opened } from './support.ts';

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

test('behind lines that are no events, it is found within 64 KiB', async () => {
  const first = ({ files: [file] }: Run) => file?.first?.device;
  expect(await openedAs([...chatter(40), ...lines('peer1', 3)], first)).toBe('peer1');
});

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
