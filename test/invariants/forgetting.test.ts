import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { examineRun } from '../../src/examine.ts';
import { invariants } from '../../src/invariants/index.ts';
import { defineInvariant } from '../../src/invariants/invariant.ts';
import type { RunReport } from '../../src/results.ts';
import { calmRun } from '../replay/glance/calm.ts';
import { opened } from '../replay/support.ts';
import { faultNames } from '../simulator/index.ts';
import { tell } from '../story/tell.ts';
import { type Files, findings, inFolder, reportOn } from '../story.ts';
import { chance, simulated, withOneChange } from './mutate.ts';

const perFault = 4;

/** An invariant of somebody's own, with which a run is read as events and never at a glance. */
const own = defineInvariant({ name: 'own', promise: 'Nothing.', needs: [], uses: [], judge: () => [] });

/** Expects of a run the same report whether it is read at a glance, or as events of which those that are settled are forgotten or not. */
async function expectSameReport(
  files: Files,
  name: string,
  hint: string,
  checks?: readonly string[],
): Promise<RunReport> {
  return inFolder(files, name, async (folder) => {
    for (const invariants of [[], [own]]) {
      const names = checks && [...checks, ...invariants.map(({ name }) => name)];
      const ask = { paths: [folder], all: true, checks: names, invariants };
      const [forgetting, retaining] = [await checkBalances(ask), await checkBalances({ ...ask, retainAll: true })];
      expect(JSON.stringify(forgetting), hint).toBe(JSON.stringify(retaining));
    }
    return (await checkBalances({ paths: [folder], all: true, checks }))[0] as RunReport;
  });
}

/** The report on a story, whichever way it is read. */
async function sameReport(story: string): Promise<RunReport> {
  return expectSameReport(tell(story), 'run-1', story);
}

/** What is said to be broken in a run. */
async function brokenIn(files: Files, name: string): Promise<string[]> {
  return (await reportOn(files, { all: true }, name)).findings
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ message }) => message);
}

/** What is settled may be forgotten, because nobody asks about it again: also where what was forgotten is part of a dispute. */
test.each(['none', ...faultNames] as const)('forgetting what is settled changes no report: %s', async (fault) => {
  for (let seed = 1; seed <= perFault; seed++) {
    const { files, name } = simulated({ seed, fault });
    await expectSameReport(files, name, `seed ${seed}`);
  }
});

test.each(faultNames)('nor the answer of any check that is asked alone: %s', async (fault) => {
  const { files, name } = simulated({ seed: perFault + 1, fault });
  for (const { name: check } of invariants) await expectSameReport(files, name, check, [check]);
});

test.each(['calm', 'eventful'] as const)('nor where lines were changed, lost or doubled: %s runs', async (kind) => {
  for (let seed = 1; seed <= 120; seed++) {
    const random = chance(seed, kind);
    const fault = random.pick(['none', ...faultNames] as const);
    const { files, name } = kind === 'calm' ? calmRun({ seed, fault, steps: 60 }) : simulated({ seed, fault });
    let changed: [Files, string] = [files, ''];
    const hints: string[] = [`seed ${seed}, ${fault}`];
    for (let change = random.between(0, 3); change > 0; change--) {
      changed = withOneChange(changed[0], random);
      hints.push(changed[1]);
    }
    await expectSameReport(changed[0], name, hints.join('\n'));
  }
});

test('nor in a long healthy run, where more is forgotten than is kept, and heads stand for what came before them', async () => {
  const long = { steps: 3000, headsOnly: true, ending: 'quiescent', detail: 'full' } as const;
  const calm = { mishaps: false, overtaking: false, restarts: false, recoveries: false, ownRedelivery: false } as const;
  const bare = {
    deps: false,
    contents: false,
    arbiter: false,
    thirdWallet: false,
    verifyBy: 'effect',
    skewMs: 0,
  } as const;
  const plain = { ...calm, ...bare, devices: 3, layout: 'per-device' } as const;
  for (const [seed, features] of [plain, {}, { deps: true, recoveries: false }].entries()) {
    const { files, name, run } = simulated({ seed: seed + 5, ...long, ...features });
    expect(run.truth.verdicts).toContain('held');
    await expectSameReport(files, name, `seed ${seed}`);
    expect(await brokenIn(files, name), `seed ${seed}`).toEqual([]);
  }
});

