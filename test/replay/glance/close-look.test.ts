import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { writeLongLife } from '../../../bench/wallet.ts';
import { checkBalances } from '../../../src/check.ts';
import { inProcess } from '../../../src/engines/in-process.ts';
import { glanceRun } from '../../../src/replay/glance/glance-run.ts';
import { openRuns, type Run } from '../../../src/replay/run.ts';
import { emptyFolder } from '../../built.ts';
import { tell } from '../../story/tell.ts';
import { type Files, inFolder } from '../../story.ts';

beforeEach(() => {
  stretches.rows = undefined;
});

/** How often a run was replayed from its events. */
const replays = vi.hoisted(() => ({ count: 0 }));

vi.mock('../../../src/replay/replay.ts', async (load) => {
  const actual = await load<typeof import('../../../src/replay/replay.ts')>();
  const replayRun: typeof actual.replayRun = (...options) => {
    replays.count += 1;
    return actual.replayRun(...options);
  };
  return { ...actual, replayRun };
});

/** How long the stretches are in which runs are read again. */
const stretches = vi.hoisted((): { rows: number | undefined } => ({ rows: undefined }));

vi.mock('../../../src/replay/glance/glance-run.ts', async (load) => {
  const actual = await load<typeof import('../../../src/replay/glance/glance-run.ts')>();
  const glanceRun: typeof actual.glanceRun = (run, options) =>
    actual.glanceRun(run, { rowsOfStretch: stretches.rows, ...options });
  return { ...actual, glanceRun };
});

/** Payments to oneself, on two devices; what is in dispute; and payments that are none of it. */
const disputed = (dispute: string) => `
  peer1 start
  peer2 start
  peer1 write e1 kind=mint outputs=T1:UCT:1,S1:UCT:5 booked
  peer2 applied e1 booked
  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:1 booked
  peer2 applied e2 booked
  peer1 write e3 kind=transfer inputs=S1 outputs=S2:UCT:5 booked
  peer2 applied e3 booked
${dispute}
  peer2 write f1 kind=mint outputs=T9:EUR:7 booked
  peer1 applied f1 booked
  peer2 write f2 kind=transfer inputs=T9 outputs=T10:EUR:7 booked
  peer1 applied f2 booked
  peer2 publish s1 frontier=peer2:2
  peer1 end quiescent
  peer2 end quiescent`;

const mint = 'peer1 write e4 kind=mint outputs=T4:UCT:3 booked';
const follower = 'peer1 write e5 kind=mint outputs=T5:UCT:3 booked\npeer2 applied e5 booked';

