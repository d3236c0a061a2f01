import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { Run } from '../../../src/replay/run.ts';
import { root } from '../../source.ts';
import { tell } from '../../story/tell.ts';
import type { Files } from '../../story.ts';
import { opened } from '../support.ts';
import { glanceAtRun, glanceAtTrips } from './glanced.ts';

/** Why runs were beyond a glance. */
const reasons = vi.hoisted((): string[] => []);

vi.mock('../../../src/replay/glance/beyond.ts', () => ({
  Beyond: class extends Error {
    constructor(reason: string) {
      super(reason);
      reasons.push(reason);
    }
  },
}));

beforeEach(() => {
  reasons.length = 0;
});

/** Why a run is beyond a glance; `glanced` where it is not. */
async function glance(files: Files): Promise<string> {
  return glanced(files, async (run) => {
    const found = await glanceAtRun(run);
    return found?.isOpen ? found.lookCloser() : found;
  });
}

/** The same of a glance at its round trips. */
async function glanceForTrips(files: Files): Promise<string> {
  return glanced(files, glanceAtTrips);
}

async function glanced(files: Files, look: (run: Run) => Promise<unknown>): Promise<string> {
  const found = await opened(files, look);
  return found ? 'glanced' : (reasons.at(-1) ?? 'beyond it without a reason');
}

/** A payment to oneself, on two devices, and what was seen of it; with something more before the end. */
const calm = (more = '') => `
  peer1 start
  peer2 start
  peer1 write e1 kind=mint outputs=T1:UCT:1 booked
  peer2 applied e1 booked
  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:1 booked
  peer2 applied e2 booked
  peer1 read UCT 1
  peer1 tokens T2:UCT:1
  peer2 publish s1 frontier=peer1:2 contents=e1,e2
  peer1 assertion name=sum ok=true
${more}
  peer1 end quiescent
  peer2 end quiescent`;

const long = 'x'.repeat(88);
const written = 'peer1 write e3 kind=mint outputs=T3:UCT:1 booked';
const caused = 'peer3 start\npeer3 write g1\npeer1 applied g1\npeer1 write e3 deps=g1,e2';
const sent =
  'peer1 write e3 kind=transfer inputs=T2 outputs=T3:UCT:1:alice booked\npeer2 applied e3 booked\nalice1@alice start';

/** A device is wiped and takes a snapshot over. */
const back = 'peer1 clear\npeer1 import s1\npeer1 balance T2 UCT 1 snapshot=s1';
const back2 = back.replaceAll('peer1', 'peer2');
const of2 = back.replaceAll('s1', 's2');
const heard = `peer1 write e3\npeer2 received e3\npeer2 applied e3\n${back2}\npeer2 applied e3`;

const stillborn = `${written}\npeer1 write e4 kind=burn inputs=T3 booked\npeer2 applied e4\npeer2 applied e3\n${back2}
  peer2 applied e3\npeer2 balance T3 UCT 1 effect=e3\npeer2 applied e4\npeer2 balance T3 UCT -1 effect=e4`;

/** A device of which every other line is missing, so often. */
function withHoles(count: number): string {
  return Array.from({ length: count }, (_, index) => `peer1 read UCT 1 seq=${100 + index * 2}`).join('\n');
}