test('a head that is forgotten says since when the device had what it stands for, also when another head came', async () => {
  const story = `
    peer3  write z1 kind=mint outputs=T1:UCT:5 booked
    peer2  applied z1 booked
    peer2  write y1 kind=burn inputs=T1 booked
    peer2  write y2
    peer1  applied y2 headsOnly
    peer1  applied z1
    peer3  applied y1 booked
    peer3  applied y2
    peer2  write y3
    peer1  applied y3 headsOnly
    peer3  applied y3
    peer1  end quiescent
    peer2  end quiescent
    peer3  end quiescent`;
  expect((await sameReport(story)).findings).toEqual([]);
});

test('a line that names another effect than it numbers claims what that one depends on, which is written later', async () => {
  const story = `
    peer1  write e1
    peer3  applied e1
    peer2  received e1
    peer1  write e2
    peer2  applied f1 origin=peer1 originSeq=1
    peer2  write g1
    peer1  applied g1
    peer3  applied g1
    peer2  applied e2
    peer3  applied e2
    peer3  write f1 deps=e1
    peer1  applied f1
    peer2  applied f1
    peer1  end quiescent
    peer2  end quiescent
    peer3  end quiescent`;
  expect((await sameReport(story)).findings.map(({ code }) => code)).toEqual(['not-applied']);
});

/** Data without tokens is settled as soon as every device has it, and forgotten. */
test('a snapshot that lists another effect than it claims is found out, though both are forgotten by then', async () => {
  const story = (contents: string) => `
    peer1  write e1
    peer2  replication e1 origin=peer1 applied
    peer1  write e2
    peer2  replication e2 origin=peer1 applied
    peer1  write e3
    peer2  replication e3 origin=peer1 applied
    peer1  publish s1 frontier=peer1:2 contents=${contents}
    peer1  end quiescent
    peer2  end quiescent
  `;
  const found = ['snapshot-race peer1 e2'];
  expect(await findings(story('e1,e3'))).toEqual(found);
  await sameReport(story('e1,e3'));
  expect(await findings(story('e1,e1'))).toEqual(found);
  expect(await findings(story('e2,e1'))).toEqual([]);
});

/** By then T1 to T3 came and went on both devices, by effects of which nothing is left. */
const life = `
  peer1  write e1 kind=mint outputs=T1:UCT:100 booked
  peer2  applied e1 booked
  peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:100 booked
  peer2  applied e2 booked
  peer1  write e3 kind=transfer inputs=T2 outputs=T3:UCT:100 booked
  peer2  applied e3 booked
  peer1  write e4 kind=transfer inputs=T3 outputs=T4:UCT:100 booked
  peer2  applied e4 booked
`;