const disputes = [
  ['an effect that never came', mint],
  ['one that a later one of its origin follows', `${mint}\n${follower}`],
  ['one that came and was not applied', `${mint}\npeer2 received e4\n${follower}`],
  ['one that was known already, they say', `${mint}\npeer2 deduplicated e4\n${follower}`],
  ['one that was skipped', `${mint}\npeer2 received e4\npeer2 skipped e4\n${follower}`],
  [
    'one that was rejected, and applied later',
    `${mint}\npeer2 rejected e4\npeer2 received e4\npeer2 applied e4 booked`,
  ],
  ['one that was applied and not booked', `${mint}\npeer2 applied e4\n${follower}`],
  [
    'one of which half was booked',
    'peer1 write e4 kind=transfer inputs=T2 outputs=T4:UCT:1 booked\npeer2 applied e4\npeer2 balance T2 UCT -1 effect=e4',
  ],
  [
    'a token that is spent where it never came',
    `${mint}\npeer1 write e5 kind=transfer inputs=T4,T2 outputs=T5:UCT:4 booked\npeer2 applied e5 booked`,
  ],
  [
    'a token that is spent before it came',
    `${mint}\npeer1 write e5 kind=burn inputs=T4 booked\npeer2 applied e5 booked\npeer2 applied e4 booked`,
  ],
  [
    'a transfer that makes more than it takes',
    'peer1 write e4 kind=transfer inputs=T2 outputs=T4:UCT:2 booked\npeer2 applied e4 booked',
  ],
  [
    'one that makes another coin',
    'peer1 write e4 kind=transfer inputs=T2 outputs=T4:EUR:1 booked\npeer2 applied e4 booked',
  ],
  [
    'an effect that is verified by its content',
    `peer1 write e4 cid=c4 kind=mint outputs=T4:UCT:3 booked\npeer1 verify cid=c4\n${follower}`,
  ],
  ['one that is verified by its name', `${mint}\npeer1 verify e4 ok\n${follower}`],
  [
    'several of two origins',
    `${mint}\npeer2 write f0 kind=transfer inputs=T2 outputs=T6:UCT:1 booked\n${follower}\npeer2 write f7 kind=mint outputs=T7:UCT:2 booked\npeer1 applied f7 booked`,
  ],
  [
    'what failed by a device of its own',
    'peer1 read UCT 6 tokens=2\npeer1 assertion name=sum ok=false\npeer2 read UCT 6 tokens=2\npeer2 assertion name=all ok=true',
  ],
  [
    'what failed beside a lost update',
    `${mint}\npeer1 read UCT 9 tokens=3\npeer2 read UCT 6 tokens=2\npeer2 assertion name=sum ok=false`,
  ],
  ['a reading of too much', 'peer1 read UCT 7 tokens=2\npeer1 read UCT 6 tokens=2'],
  ['a reading of too few tokens', 'peer1 read UCT 6.0 tokens=1'],
  ['a reading of a coin that nobody has', 'peer2 read EUR 1'],
  ['a reading that rounds', `${mint}\npeer2 applied e4 booked\npeer1 read UCT 9.01 tokens=3`],
  ['one error in several readings, and another one', `${'peer1 read UCT 5 tokens=1\n'.repeat(3)}peer1 read UCT 5`],
  ['one error, before and after a payment', `peer1 read UCT 7 tokens=2\n${follower}\npeer1 read UCT 10 tokens=3`],
  ['a list that leaves out a token', 'peer1 tokens T2:UCT:1'],
  ['a list of what was spent, with what is held', 'peer2 tokens T2 S2 T1'],
  [
    'a wrong reading beside a lost update',
    `${mint}\npeer1 read UCT 6 tokens=2\npeer2 read UCT 9 tokens=3\n${follower}`,
  ],
  ['a wrong reading, and an assertion that failed', 'peer1 read UCT 7 tokens=2\npeer1 assertion name=sum ok=false'],
  [
    'one that is booked twice',
    `${mint}\npeer2 applied e4 booked\npeer2 balance T4 UCT 3 effect=e4\npeer2 read UCT 12 tokens=3`,
  ],
  ['one that is booked by another amount', `${mint}\npeer2 applied e4\npeer2 balance T4 UCT 2 effect=e4\n${follower}`],
  [
    'one that is booked in another coin',
    `${mint}\npeer2 applied e4\npeer2 balance T4 EUR 3 effect=e4\npeer2 read EUR 3`,
  ],
  ['one that is booked the other way', `${mint}\npeer2 applied e4\npeer2 balance T4 UCT -3 effect=e4`],
  ['one that is booked for another token', `${mint}\npeer2 applied e4\npeer2 balance T5 UCT 3 effect=e4`],
  ['one that is booked once more when it is over', 'peer2 balance T2 UCT 1 effect=e2\npeer2 read UCT 7 tokens=2'],
  ['a token that goes once more when it is over', 'peer2 balance T1 UCT -1 effect=e2\npeer2 read UCT 5 tokens=3'],
  ['a token that goes by the effect that made it', 'peer2 balance T2 UCT -1 effect=e2\npeer2 read UCT 5 tokens=1'],
  [
    'a token of an effect that says nothing of it',
    'peer1 balance T7 EUR 1 effect=e3\npeer1 read EUR 1\npeer1 tokens T2 S2 T7:EUR:1\npeer2 tokens T2 S2 T7',
  ],
  [
    'a token that came and went so',
    'peer2 balance T7 UCT 1 effect=e2\npeer2 balance T7 UCT -1 effect=e3\npeer2 tokens T2 S2',
  ],
  [
    'a token that nobody made',
    'peer1 write e4 kind=burn inputs=T8\npeer1 balance T8 UCT -1 effect=e4\npeer2 applied e4',
  ],
  [
    'a token that is spent twice at once',
    'peer1 write e4 kind=burn inputs=T2 booked\npeer2 write f0 kind=transfer inputs=T2 outputs=T6:UCT:1 booked\npeer2 applied e4\npeer1 applied f0 booked',
  ],
  [
    'a token that is spent once more when it is over, and whoever is asked says so',
    'peer2 write f0 kind=transfer inputs=T1 outputs=T6:UCT:1 booked\npeer2 arbiter T1 spent\npeer1 arbiter T1 accepted\npeer1 applied f0 booked',
  ],
  ['a token that one effect spends twice', 'peer1 write e4 kind=burn inputs=T2,T2 booked\npeer2 applied e4 booked'],
  [
    'a token that is made once more',
    'peer1 write e4 kind=mint outputs=T2:UCT:1\npeer1 balance T2 UCT 1 effect=e4\npeer2 applied e4',
  ],
  [
    'a token that is made again when it is over',
    `peer1 write e4 kind=mint outputs=T1:UCT:1 booked\npeer2 applied e4 booked\n${follower}`,
  ],
  ['one that a later one of another origin depends on', `${mint}\npeer2 write f0 deps=e4\npeer1 applied f0`],
  [
    'one on which something depends that was applied before it came',
    `${mint}\npeer1 write e5 deps=e4\npeer2 applied e5\npeer2 applied e4\n${mint.replaceAll('4', '6')}`,
  ],
  [
    'one on which something depends that is passed over by a third device',
    `peer3 start\npeer3 applied e1 booked\npeer3 applied e2 booked\npeer3 applied e3 booked\n${mint}\npeer2 applied e4 booked
      peer2 write g1 deps=e4\npeer1 write e5\npeer1 applied g1\npeer1 write e6 deps=g1,e5\npeer2 applied e5\npeer2 applied e6
      peer3 applied e6\npeer3 applied g1\npeer3 applied e5`,
  ],
  ...(
    [
      ['a total without what was durable before', 'read UCT 6 tokens=2'],
      ['a total without what was spent before', 'read UCT 10 tokens=4'],
      ['a total that nothing explains', 'read UCT 7 tokens=3'],
      ['a list without what was durable before', 'tokens T2 S2'],
      ['a list without what was durable, and with what it was made of', 'tokens T3 S2 T4'],
      ['a list that nothing explains', 'tokens T2 T4 X9'],
    ] as const
  ).map(([what, shown]): [string, string] => [
    `after a restart, ${what}`,
    `${mint}\npeer2 applied e4 booked\npeer1 verify e4 ok
      peer1 write e5 kind=mint outputs=T3:UCT:1 booked\npeer2 applied e5 booked\npeer1 verify e5 ok
      peer1 write e6 kind=burn inputs=T3 booked\npeer2 applied e6 booked\npeer1 verify e6 ok
      peer1 write e7 kind=burn inputs=T4 booked\npeer2 applied e7 booked
      ${mint.replaceAll('4', '8')}\npeer2 applied e8 booked\npeer1 verify e8 ok
      peer1 end\npeer1 start\npeer1 ${shown.replace('T4', 'T8')}`,
  ]),
  [
    'one whose other token was spent before it came, by an effect that is over',
    `peer3 start\npeer3 applied e1 booked\npeer3 applied e2 booked\npeer3 applied e3 booked
      peer1 write e4 kind=mint outputs=T4:UCT:3,T5:UCT:2 booked\npeer3 applied e4 booked
      peer3 write g1 kind=burn inputs=T5 booked\npeer1 applied g1 booked\npeer2 applied g1
      peer2 applied e4\npeer2 balance T4 UCT 3 effect=e4\npeer2 balance T4 UCT 3 effect=e4`,
  ],
  [
    'after a restart, a total without what was durable before, by its content',
    `peer1 write e4 cid=c4 kind=mint outputs=T4:UCT:3 booked\npeer2 applied e4 booked\npeer1 verify cid=c4
      peer1 end\npeer1 start\npeer1 read UCT 6 tokens=2`,
  ],
  [
    'a reading after a restart that looks as if an effect were missing whose other token nobody remembers',
    `peer1 write e4 kind=transfer inputs=S2 outputs=T4:UCT:3,T5:UCT:2:alice booked\npeer2 applied e4 booked\npeer1 verify e4 ok
      peer1 end\npeer1 start\npeer2 write f0 kind=burn inputs=T4 booked\npeer1 applied f0\npeer1 read UCT 1 tokens=1`,
  ],
  [
    'after a restart, a list without one token of what was durable before, which is spent, as is another one that is not missed',
    `peer1 write e4 kind=mint outputs=T4:UCT:4,T5:UCT:3 booked\npeer2 applied e4 booked\npeer1 verify e4 ok
      peer1 write e5 kind=burn inputs=T5 booked\npeer2 applied e5 booked
      peer1 write e6 kind=burn inputs=T4\npeer1 balance T4 EUR -4 effect=e6\npeer2 applied e6 booked
      peer1 end\npeer1 start\npeer1 tokens T2 S2`,
  ],
  ['one between lines of types that nobody knows', `peer1 dance\n${mint}\npeer2 dance\npeer2 sing\npeer2 dance`],
  ['one after a restart', `${mint}\npeer2 end\npeer2 start\n${follower}`],
  [
    'a token that came before its effect was applied, and was spent by then',
    'peer1 write e4 kind=mint outputs=T4:UCT:3 booked\npeer2 balance T4 UCT 3 effect=e4\npeer2 write f0 kind=burn inputs=T4\npeer2 applied e4\npeer2 balance T4 UCT -3 effect=f0\npeer2 read UCT 6 tokens=2\npeer1 applied f0 booked',
  ],
  ['a line that is missing', '- peer2 read UCT 6 tokens=2'],
  ['lines that are missing on both devices', `- peer2 read UCT 6\n- peer1 read UCT 6\n${follower}\n- peer2 read UCT 9`],
  ['an effect whose coming is missing', `${mint}\n- peer2 applied e4 booked\n${follower}`],
  ['one that may have come in a hole', `${mint}\n- peer2 read UCT 9\n${follower}`],
  ['one that never came, behind a hole', `- peer2 read UCT 6\n${mint}\n${follower}`],
  [
    'one that was booked, and whose arrival is missing',
    `${mint}\n- peer2 applied e4\npeer2 balance T4 UCT 3 effect=e4\n${follower}`,
  ],
  ['one of which a change is missing', `${mint}\npeer2 applied e4\n- peer2 balance T4 UCT 3 effect=e4\n${follower}`],
  [
    'one that is booked twice, behind a hole',
    `- peer2 read UCT 6\n${mint}\npeer2 applied e4 booked\npeer2 balance T4 UCT 3 effect=e4`,
  ],
  [
    'one that follows a hole and is passed over',
    `${mint}\n- peer2 read UCT 6\npeer2 write f0 deps=e4\npeer1 applied f0`,
  ],
  [
    'a token that comes back behind a hole, and one before',
    'peer2 balance T1 UCT 1 effect=e2\n- peer2 read UCT 6\npeer1 balance T1 UCT 1 effect=e1\n- peer1 read UCT 6',
  ],
  ['a wrong total behind a hole', '- peer2 read UCT 6\npeer2 read UCT 9 tokens=3'],
  [
    'after a restart, a total without what was durable before a hole',
    `${mint}\npeer2 applied e4 booked\npeer1 verify e4 ok\n- peer1 read UCT 9\npeer1 end\npeer1 start\npeer1 read UCT 6 tokens=2`,
  ],
  [
    'holes before and after a restart',
    '- peer2 read UCT 6\npeer2 end\npeer2 start\n- peer2 read UCT 6\npeer2 read UCT 6',
  ],
] as const;

