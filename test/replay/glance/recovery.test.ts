import { beforeEach, describe, expect, test, vi } from 'vitest';
import { formatAmount } from '../../../src/base/amount.ts';
import { checkBalances } from '../../../src/check.ts';
import type { States } from '../../../src/replay/projection.ts';
import { ledger } from '../../../src/replay/projections/ledger.ts';
import { replayRun } from '../../../src/replay/replay.ts';
import { tell } from '../../story/tell.ts';
import { inFolder } from '../../story.ts';
import { opened } from '../support.ts';
import { glanceAtFolder, glanceAtRun } from './glanced.ts';
import { glances } from './watched.ts';

vi.mock('../../../src/replay/glance/glance-run.ts', async (load) => {
  const actual = await load<typeof import('../../../src/replay/glance/glance-run.ts')>();
  const { glances } = await import('./watched.ts');
  const glanceRun: typeof actual.glanceRun = (run, options) =>
    actual.glanceRun(run, { ...options, rowsOfStretch: glances.rowsOfStretch });
  return { ...actual, glanceRun };
});

beforeEach(() => {
  glances.rowsOfStretch = undefined;
});

/** Three devices that share tokens, and a snapshot of these; something more; and a payment that all of them hear of. */
const run = (more: string) => `
  peer1 start
  peer2 start
  peer3 start
  peer1 write e1 kind=mint outputs=T1:UCT:5,S1:EUR:2.50 booked
  peer2 applied e1 booked
  peer3 applied e1 booked
  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:5 booked
  peer2 applied e2 booked
  peer3 applied e2 booked
  peer2 publish s1 frontier=peer1:2
${more}
  peer1 write e9 kind=transfer inputs=T2 outputs=T9:UCT:5 booked
  peer2 applied e9 booked
  peer3 applied e9 booked
  peer1 read UCT 5
  peer2 read EUR 2.5
  peer3 read UCT 5
  peer1 end quiescent
  peer2 end quiescent
  peer3 end quiescent`;

/** A device is wiped, takes over the snapshot, and holds what it held. */
const back = (device: string) => `${device} clear\n${device} import s1 source=network\n${restored(device)}`;
const restored = (device: string) => `${device} balance T2 UCT 5 snapshot=s1\n${device} balance S1 EUR 2.5 snapshot=s1`;

/** What the run is told to be, whichever way it is read. `glanced`: whether a glance is enough for that. */
async function expectSameReport(story: string, glanced: boolean): Promise<readonly string[]> {
  return inFolder(tell(story), 'run-1', async (folder) => {
    const found = await glanceAtFolder(folder);
    expect(found?.isOpen === false, story).toBe(glanced);
    const ask = { paths: [folder], all: true };
    const reports = await checkBalances(ask);
    expect(reports, story).toEqual(await checkBalances({ ...ask, retainAll: true }));
    return reports.flatMap(({ findings }) =>
      findings.filter(({ verdict }) => verdict !== 'note').map(({ code }) => code),
    );
  });
}

/** Expects that nobody has to read the run as events. */
async function expectCloseLook(story: string): Promise<void> {
  await inFolder(tell(story), 'run-1', async (folder) => {
    expect(await (await glanceAtFolder(folder))?.lookCloser()).toBeTruthy();
  });
}

const paid = 'peer1 write e3 kind=mint outputs=T3:GBP:1 booked\npeer2 applied e3 booked';
const burnt = `${paid}\npeer2 write f1 kind=burn inputs=T3 booked\npeer1 applied f1 booked`;