test.each([
  [
    'an effect that was passed by the second of its followers',
    `
    peer1  write e5
    peer1  write e6
    peer1  write e7
    peer2  applied e6
    peer2  applied e7`,
  ],
  [
    'two effects that never came, each passed by another line',
    `
    peer1  write e5
    peer1  write e6
    peer1  write e7
    peer1  write e8
    peer2  applied e6
    peer2  applied e8`,
  ],
  [
    'one that was overtaken, and one that never came',
    `
    peer1  write e5
    peer1  write e6
    peer1  write e7
    peer2  applied e7
    peer2  applied e5`,
  ],
  [
    'a token that is spent again while its sibling lives',
    `
    peer1  write e5 kind=mint outputs=A:UCT:60,B:UCT:40 booked
    peer2  applied e5 booked
    peer1  write e6 kind=transfer inputs=A outputs=C:UCT:60 booked
    peer2  applied e6 booked
    peer2  write f1 kind=transfer inputs=A outputs=D:UCT:50
    peer1  applied f1
    peer1  write e7 kind=transfer inputs=B outputs=E:UCT:40 booked
    peer2  applied e7 booked
    peer1  write e8 kind=transfer inputs=C outputs=F:UCT:60 booked
    peer2  applied e8 booked
    peer1  write e9 kind=transfer inputs=E outputs=G:UCT:40 booked
    peer2  applied e9 booked`,
  ],
  [
    'a token that is spent again after it is forgotten',
    `
    peer2  write f1 kind=transfer inputs=T1 outputs=T9:UCT:100
    peer1  applied f1`,
  ],
  ['a token that comes back without a cause', 'peer2  balance T1 UCT +100'],
  [
    'one that comes and goes without a cause, in a dispute',
    `
    peer2  balance T9 UCT +100
    peer2  balance T9 UCT -100
    peer1  write e5 kind=mint outputs=T5:UCT:1`,
  ],
  [
    'one that lives, and comes and goes once more without a cause',
    `
    peer2  balance T4 UCT +1
    peer1  write e5 kind=transfer inputs=T4 outputs=T5:UCT:100 booked
    peer2  applied e5 booked
    peer1  write e6 kind=transfer inputs=T5 outputs=T6:UCT:100 booked
    peer2  applied e6 booked`,
  ],
  [
    'one that is moved before it is made, by an effect of another token',
    `
    peer2  write f1 kind=mint outputs=T5:UCT:1 booked
    peer1  applied f1
    peer1  balance T6 UCT -1 effect=f1
    peer1  write e5
    peer2  applied e5
    peer2  write f2 kind=mint outputs=T6:UCT:9 booked
    peer1  applied f2 booked
    peer2  write f3 kind=transfer inputs=T6 outputs=T7:UCT:9 booked
    peer1  applied f3 booked`,
  ],
  [
    'an effect that moves a token which is none of its own',
    `
    peer1  write e5 kind=mint outputs=T5:UCT:7 booked
    peer2  applied e5
    peer2  balance T4 UCT -7 effect=e5
    peer1  write e6 kind=transfer inputs=T4 outputs=T6:UCT:100 booked
    peer2  applied e6 booked
    peer1  write e7 kind=transfer inputs=T6 outputs=T7:UCT:100 booked
    peer2  applied e7 booked`,
  ],
  [
    'a token that is spent before it is made',
    `
    peer1  write e5 kind=transfer inputs=T5 outputs=T6:UCT:9 booked
    peer2  applied e5 booked
    peer1  write e6 kind=mint outputs=T5:UCT:8 booked
    peer2  applied e6 booked`,
  ],
  [
    'a token that is spent before it is made, and again',
    `
    peer1  write e5 kind=mint inputs=T5 outputs=A:UCT:9
    peer1  balance A UCT +9 effect=e5
    peer2  applied e5
    peer2  balance A UCT +9 effect=e5
    peer2  write f1 kind=mint outputs=T5:UCT:8 booked
    peer1  applied f1 booked
    peer2  write f2 kind=transfer inputs=T5 outputs=T6:UCT:8 booked
    peer1  applied f2 booked
    peer2  write f3 kind=transfer inputs=T6 outputs=T7:UCT:8 booked
    peer1  applied f3 booked`,
  ],
  [
    'a token that is spent on a device before it comes there',
    `
    peer1  write e5 kind=mint outputs=T5:UCT:9 booked
    peer1  write e6 kind=transfer inputs=T5 outputs=T6:UCT:9 booked
    peer1  write e7 kind=transfer inputs=T6 outputs=T7:UCT:9 booked
    peer2  applied e6
    peer2  balance T5 UCT -9 effect=e6
    peer2  balance T6 UCT +9 effect=e6
    peer2  applied e5
    peer2  balance T5 UCT +9 effect=e5
    peer2  applied e7 booked`,
  ],
  [
    'an effect that depends on what did not come',
    `
    peer1  write e5
    peer1  write e6
    peer2  write f1 deps=e6
    peer1  applied f1
    peer2  applied e6`,
  ],
])('what is said of %s', async (_, rest) => {
  const story = `${life}${rest}\n  peer1  end quiescent\n  peer2  end quiescent`;
  expect((await sameReport(story)).findings).not.toEqual([]);
});

test('a device that nobody named before is waited for, too', async () => {
  const padding = `\n    peer1  section section=§A title=${'x'.repeat(1000)}`.repeat(100);
  const story = `${life}${padding}
    peer3  start file=peer1.ndjson
    peer3  received e4 file=peer1.ndjson
    peer1  end quiescent
    peer2  end quiescent
    peer3  end quiescent file=peer1.ndjson`;
  expect((await sameReport(story)).verdict).toBe('violated');
});