/** Expects that nobody reads a run as events, and that the answer is the same as with everything retained. */
async function expectCloseLook(files: Files): Promise<void> {
  await inFolder(files, 'run-1', async (folder) => {
    for (const rows of [undefined, 1]) await expectCloseLookAt(folder, rows);
  });
}

async function expectCloseLookAt(folder: string, rowsOfStretch: number | undefined): Promise<void> {
  stretches.rows = rowsOfStretch;
  replays.count = 0;
  const ask = { paths: [folder], all: true };
  const closely = await checkBalances(ask);
  expect(replays.count).toBe(0);
  expect(closely).toEqual(await checkBalances({ ...ask, retainAll: true }));
}

test.each(disputes)('%s is found in columns, as it is with everything retained', async (_, dispute) => {
  await expectCloseLook(tell(disputed(dispute)));
});

/** A story with effects between its lines that have nothing to do with it, so that each line stands in a stretch of its own. */
function apart(story: string): string {
  const awake = new Set<string>();
  return story
    .split('\n')
    .map((line, index) => {
      const [, device = '', what] = /^\s*(\S+) (\S+)/.exec(line) ?? [];
      if (what === 'start') awake.add(device);
      else if (what === 'end') awake.delete(device);
      if (awake.size < 2) return line;
      const [one, other] = [`x${index}`, `y${index}`];
      return `${line}\npeer2 write ${one}\npeer1 applied ${one}\npeer1 write ${other}\npeer2 applied ${other}`;
    })
    .join('\n');
}