describe('a glance is enough for a recovery by the book', () => {
  test.each([
    ['nothing was written since', back('peer3')],
    ['the device that wrote everything', back('peer1')],
    ['one device after the other', `${back('peer1')}\n${back('peer2')}\n${back('peer3')}`],
    ['one device again and again', `${back('peer3')}\n${back('peer3')}\n${back('peer3')}`],
    ['it looks at nothing before', back('peer3').replace('clear', 'clear\npeer3 read UCT 0 tokens=0\npeer3 tokens')],
    ['it looks at what it holds right after', `${back('peer3')}\npeer3 read UCT 5\npeer3 tokens T2 S1`],
    [
      'what was written since comes once more',
      `${paid}\npeer3 applied e3 booked\n${back('peer3')}\npeer3 applied e3 booked`,
    ],
    [
      'what was written since comes for the first time',
      `${paid}\n${back('peer3')}\npeer3 received e3\npeer3 applied e3 booked`,
    ],
    [
      'its own effect comes back to it',
      `${paid}\npeer3 applied e3 booked\n${back('peer1')}\npeer1 received e3\npeer1 applied e3 booked`,
    ],
    ['what is in the snapshot comes all the same', `${back('peer3')}\npeer3 received e2\npeer3 applied e2`],
    [
      'what was spent since is held until that comes again',
      `peer2 write f1 kind=burn inputs=S1 booked\npeer1 applied f1 booked\npeer3 applied f1 booked\n${back('peer3')}
       peer3 read EUR 2.5\npeer3 applied f1 booked\npeer2 write f2 kind=mint outputs=S2:EUR:2.5 booked\npeer1 applied f2 booked\npeer3 applied f2 booked`,
    ],
    [
      'the end of a token comes before the token',
      `${burnt}\npeer3 applied e3 booked\npeer3 applied f1 booked\n${back('peer3')}\npeer3 applied f1\npeer3 applied e3`,
    ],
    [
      'a token that the device had spent before it came is in a snapshot',
      `${burnt}\npeer3 applied f1\npeer2 publish s2 frontier=peer1:3\npeer3 import s2`,
    ],
    [
      'a device that lags behind takes a snapshot over instead',
      `${burnt}\npeer2 publish s2 frontier=peer1:3,peer2:1\npeer3 import s2\npeer3 received e3`,
    ],
    [
      'and what it holds and should not goes by that',
      `peer2 write f1 kind=burn inputs=S1 booked\npeer1 applied f1 booked\npeer2 publish s2 frontier=peer1:2,peer2:1
       peer3 import s2\npeer3 balance S1 EUR -2.5 snapshot=s2\npeer2 write f2 kind=mint outputs=S2:EUR:2.5 booked
       peer1 applied f2 booked\npeer3 applied f2 booked`,
    ],
    ['a snapshot brings nothing that is new', 'peer3 import s1\npeer2 import s1 source=cache'],
  ])('%s', async (_, more) => {
    expect(await expectSameReport(run(more), true)).toEqual([]);
  });

  test('it looks at nothing before, and all that it held is forgotten', async () => {
    const looks = back('peer3').replace('clear', 'clear\npeer3 read UCT 0 tokens=0\npeer3 tokens');
    // In one log of all devices everything is over as soon as it came everywhere.
    expect(await expectSameReport(run(looks).replaceAll(/(\S)$/gm, '$1 file=all.ndjson'), true)).toEqual([]);
  });

  test('a device that joins late begins with a snapshot', async () => {
    const story = run(`peer4 start\npeer4 import s1\n${restored('peer4')}\npeer4 read EUR 2.5`)
      .replace('peer1 end', 'peer4 applied e9 booked\npeer1 end')
      .concat('\npeer4 end quiescent');
    expect(await expectSameReport(story, true)).toEqual([]);
  });

  test('and the state says what the device held at each clear', async () => {
    const files = tell(
      run(`${back('peer3')}\n${paid}\npeer3 applied e3 booked\n${back('peer3')}\npeer3 applied e3 booked`),
    );
    const cleared = (states: States | undefined) =>
      (states?.read(ledger).get('peer3')?.cleared ?? []).map((totals) =>
        totals.map(({ coin, amount, tokens }) => `${coin} ${formatAmount(amount)} (${tokens})`),
      );
    await opened(files, async (opened) => {
      const held = cleared((await glanceAtRun(opened))?.states);
      expect(held).toEqual([
        ['EUR 2.5 (1)', 'UCT 5 (1)'],
        ['EUR 2.5 (1)', 'GBP 1 (1)', 'UCT 5 (1)'],
      ]);
      expect(held).toEqual(cleared((await replayRun(opened, [ledger], { maxProblems: 10 })).states));
    });
  });

  test('clocks are told by the snapshot, too', async () => {
    const story = `: clock=peer3:-100000\n${run(back('peer3'))}`.replaceAll(/peer3 applied e[12] booked\n/g, '');
    expect(await expectSameReport(story, true)).toEqual([]);
  });
});