test('a payment that changed on its way is found out, though its sending is forgotten by then', async () => {
  const story = (received: string) => `
    a1@alice  write e1 kind=mint outputs=T1:UCT:100
    a1@alice  balance T1 UCT +100 effect=e1
    a1@alice  write e2 kind=transfer inputs=T1 outputs=T2:UCT:100:bob
    a1@alice  balance T1 UCT -100 effect=e2
    b1@bob    write f1 kind=receive outputs=T2:${received}
    b1@bob    balance T2 ${received.replace(':', ' +')} effect=f1
    a1@alice  end quiescent
    b1@bob    end quiescent
  `;
  await sameReport(story('UCT:90'));
  expect(await findings(story('UCT:90'))).toEqual(['conservation b1 f1']);
  expect(await findings(story('USDU:100'))).toEqual(['conservation b1 f1']);
  expect(await findings(story('UCT:100'))).toEqual([]);
});

/** So many effects of peer3, of which there is no log, that most are forgotten; each spends what the one before made. Then comes the rest. */
function withoutLogOfPeer3(rest: string): string {
  const lines = Array.from({ length: 1100 }, (_, index) => {
    const spends = index === 0 ? 'kind=mint' : `kind=transfer inputs=A${index}`;
    return `
    - peer3  write u${index + 1} ${spends} outputs=A${index + 1}:UCT:5 booked
    peer1  applied u${index + 1} booked
    peer2  applied u${index + 1} booked`;
  });
  return `${lines.join('')}${rest}\n    peer1  end quiescent\n    peer2  end quiescent`;
}

test('of a device without a log is forgotten what went alike through all that have one', async () => {
  await opened(withoutLogOfPeer3(''), async (run) => {
    const { file, verdicts } = await examineRun(run, invariants, { maxProblems: 1 });
    const chain = file.chain('bob');
    expect(verdicts.findings.map(({ code }) => code)).toEqual(['missing-device']);
    expect([chain.forgotten.effects, chain.isDoubtful]).toEqual([75, false]);
  });
});

test.each([
  ['nothing more', ''],
  [
    'an effect that spends what one of them made',
    `
    peer1  write e1 kind=transfer inputs=A1100 outputs=B:UCT:5 booked
    peer2  applied e1 booked`,
  ],
  ['one that comes once more', '\n    peer1  applied u1 origin=peer3 originSeq=1'],
  ['one that is booked once more', '\n    peer1  balance A1 UCT +5 effect=u1'],
  ['a token of one that comes back', '\n    peer1  balance A1 UCT +5'],
  [
    'a token of one that is spent once more',
    `
    peer1  write e1 kind=transfer inputs=A7 outputs=B:UCT:5 booked
    peer2  applied e1`,
  ],
  [
    'a token of one that is made once more',
    '\n    peer1  write e1 kind=mint outputs=A7:UCT:5 booked\n    peer2  applied e1',
  ],
  ['one that is written after all', '\n    peer3  write u7 kind=transfer inputs=A6 outputs=A7:UCT:5 originSeq=7'],
  ['another one of the same number', '\n    peer1  applied w1 origin=peer3 originSeq=7'],
  ['one that came to one device alone', '\n    peer1  applied w1 origin=peer3 originSeq=1101'],
  [
    'an effect that does not come behind one that names one of them as its cause',
    `
    peer1  write e1
    peer1  write e2 deps=u7,e1
    peer2  applied e2`,
  ],
  [
    'an effect that was booked, and its device knew one of them',
    `
    peer1  write e1 kind=mint outputs=B:UCT:5 booked
    peer2  applied e1
    peer1  write e2 kind=mint outputs=C:UCT:5 booked
    peer2  applied e2 booked`,
  ],
  [
    'a snapshot that holds some of them',
    `
    peer1  publish s1 frontier=peer3:7
    peer2  clear
    peer2  import s1 contents=u7
    peer1  write e1 kind=mint outputs=B:UCT:5 booked
    peer2  applied e1`,
  ],
])('what is said of a device without a log, and %s', async (_, rest) => {
  const { findings } = await sameReport(withoutLogOfPeer3(rest));
  expect(findings.map(({ code }) => code)).toContain(rest.includes('peer3  write') ? 'seq-gap' : 'missing-device');
});