test.each(disputes.filter(([, dispute]) => !dispute.includes('peer3')))(
  '%s is found in the stretches that bear on it, each line in another one',
  async (_, dispute) => {
    await expectCloseLook(tell(apart(disputed(dispute))));
  },
);

test.each([
  [
    'who lists what each side shows',
    '==== §A ====\nASSERT FAIL (cross-device):\n--- /tmp/peer1.txt\n+++ /tmp/peer2.txt\n@@ -1 +1 @@\n-UCT: 6 (2 tokens)\n+UCT: 7 (2 tokens)\n',
    '',
  ],
  ['beside a lost update', '==== §A ====\nASSERT OK (first)\nASSERT FAIL (sum)\nASSERT OK (last)\n', mint],
])('an assertion of an observer that failed, %s', async (_, script, dispute) => {
  const files = {
    ...tell(disputed(`${dispute}\npeer1 read UCT ${dispute ? '9 tokens=3' : '6 tokens=2'}\npeer2 read UCT 6 tokens=2`)),
    'script.log': script,
  };
  await expectCloseLook(files);
});

test.each<[string, (log: string) => string]>([
  ['whose last line is cut off', (log) => log.slice(0, -20)],
  ['that lacks its end', (log) => log.replace(/.*\n$/, '')],
  ['in which something stands that is no line', (log) => log.replace('\n', '\nnonsense\n')],
  ['in which a line of somebody else is broken', (log) => log.replace('\n', '\n{"level":30,"msg":"\n')],
])('a log %s, with a dispute and without one', async (_, spoil) => {
  for (const dispute of ['', mint, 'peer1 read UCT 7 tokens=2']) {
    const files = tell(disputed(dispute));
    await expectCloseLook({ ...files, 'peer2.ndjson': spoil(files['peer2.ndjson'] ?? '') });
  }
});