/** Why a run is beyond a glance, what happens there, and what would have been nothing to remark on. */
const stories: readonly (readonly [reason: string, beyond: string, calm: string])[] = [
  [
    'lines that are missing or out of order',
    'peer1 read UCT 1 seq=99\npeer1 read UCT 1 seq=50',
    'peer1 read UCT 1 seq=99\npeer1 read UCT 1 seq=100',
  ],
  ['lines that are missing or out of order', '- peer1 start\npeer1 read UCT 1', 'peer1 start\npeer1 read UCT 1'],
  ['more holes than are kept', withHoles(1001), withHoles(1000)],
  [
    'lines that are missing or out of order',
    'peer1 read UCT 1 incarnation=3 seq=1',
    'peer1 read UCT 1 incarnation=2 seq=1',
  ],
  ['lines of another run', 'peer1 read UCT 1 run=run-9', 'peer1 read UCT 1 run=run-1'],
  ['a device of two identities', 'peer1 read UCT 1 identity=alice', 'peer1 read UCT 1 identity=bob'],
  ['a device that did not come back', 'peer1 clear', back],
  ['a device that did not come back', 'peer1 clear\npeer1 import s1', back],
  ['a device that has yet to come back', 'peer1 clear\npeer1 received e2', back],
  ['a device that has yet to come back', 'peer1 clear\npeer1 write e3', back],
  ['a device that has yet to come back', 'peer1 clear\npeer1 balance T2 UCT 1 effect=e2', back],
  [
    'a device that has yet to come back',
    'peer1 clear\npeer1 import s1\npeer1 read UCT 1',
    back.replace('clear', 'clear\npeer1 read UCT 0 tokens=0'),
  ],
  ['a line of type clear', 'peer1 clear\npeer1 import s1\npeer1 clear', `peer1 clear\n${back}`],
  ['a line of type import', 'peer1 clear\npeer1 import s1\npeer1 import s1', `peer1 import s1\n${back}`],
  [
    'a line of type publish',
    'peer1 clear\npeer1 publish s2 frontier=peer1:2',
    `${back}\npeer1 publish s2 frontier=peer1:2`,
  ],
  ['a line of type tokens.read', 'peer1 clear\npeer1 import s1\npeer1 tokens T2', `${back}\npeer1 tokens T2`],
  ['stray changes before a clear', `peer1 balance S1 UCT 1 effect=e2\n${back}`, back],
  ['an arrival before a clear that was not applied', `peer1 write e3\npeer2 received e3\n${back2}`, heard],
  [
    'an effect before a clear that was not booked',
    `peer1 write e3 kind=mint outputs=T3:UCT:1\n${back}`,
    `${written}\n${back}\npeer1 applied e3 booked\npeer2 applied e3 booked`,
  ],
  [
    'an effect before a clear that was not booked',
    `${written}\npeer2 balance T3 UCT 1 effect=e3\n${back2}`,
    `${written}\npeer2 applied e3 booked\n${back2}\npeer2 applied e3 booked`,
  ],
  ['a change by a snapshot that does not make it', `${back}\npeer1 balance T2 UCT 1 snapshot=s1`, back],
  [
    'a change by a snapshot that does not make it',
    back.replace('1 snapshot', '1 effect=e2 snapshot').replace('T2', 'T1'),
    back,
  ],
  ['a change by a snapshot that does not make it', back.replace('snapshot=s1', 'snapshot=s2'), back],
  ['a change by a snapshot that does not make it', 'peer1 balance T2 UCT 1 effect=e2 snapshot=s1', ''],
  ['a token that comes back as something else', back.replace('UCT 1', 'UCT 2'), back.replace('UCT 1', 'UCT 1.00')],
  ['a token that comes back as something else', back.replace('UCT 1', 'EUR 1'), back],
  [
    'a snapshot that brings other effects than it claims',
    back.replace('import s1', 'import s1 contents=e2'),
    back.replace('import s1', 'import s1 contents=e2,e1'),
  ],
  ['a snapshot of which too little is known', `peer2 publish s1 frontier=peer1:2\n${back}`, back],
  [
    'a snapshot of which too little is known',
    `alice1@alice start\nalice1@alice publish s2 frontier=peer1:2\n${of2}`,
    `alice1@alice start\npeer2 publish s2 frontier=peer1:2\n${of2}`,
  ],
  [
    'a snapshot that claims what nobody wrote',
    `peer2 publish s2 frontier=peer1:3\n${of2}`,
    `peer2 publish s2 frontier=peer1:2,peer9:0\n${of2}`,
  ],
  [
    'an older snapshot than one that was known',
    `${written}\npeer2 applied e3 booked\npeer2 publish s2 frontier=peer1:3\n${back2}\npeer2 applied e3 booked`,
    `${written}\npeer2 applied e3 booked\npeer1 publish s2 frontier=peer1:3\n${back2}\npeer2 applied e3 booked`,
  ],
  [
    'a token that did not come alive before a clear, or since',
    `${stillborn}\npeer1 balance T3 UCT 1 effect=e3`,
    stillborn,
  ],
  [
    'a line of type publish',
    'peer1 publish s2 frontier=peer1:2 contents=e1',
    'peer1 publish s2 frontier=peer1:2 contents=e1,e2',
  ],
  ['a notice that implies others', 'peer2 received e1 headsOnly', 'peer2 received e1'],
  ['a line without the line that it follows from', 'peer2 received e3 origin=peer1 originSeq=3', 'peer2 received e2'],
  ['a line without the line that it follows from', 'peer2 received e3 origin=peer3 originSeq=1', 'peer2 received e2'],
  ['an effect without its writing', 'peer2 received e3 origin=peer2 originSeq=1', 'peer2 received e2'],
  [
    'an effect of another origin',
    `${written}\npeer2 received e3 originSeq=2\npeer2 applied e3 booked`,
    `${written}\npeer2 received e3 originSeq=3\npeer2 applied e3 booked`,
  ],
  ['a cause that nobody wrote before', 'peer1 write e3 deps=e9', 'peer1 write e3 deps=e2'],
  [
    'a snapshot without the causes of what is in it',
    `${caused}\npeer2 publish s2 frontier=peer1:3`,
    `${caused}\npeer2 publish s2 frontier=peer1:2`,
  ],
  [
    'effects that are missing or out of order',
    'peer1 write e3 originSeq=4',
    'peer1 write e3 originSeq=3\npeer2 applied e3',
  ],
  ['an effect that is written twice', 'peer1 write e2', 'peer1 write e3\npeer2 applied e3'],
  ['a long id', `peer1 write x${long}`, `peer1 write ${long}\npeer2 applied ${long}`],
  [
    'a long id',
    `peer1 write e3 kind=mint outputs=x${long}:UCT:1`,
    `peer1 write e3 kind=mint outputs=${long}:UCT:1 booked\npeer2 applied e3 booked`,
  ],
  [
    'a long name of a coin',
    `peer1 write e3 kind=mint outputs=T3:x${long}:1`,
    `peer1 write e3 kind=mint outputs=T3:${long}:1 booked\npeer2 applied e3 booked`,
  ],
  ['a change without an effect', 'peer1 balance T9 UCT 1', ''],
  ['a change by an effect that nobody wrote before', 'peer2 balance T2 UCT 1 effect=e9', ''],
  [
    'more stray changes than are kept',
    Array.from({ length: 1001 }, (_, number) => `peer1 balance S${number} UCT 1 effect=e2`).join('\n'),
    Array.from({ length: 1000 }, (_, number) => `peer1 balance S${number} UCT 1 effect=e2`).join('\n'),
  ],
  [
    'a token of no worth',
    'peer1 write e3 kind=mint outputs=T3:UCT:0.0',
    'peer1 write e3 kind=mint outputs=T3:UCT:0.1 booked\npeer2 applied e3 booked',
  ],
  [
    'an amount below zero',
    'peer1 write e3 kind=mint outputs=T3:UCT:-1 booked\npeer1 write e4 kind=burn inputs=T3',
    'peer1 write e3 kind=mint outputs=T3:UCT:-1 booked\npeer2 applied e3 booked',
  ],
  [
    'a token that is sent twice',
    `${sent}\npeer1 write e4 kind=mint outputs=T3:UCT:1:alice`,
    `${sent}\nalice1@alice end`,
  ],
  ...['T3:UCT:2', 'T3:EUR:1'].map(
    (output) =>
      [
        'a token that changed on its way',
        `${sent}\nalice1@alice write a1 kind=receive outputs=${output} booked`,
        `${sent}\nalice1@alice write a1 kind=receive outputs=T3:UCT:1.0 booked`,
      ] as const,
  ),
];

