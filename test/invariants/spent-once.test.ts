import { describe, expect, test } from 'vitest';
import { findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['spent-once'] });

/** Who is said to have spent a token in vain, and by whose word. */
const blamed = async (story: string) => {
  const { findings: found } = await report(story, { checks: ['spent-once'] });
  return found.map(({ effect, blame }) => `${effect} ${blame?.device} ${blame?.by}`);
};

describe('a token is spent once', () => {
  test('by one effect, however many devices apply it', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100
        peer1  write e2 inputs=T1 outputs=T2:UCT:100
        peer2  applied e1
        peer2  applied e2
        peer2  write f1 inputs=T2 outputs=T3:UCT:100
      `),
    ).toEqual([]);
  });

  test('and not by two, on one device or on two', async () => {
    const twice = (device: string) => `
      peer1  write e1 inputs=T1 outputs=T2:UCT:100
      ${device}  write f1 inputs=T1 outputs=T3:UCT:100
    `;
    expect(await judged(twice('peer1'))).toEqual(['double-spend peer1 f1']);
    expect(await judged(twice('peer2'))).toEqual(['double-spend T1']);
  });

  test('nobody is accused with an effect that only balances name', async () => {
    expect(
      await judged(`
        peer1  write e1 inputs=T1 outputs=T2:UCT:100
        peer2  balance T1 UCT -100 effect=x1
      `),
    ).toEqual([]);
  });

  test.each([
    ['the same operation of the same device, written again', 'opId=op-1', 'peer1', 'T2', 'opId=op-1', []],
    ['the same request, but no word that it is one operation', '', 'peer1', 'T2', '', ['double-spend peer1 f1']],
    ['another operation', 'opId=op-1', 'peer1', 'T2', 'opId=op-2', ['double-spend peer1 f1']],
    ['an operation beside one without a name', 'opId=op-1', 'peer1', 'T2', '', ['double-spend peer1 f1']],
    ['the same operation with another output', 'opId=op-1', 'peer1', 'T3', 'opId=op-1', ['double-spend peer1 f1']],
    ['the same name on another device', 'opId=op-1', 'peer2', 'T2', 'opId=op-1', ['double-spend T1']],
  ])('%s', async (_, first, device, output, second, found) => {
    expect(
      await judged(`
        peer1  write e1 inputs=T1 outputs=T2:UCT:100 ${first}
        ${device}  write f1 inputs=T1 outputs=${output}:UCT:100 ${second}
      `),
    ).toEqual(found);
  });
});

describe('of two that spent one token, the loser is', () => {
  /** Both spend T1 without knowing of each other; then the arbiter speaks. */
  const story = (...words: string[]) => `
    peer1  write e1 inputs=T1 outputs=T2:UCT:100 opId=op-1
    peer2  write f1 inputs=T1 outputs=T3:UCT:100 opId=op-2
    ${words.join('\n')}
  `;

  test.each([
    ['the one that the arbiter refused', ['peer1  arbiter T1 refused'], 'e1 peer1 arbiter'],
    ['the one that was told that it is spent', ['peer2  arbiter T1 spent'], 'f1 peer2 arbiter'],
    ['the one beside the one that was accepted', ['peer1  arbiter T1 accepted'], 'f1 peer2 arbiter'],
    [
      'the other, if a first refusal was followed by an acceptance',
      ['peer1  arbiter T1 refused', 'peer1  arbiter T1 accepted'],
      'f1 peer2 arbiter',
    ],
    ['the one whose operation the word is about', ['peer2  arbiter T1 refused opId=op-2'], 'f1 peer2 arbiter'],
    [
      'none, if the word is about something else that the device asked',
      ['peer2  arbiter T1 refused opId=op-9'],
      'null null cannot-tell',
    ],
    ['none, if the word is about another token', ['peer2  arbiter T9 refused'], 'null null cannot-tell'],
    ['none, if nobody asked', [], 'null null cannot-tell'],
  ])('%s', async (_, words, said) => {
    expect(await blamed(story(...words))).toEqual([said]);
  });

  test('told with the arbiter’s line', async () => {
    const { findings: found } = await report(story('peer2  arbiter T1 spent'), { checks: ['spent-once'] });
    expect(found[0]?.evidence.map(({ role, first }) => [role, first === true])).toEqual([
      ['writes e1: spends T1, makes 100 UCT (T2)', false],
      ['writes f1: spends T1, makes 100 UCT (T3)', true],
      ['is answered: spent', false],
    ]);
    expect(found[0]?.message).toBe('T1 was spent by e1 of peer1 and again by f1 of peer2');
  });

  test('that of two operations of one device which the word names', async () => {
    const twice = (asked: string) => `
      peer1  write e1 inputs=T1 outputs=T2:UCT:100 opId=op-1
      peer1  write e2 inputs=T1 outputs=T3:UCT:100 opId=op-2
      peer1  arbiter T1 refused ${asked}
    `;
    expect(await blamed(twice('opId=op-1'))).toEqual(['e1 peer1 arbiter']);
    expect(await blamed(twice('opId=op-2'))).toEqual(['e2 peer1 arbiter']);
  });

  test('the one whose device knew of the other', async () => {
    expect(
      await blamed(`
        peer2  write f1 inputs=T1 outputs=T3:UCT:100
        peer1  applied f1
        peer1  write e1 inputs=T1 outputs=T2:UCT:100
      `),
    ).toEqual(['e1 peer1 lineage']);
  });

  test('nobody of three, of which one was accepted and two were not asked about', async () => {
    expect(await blamed(story('peer3  write g1 inputs=T1 outputs=T4:UCT:100', 'peer1  arbiter T1 accepted'))).toEqual([
      'null null cannot-tell',
    ]);
  });

  test('the one of three that knew of both', async () => {
    const third = ['peer3  applied e1', 'peer3  applied f1', 'peer3  write g1 inputs=T1 outputs=T4:UCT:100'];
    expect(await blamed(story(...third))).toEqual(['g1 peer3 lineage']);
    expect(await blamed(story(third[0] as string, third[2] as string))).toEqual(['null null cannot-tell']);
  });
});