describe('a close look is enough where recoveries go by the book, and other things do not', () => {
  const again = 'peer3 applied e3 booked';
  test.each([
    ['an update is lost by a device that recovered before', `${back('peer3')}\n${paid}`, ['lost-update']],
    ['an update is lost by a recovery', `${paid}\n${again}\n${back('peer3')}`, ['lost-update']],
    [
      'an update is lost, and others recover',
      `${paid}\n${back('peer1')}\npeer1 applied e3 booked\n${back('peer2')}\npeer2 applied e3 booked`,
      ['lost-update'],
    ],
    [
      'an update that comes again is not booked',
      `${paid}\n${again}\n${back('peer3')}\npeer3 applied e3`,
      ['balance-missing'],
    ],
    [
      'it is booked twice',
      `${paid}\n${again}\n${back('peer3')}\n${again}\npeer3 balance T3 GBP 1 effect=e3`,
      ['duplicate-apply'],
    ],
    ['it is refused', `${paid}\n${again}\n${back('peer3')}\npeer3 received e3\npeer3 skipped e3`, ['self-filtered']],
    ['its own effect does not come back', `${paid}\n${again}\n${back('peer1')}`, ['lost-update']],
    [
      'readings are wrong by the same before a clear and after it',
      `peer3 read UCT 6\n${back('peer3')}\npeer3 read UCT 6\npeer3 read UCT 6`,
      ['balance-read', 'balance-read'],
    ],
    ['lists are wrong', `peer3 tokens T2\n${back('peer3')}\npeer3 tokens T2`, ['balance-read', 'balance-read']],
    [
      'a wiped device shows what it held',
      `peer3 clear\npeer3 read UCT 5\npeer3 import s1\n${restored('peer3')}`,
      ['balance-read'],
    ],
    [
      'what a snapshot brought is spent twice',
      `${back('peer3')}\npeer2 write f1 kind=burn inputs=S1 booked\npeer1 applied f1 booked\npeer3 write g1 kind=burn inputs=S1 booked\npeer1 applied g1\npeer2 applied g1\npeer3 applied f1`,
      ['double-spend', 'balance-read'],
    ],
    [
      'what a snapshot brought is booked once more',
      `${back('peer3')}\npeer3 applied e1\npeer3 balance S1 EUR 2.5 effect=e1`,
      ['duplicate-apply'],
    ],
    [
      'an update is lost, written by whom a snapshot told that it does not stand in a hole',
      `- peer2 read UCT 5\npeer2 publish s2 frontier=peer1:2\n${back('peer3').replaceAll('s1', 's2')}
       peer3 write g1 kind=mint outputs=G1:GBP:1 booked\npeer1 applied g1 booked`,
      ['seq-gap', 'lost-update'],
    ],
    ['a line is missing', `${paid}\n${back('peer3')}\n- peer3 applied e3 booked`, ['seq-gap']],
    [
      'a line is missing before a clear',
      `${paid}\n- peer3 read GBP 0 tokens=0\n${back('peer3')}`,
      ['seq-gap', 'lost-update'],
    ],
  ])('%s', async (_, more, codes) => {
    expect(await expectSameReport(run(more), false)).toEqual(codes);
    await expectCloseLook(run(more));
    glances.rowsOfStretch = 1;
    await expectSameReport(run(more), false);
  });
});

test('what is not booked is no longer under way once something later is, since the device came back', async () => {
  const story = run(`${paid}\npeer3 applied e3 booked\n${back('peer3')}\npeer3 applied e3`);
  expect(await expectSameReport(story.replace('peer3 end quiescent', 'peer3 end'), false)).toEqual(['balance-missing']);
});