describe('beyond a glance', () => {
  test.each(stories)('is %s', async (reason, beyond, healthy) => {
    expect(await glance(tell(calm(healthy)))).toBe('glanced');
    expect(await glance(tell(calm(beyond)))).toBe(reason);
  });

  describe('in a log of all devices, where effects are over as soon as they came everywhere,', () => {
    const glanceAtOne = (story: string) => glance(tell(story.replaceAll(/(\S)$/gm, '$1 file=all.ndjson')));

    test('is an effect of long ago', async () => {
      expect(await glanceAtOne(calm(`${back}\npeer2 received e2`))).toBe('glanced');
      expect(await glanceAtOne(calm(`${back}\npeer1 received e2`))).toBe('an effect of long ago');
    });

    test('is a snapshot that lacks what is forgotten', async () => {
      const told = (claimed: number) => calm(`peer1 publish s2 frontier=peer1:${claimed}\n${of2}`);
      expect(await glanceAtOne(told(2))).toBe('glanced');
      expect(await glanceAtOne(told(1))).toBe('a snapshot that lacks what is forgotten');
    });

    test('is a snapshot of long ago, and before that what is written since is forgotten', {
      timeout: 30_000,
    }, async () => {
      const told = (effects: number) => {
        const numbers = Array.from({ length: effects }, (_, number) => number);
        const written = numbers.map((number) => `peer1 write n${number}\npeer2 applied n${number}`);
        return calm([...written, back2, ...numbers.map((number) => `peer2 applied n${number}`)].join('\n'));
      };
      expect(await glanceAtOne(told(4096))).toBe('glanced');
      expect(await glanceAtOne(told(4097))).toBe('a snapshot that lacks what is forgotten');
      expect(await glanceAtOne(told(4999))).toBe('a snapshot that lacks what is forgotten');
      expect(await glanceAtOne(told(5000))).toBe('a snapshot of long ago');
    });
  });

  test('is a log that may be cut off', async () => {
    const restart = 'peer1 start file=later.ndjson\npeer1 read UCT 1 file=later.ndjson';
    const told = (before: string) => tell(calm(`${before}\n${restart}`).replace('\n  peer1 end quiescent', ''));
    expect(await glance(told('peer1 end quiescent'))).toBe('glanced');
    expect(await glance(told(''))).toBe('a log that may be cut off');
    // In one file there is nothing that could have been cut off.
    expect(await glance(tell(calm('peer1 start\npeer1 read UCT 1')))).toBe('glanced');
  });

  test('are readings without a ledger', async () => {
    const told = (booked: string) =>
      tell(`peer1 write e1 kind=mint outputs=T1:UCT:1 ${booked}\npeer1 read EUR 0 tokens=0`);
    expect(await glance(told('booked'))).toBe('glanced');
    expect(await glance(tell('peer1 write e1\npeer1 read EUR 0 tokens=0'))).toBe('readings without a ledger');
  });

  test('is a device of unknown identity', async () => {
    const { 'peer1.ndjson': log = '' } = tell('peer1 start\npeer1 end quiescent');
    expect(await glance({ 'peer1.ndjson': log })).toBe('glanced');
    expect(await glance({ 'peer1.ndjson': log.replaceAll('"identity":"bob",', '') })).toBe(
      'a device of unknown identity',
    );
  });

  test('is a device with half a character in its name', async () => {
    const { 'peer1.ndjson': log = '' } = tell('peer1 start\npeer1 end quiescent');
    const named = (name: string) => glance({ 'peer1.ndjson': log.replaceAll('"peer1"', `"${name}"`) });
    expect(await named('pe\\u00e9r')).toBe('glanced');
    expect(await named('pe\\ud800r')).toBe('a name that is no Unicode');
  });

  test('is a device that nobody named before', async () => {
    const late = (lines: number) => {
      const padding = `peer1 section section=§A title=${'x'.repeat(1000)} file=all.ndjson\n`.repeat(lines);
      return tell(`${padding}\npeer2 start file=all.ndjson`);
    };
    expect(await glance(late(3))).toBe('glanced');
    expect(await glance(late(2000))).toBe('a device that nobody named before');
  });

  test('are more than 30 devices of one identity', async () => {
    const devices = (count: number) =>
      tell(Array.from({ length: count }, (_, index) => `peer${index} start`).join('\n'));
    expect(await glance(devices(30))).toBe('glanced');
    expect(await glance(devices(31))).toBe('more than 30 devices');
  });

  test("is an observer's word of what devices do", async () => {
    const said = (line: string) => glance({ ...tell(calm()), 'script.log': `==== §A ====\n${line}\n` });
    expect(await said('ASSERT OK (sum)')).toBe('glanced');
    expect(await said('ASSERT FAIL (sum)')).toBe('glanced');
    const sphere = (message: string) => {
      const text = `[2026-05-30T22:03:01.123Z] [DEBUG] [wallet] ${message}\n`;
      return glance({ ...tell(calm()), 'sphere.log': text });
    };
    expect(await sphere('connected')).toBe('glanced');
    expect(await sphere('save(): providers=1, tokens=[]')).toBe("an observer's line of type tokens.read");
  });

  test.each([
    [
      'an effect of another identity',
      'alice1@alice start\nalice1@alice write a1\npeer1 applied a1',
      'peer1 applied e2',
    ],
    ['an effect without its writing', 'peer2 received e9 origin=peer1 originSeq=2', 'peer2 received e2'],
    ['a line without the line that it follows from', 'peer2 import s9', 'peer2 import s1'],
    ['effects that are missing or out of order', 'peer1 write e3 originSeq=4', 'peer1 write e3 originSeq=3'],
    ['an effect that is written twice', 'peer1 write e2', 'peer1 write e3'],
    ['a long id', `peer1 balance x${long} UCT 1`, `peer1 balance ${long} UCT 1`],
    ['a long name of a coin', `peer1 balance T9 x${long} 1`, `peer1 balance T9 ${long} 1`],
    ['lines that are missing or out of order', '- peer1 read UCT 1', 'peer1 clear'],
  ])('is %s, for whoever counts round trips', async (reason, beyond, enough) => {
    expect(await glanceForTrips(tell(calm(enough)))).toBe('glanced');
    expect(await glanceForTrips(tell(calm(beyond)))).toBe(reason);
  });

  test('is a line of an operation that fits no row, for whoever looks at operations', async () => {
    const verified = (attempt: number) =>
      tell(`peer1 start\npeer1 verify effect=e1 attempt=${attempt} ok=true durationMs=1\npeer1 end quiescent`);
    expect(await glance(verified(2 ** 31))).toBe('glanced');
    expect(await glanceForTrips(verified(2 ** 31 - 1))).toBe('glanced');
    expect(await glanceForTrips(verified(2 ** 31))).toBe('a line that fits no row');
  });

  test('are lines of a device in two files that are read by turns, for whoever looks at operations', async () => {
    const files = tell(`
      peer1 start
      peer2 start file=peer1.ndjson
      peer2 verify effect=g1 attempt=1 ok=false durationMs=1 file=peer1.ndjson
      peer3 start
      peer3 write g1
      peer1 applied g1
      peer2 verify effect=g1 attempt=2 ok=true durationMs=1
      peer1 end quiescent
      peer2 end quiescent
      peer3 end quiescent`);
    expect(await glance(files)).toBe('glanced');
    expect(await glanceForTrips(files)).toBe('lines of a device in two batches at once');
  });

  test('are more operations under way than are kept', { timeout: 30_000 }, async () => {
    const header = { v: 1, device: 'peer1', identity: 'bob', incarnation: 1 };
    const started = (count: number) => ({
      'peer1.ndjson': Array.from(
        { length: count },
        (_, index) =>
          `${JSON.stringify({ ...header, seq: index + 1, type: 'op.start', op: 'pay', opId: `o${index}` })}\n`,
      ).join(''),
    });
    expect(await glanceForTrips(started(65_534))).toBe('glanced');
    expect(await glanceForTrips(started(65_535))).toBe('more operations than are kept');
  });

  test('and nothing else, as far as anybody can say who reads the source', () => {
    const folder = join(root, 'src/replay/glance');
    const thrown = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/new Beyond\(['`"]([^$'`"]+)/g)])
      .map(([, reason]) => reason as string);
    // No event holds such an amount: `amounts.test.ts` has them; `close-look.test.ts` has the file.
    const unheard = ['a long amount', 'an amount that is none', 'a file that changes while it is read'];
    expect(thrown).toEqual(expect.arrayContaining(unheard));
    const told = readFileSync(import.meta.filename, 'utf8');
    expect(thrown.filter((reason) => !unheard.includes(reason) && !told.includes(reason.trim()))).toEqual([]);
  });
});

test.each([
  ['nothing but starts and ends', 'peer1 start\npeer1 end quiescent'],
  ['a run that nobody ended', calm().replaceAll('end quiescent', 'read UCT 1')],
  ['restarts, in order and by a crash', calm('peer1 end\npeer1 start\npeer2 start\npeer2 read UCT 1')],
  ['an effect that comes again', calm('peer2 received e1\npeer2 applied e2\npeer2 deduplicated e2\npeer1 received e1')],
  [
    'several coins in one mint',
    calm('peer1 write e3 kind=mint outputs=T3:UCT:1,T4:EUR:2 booked\npeer2 applied e3 booked'),
  ],
  [
    'several tokens in one payment',
    calm(
      `${written}\npeer2 applied e3 booked\npeer2 write p1 kind=transfer inputs=T2,T3 outputs=T5:UCT:2 booked\npeer1 applied p1 booked`,
    ),
  ],
  [
    'a payment to somebody else',
    calm(`${sent}\nalice1@alice write a1 kind=receive outputs=T3:UCT:1 booked\nalice1@alice read UCT 1`),
  ],
  [
    'what moves no token',
    calm(
      'peer1 begin pay opId=o1\npeer1 write e3\npeer1 verify e3\npeer1 request pin\npeer2 applied e3\npeer1 arbiter T2 refused',
    ),
  ],
])('a glance is enough for %s', async (_, story) => {
  expect(await glance(tell(story))).toBe('glanced');
});