describe('of a run that is long', () => {
  test('little of it is read again', async () => {
    const folder = emptyFolder();
    await writeLongLife(folder, { until: { events: 60_000 }, devices: 2, tokens: 20, seed: 1, divergent: true });
    const [run] = (await openRuns(folder)) as [Run];
    let rows = 0;
    const glanced = await glanceRun(run, {
      ...{ maxProblems: 10, rowsOfStretch: 1000 },
      async *read(file, plan, from) {
        for await (const batch of inProcess.read(run, file, plan, from)) {
          rows += batch.rows;
          yield batch;
        }
      },
    });
    expect(rows).toBeGreaterThan(60_000);
    rows = 0;
    expect(await glanced?.lookCloser()).not.toBeNull();
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(12_000);
  });

  test('what is named is known, also of stretches that were joined', async () => {
    const folder = emptyFolder();
    await writeLongLife(folder, { until: { events: 30_000 }, devices: 3, tokens: 20, seed: 3, divergent: true });
    await expectCloseLookAt(folder, 1);
  });

  test('more may be under way than is kept where a stretch begins', async () => {
    await expectCloseLook(
      tell(
        `peer1 start\npeer2 start\n${Array.from({ length: 4200 }, (_, number) => `peer1 write e${number}`).join('\n')}\npeer1 end\npeer2 end`,
      ),
    );
  });
});

test('a file that is cut short between the looks is left to somebody else', async () => {
  await inFolder(tell(disputed(mint)), 'run-1', async (folder) => {
    const [run] = (await openRuns(folder)) as [Run];
    let looks = 0;
    const glanced = await glanceRun(run, {
      maxProblems: 10,
      async *read(file, plan) {
        yield* inProcess.read(run, file, plan);
        looks += 1;
        if (looks > run.files.length) writeFileSync(join(folder, file.path), '{}\n');
      },
    });
    expect(await glanced?.lookCloser()).toBeNull();
  });
});