test('the line by which a token came back is found in a stretch of its own', async () => {
  glances.rowsOfStretch = 1;
  const elsewhere = (name: string) => `
    peer1 write x${name}\npeer2 applied x${name}\npeer3 applied x${name}
    peer3 write y${name}\npeer1 applied y${name}\npeer2 applied y${name}`;
  const story = run(`${elsewhere('1')}
    peer2 publish s2 frontier=peer1:3,peer3:1
    ${elsewhere('2')}
    ${back('peer3').replaceAll('s1', 's2')}
    peer3 applied x2\npeer3 applied y2
    ${elsewhere('3')}
    peer3 applied e1\npeer3 balance S1 EUR 2.5 effect=e1`);
  await expectCloseLook(story);
  expect(await expectSameReport(story, false)).toEqual(['duplicate-apply']);
});

describe('a glance is not enough for one that is not', () => {
  test.each([
    ['a token does not come back', back('peer3').replace(/\n.*S1.*/, '')],
    ['less of it comes back', back('peer3').replace('2.5', '2.4')],
    ['a token comes back twice', `${back('peer3')}\npeer3 balance S1 EUR 2.5 snapshot=s1`],
    ['a token comes back that was spent before', `${back('peer3')}\npeer3 balance T1 UCT 5 snapshot=s1`],
    ['nothing comes back', 'peer3 clear'],
    ['an update is lost by two recoveries', `${paid}\npeer3 applied e3 booked\n${back('peer3')}\n${back('peer3')}`],
    ['it comes back without a snapshot', 'peer3 clear\npeer3 applied e1 booked\npeer3 applied e2 booked'],
    ['what was written since does not come again', `${paid}\npeer3 applied e3 booked\n${back('peer3')}`],
    [
      'what was written since is not booked again',
      `${paid}\npeer3 applied e3 booked\n${back('peer3')}\npeer3 applied e3`,
    ],
    ['its own effect does not come back to it', `${paid}\npeer3 applied e3 booked\n${back('peer1')}`],
    [
      'it was booked twice before',
      `${paid}\npeer3 applied e3 booked\npeer3 balance T3 GBP 1 effect=e3\n${back('peer3')}\npeer3 applied e3 booked`,
    ],
    [
      'it is booked twice after',
      `${paid}\npeer3 applied e3 booked\n${back('peer3')}\npeer3 applied e3 booked\npeer3 balance T3 GBP 1 effect=e3`,
    ],
    [
      'it had arrived before, and was not applied',
      `${paid}\npeer3 received e3\n${back('peer3')}\npeer3 applied e3 booked`,
    ],
    ['it was not booked before', `${paid}\npeer3 applied e3\n${back('peer3')}\npeer3 applied e3 booked`],
    [
      'its own was refused before',
      `${paid}\npeer3 applied e3 booked\npeer1 clear\npeer1 clear\npeer1 import s1\n${restored('peer1')}\npeer1 skipped e3`,
    ],
    [
      'the end of a token is booked before the token',
      `${burnt}\npeer3 applied e3 booked\npeer3 applied f1 booked\n${back('peer3')}\npeer3 applied f1\npeer3 balance T3 GBP -1 effect=f1\npeer3 applied e3\npeer3 balance T3 GBP 1 effect=e3`,
    ],
    [
      'the snapshot is older than one that it knew',
      `${paid}\npeer3 applied e3 booked\npeer3 publish s2 frontier=peer1:3\n${back('peer3')}\npeer3 applied e3 booked`,
    ],
    [
      'the snapshot is older than one that its publisher knew',
      `${paid}\npeer2 publish s2 frontier=peer1:3\npeer2 write f1\npeer1 applied f1\npeer1 publish s3 frontier=peer1:2
       ${back('peer3').replaceAll('s1', 's3')}\npeer3 applied e3 booked\npeer3 applied f1`,
    ],
    ['it shows what it held before', `peer3 clear\npeer3 read UCT 5\npeer3 import s1\n${restored('peer3')}`],
    ['a list shows it', `peer3 clear\npeer3 tokens T2 S1\npeer3 import s1\n${restored('peer3')}`],
  ])('%s', async (_, more) => {
    await expectSameReport(run(more), false);
  });
});
