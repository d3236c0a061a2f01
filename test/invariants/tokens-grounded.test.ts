import { describe, expect, test } from 'vitest';
import { answers, findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['tokens-grounded'] });

/** What is said of the one thing that is wrong. */
const said = async (story: string) => {
  const { findings: found } = await report(story, { checks: ['tokens-grounded'] });
  return found.map(({ code, message }) => `${code}: ${message}`);
};

/** A mint of peer1, booked on both. */
const minted = `
  peer1  write e1 outputs=T1:UCT:100 booked
  peer2  applied e1 booked
`;

describe('a token lives because something brought it', () => {
  test.each([
    ['an effect that makes it', minted],
    [
      'a snapshot that claims its birth',
      `${minted} peer1 publish s1 frontier=peer1:1\npeer2 clear\npeer2 import s1 booked`,
    ],
    [
      'nobody knows what, in a snapshot whose publishing is not in the logs',
      `${minted} peer2 balance T9 UCT 7 snapshot=s9`,
    ],
    ['nobody knows what, by an effect that nobody logged', `${minted} peer2 balance T9 UCT 7 effect=x9`],
    [
      'nobody knows what, in a snapshot of which not all effects are known',
      `${minted} peer3 write g1
       peer1 publish s1 frontier=peer1:1,peer3:2
       peer2 import s1
       peer2 balance T9 UCT 7 snapshot=s1`,
    ],
    [
      'nobody knows what, in a snapshot that claims an effect of which only an application is logged',
      `${minted} peer3 write g1
       peer1 applied g2 origin=peer3 originSeq=2
       peer1 publish s1 frontier=peer1:1,peer3:2
       peer2 import s1
       peer2 balance T9 UCT 7 snapshot=s1`,
    ],
    [
      'which was not in the logs, and is spent',
      `${minted} peer2 import s9\npeer2 balance T9 UCT 7 snapshot=s9\npeer2 write f1 inputs=T9\npeer2 balance T9 UCT -7 effect=f1`,
    ],
  ])('%s', async (_, story) => {
    expect(await judged(story)).toEqual([]);
  });

  test.each([
    ['no effect and no snapshot brought it', 'peer2  balance T9 UCT 7'],
    ['e1 does not make it', 'peer2  balance T9 UCT 7 effect=e1'],
    ['f1 does not make it', 'peer2  write f1 outputs=T9:UCT:7:alice\npeer2  balance T9 UCT 7 effect=f1'],
    [
      's1 claims nothing that makes it',
      'peer1  publish s1 frontier=peer1:1\npeer2  import s1\npeer2  balance T9 UCT 7 snapshot=s1',
    ],
  ])('and not where %s', async (why, lines) => {
    expect(await said(`${minted}${lines}`)).toEqual([`ungrounded: T9 changed by +7 UCT on peer2: ${why}`]);
  });

  test('and is spent only where it lives', async () => {
    expect(await said(`${minted} peer2 balance T9 UCT -7`)).toEqual([
      'ungrounded: T9 changed by -7 UCT on peer2: spent there, and nothing brought it',
    ]);
  });

  test('or where its birth is known, though it was not booked: that is another matter', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1
      peer1  write e2 inputs=T1 booked
      peer2  applied e2
      peer2  balance T1 UCT -100 effect=e2
    `;
    expect(await judged(story)).toEqual([]);
  });

  test('in a log of bare balances, nobody asks why', async () => {
    expect(await answers('peer1 write e1\npeer1 balance T1 UCT 7\npeer2 balance T1 UCT 7')).not.toContainEqual(
      expect.stringMatching(/^tokens-grounded/),
    );
  });
});

describe('a hole', () => {
  const hole = '- peer2  log';

  test('before a token came may hide what brought it', async () => {
    expect(await judged(`${minted}${hole}\npeer2 log\npeer2 balance T9 UCT 7`)).toEqual([]);
    expect(await answers(`${minted}${hole}\npeer2 log\npeer2 balance T9 UCT 7`)).toContain(
      'tokens-grounded bob not-checked',
    );
  });

  test('right before it may, too', async () => {
    expect(await judged(`${minted}${hole}\npeer2 balance T9 UCT 7`)).toEqual([]);
  });

  test('that a crash may have left right before it may, too', async () => {
    const story = (crash: string) => `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1 booked file=first.ndjson
      peer2  balance T9 UCT 7 ${crash} file=second.ndjson
    `;
    expect(await judged(story('incarnation=2'))).toEqual([]);
    expect(await judged(story('seq=3'))).toEqual(['ungrounded peer2 T9']);
  });

  test('after it may not', async () => {
    expect(await judged(`${minted} peer2 balance T9 UCT 7\n${hole}\npeer2 log`)).toEqual(['ungrounded peer2 T9']);
  });

  test('nor does an end that is cut off', async () => {
    expect(await judged(`${minted} peer2 balance T9 UCT 7\npeer1 end quiescent`)).toEqual(['ungrounded peer2 T9']);
  });
});

describe('a token that was spent stays spent', () => {
  const spent = `
    ${minted}
    peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked
    peer2  applied e2 booked
  `;

  test('and does not come back by a snapshot', async () => {
    const story = `${spent} peer1 publish s1 frontier=peer1:1\npeer2 import s1\npeer2 balance T1 UCT 100 snapshot=s1`;
    expect(await said(story)).toEqual(['resurrected: peer2 holds 100 UCT (T1) that e2 has spent']);
    const { findings: found } = await report(story, { checks: ['tokens-grounded'] });
    expect(found[0]?.evidence.map(({ role, first }) => [role, first === true])).toEqual([
      ['writes e2: spends T1, makes 100 UCT (T2)', false],
      ['knows e2, by which T1 is spent', false],
      ['brings T1 back: +100 UCT', true],
    ]);
  });

  test('on the device that spent it, too', async () => {
    const story = `${spent} peer1 publish s1 frontier=peer1:1\npeer1 import s1\npeer1 balance T1 UCT 100 snapshot=s1`;
    expect(await judged(story)).toEqual(['resurrected peer1 e2']);
  });

  test('unless it is taken back at once', async () => {
    const story = `${spent} peer1 publish s1 frontier=peer1:1\npeer2 import s1\npeer2 balance T1 UCT 100 snapshot=s1`;
    expect(await judged(`${story}\npeer2 balance T1 UCT -100 effect=e2`)).toEqual([]);
  });

  test('and is not there beside its successor after a recovery, where the snapshot claims both', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked
      peer1  publish s1 frontier=peer1:2
      peer2  clear
      peer2  import s1
      peer2  balance T1 UCT 100 snapshot=s1
      peer2  balance T2 UCT 100 snapshot=s1
    `;
    expect(await said(story)).toEqual([
      'resurrected: peer2 holds 100 UCT (T1) that e2 has spent, beside T2, which it was spent for',
    ]);
    expect(await judged(story.replace('peer2  balance T2 UCT 100 snapshot=s1', ''))).toEqual([]);
    expect(await judged(`${story} peer2 clear`)).toEqual([]);
    const takenAway = `${spent} peer1 publish s1 frontier=peer1:2\npeer2 clear\npeer2 applied e1 booked\npeer2 import s1`;
    const both = 'peer2 balance T1 UCT -100 snapshot=s1\npeer2 balance T2 UCT 100 snapshot=s1';
    expect(await judged(`${takenAway}\n${both}`)).toEqual([]);
    expect(await judged(`${story} - peer2 log\npeer2 log`)).toEqual([]);
  });

  test('by the contents of the snapshot that brings it back, too', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 inputs=T1 booked
        peer1  publish s1 frontier=peer1:2 contents=e1,e2
        peer2  clear
        peer2  import s1
        peer2  balance T1 UCT 100 snapshot=s1
      `),
    ).toEqual(['resurrected peer2 e2']);
  });

  test('as far as is certain: an effect that only balances name retires nothing', async () => {
    expect(
      await judged(`
        ${minted}
        peer2  balance T1 UCT -100 effect=x9
        peer2  import s9
        peer2  balance T1 UCT 100 snapshot=s9
      `),
    ).toEqual([]);
  });
});
