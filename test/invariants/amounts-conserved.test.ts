import { describe, expect, test } from 'vitest';
import { findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['amounts-conserved'] });

describe('a transfer puts out what it takes in', () => {
  const of = (write: string) => `
    peer1  write e1 kind=mint outputs=T1:UCT:100
    peer1  write e2 kind=mint outputs=T2:USDU:7
    peer1  write e3 ${write}
  `;

  test.each([
    ['all of it', 'kind=transfer inputs=T1 outputs=T3:UCT:60,A1:UCT:40:alice'],
    ['however it is written', 'kind=transfer inputs=T1 outputs=T3:UCT:100.00'],
    ['coin by coin', 'kind=transfer inputs=T1,T2 outputs=T3:UCT:100,T4:USDU:7'],
    ['or less, where it burns', 'kind=burn inputs=T1 outputs=T3:UCT:99'],
    ['or all of it, where it burns nothing', 'kind=burn inputs=T1 outputs=T3:UCT:100'],
    ['or less, where it does not say what it is', 'inputs=T1 outputs=T3:UCT:99'],
    ['unless it spends what nobody knows the worth of', 'kind=transfer inputs=T9 outputs=T3:UCT:1'],
    ['unless it is a mint, of which the inputs mean nothing', 'kind=mint inputs=T1 outputs=T3:UCT:900'],
  ])('%s', async (_, write) => {
    expect(await judged(of(write))).toEqual([]);
  });

  test.each([
    [
      'more',
      'kind=transfer inputs=T1 outputs=T3:UCT:100.000000000001',
      'puts out 0.000000000001 UCT more than it takes in',
    ],
    ['less', 'kind=transfer inputs=T1 outputs=T3:UCT:99', 'takes in 1 UCT more than it puts out'],
    ['more, where it burns', 'kind=burn inputs=T1 outputs=T3:UCT:101', 'puts out 1 UCT more than it takes in'],
    ['more, without saying what it is', 'inputs=T1 outputs=T3:UCT:101', 'puts out 1 UCT more than it takes in'],
    ['another coin', 'kind=burn inputs=T1 outputs=T3:USDU:1', 'puts out 1 USDU more than it takes in'],
  ])('and not %s', async (_, write, said) => {
    const { findings: found } = await report(of(write), { checks: ['amounts-conserved'] });
    expect(found.map(({ code, effect, message }) => [code, effect, message])).toEqual([
      ['conservation', 'e3', `e3 ${said}`],
    ]);
  });

  test('in each coin for itself', async () => {
    const { findings: found } = await report(of('kind=transfer inputs=T1,T2 outputs=T3:UCT:7,T4:USDU:100'), {
      checks: ['amounts-conserved'],
      all: true,
    });
    expect(found.map(({ coin, message }) => [coin, message])).toEqual([
      ['USDU', 'e3 puts out 93 USDU more than it takes in'],
      ['UCT', 'e3 takes in 93 UCT more than it puts out'],
    ]);
  });

  test('what it takes in is worth what the writer’s balance lost, where nobody logged its birth', async () => {
    const story = (lost: string) => `
      peer1  write e1 kind=transfer inputs=T9 outputs=T1:UCT:10
      peer1  balance T9 UCT -${lost} effect=e1
    `;
    expect(await judged(story('10'))).toEqual([]);
    expect(await judged(story('9'))).toEqual(['conservation peer1 e1']);
  });
});

test('what is not said to be received is held against no other log', async () => {
  expect(
    await judged(`
      alice-phone@alice  write a1 kind=transfer inputs=A1 outputs=T1:UCT:100:bob
      peer1  write e1 inputs=T9 outputs=T1:UCT:90
    `),
  ).toEqual([]);
});

describe('what is received is what the counterparty’s log says was sent', () => {
  const story = (received: string) => `
    alice-phone@alice  write a1 kind=transfer inputs=A1 outputs=T1:UCT:100:bob,A2:UCT:1
    peer1  write e1 kind=receive outputs=${received}
  `;

  test.each([
    ['that much', 'T1:UCT:100'],
    ['and anything that no log speaks of', 'T9:UCT:90'],
    ['and nothing is said of what the counterparty kept', 'A2:UCT:90'],
  ])('%s', async (_, received) => {
    expect(await judged(story(received))).toEqual([]);
  });

  test.each([
    ['not less', 'T1:UCT:90', 'e1 receives 90 UCT as T1, of which a1 sent 100 UCT'],
    ['not another coin', 'T1:USDU:100', 'e1 receives 100 USDU as T1, of which a1 sent 100 UCT'],
  ])('%s', async (_, received, said) => {
    const { findings: found } = await report(story(received), { checks: ['amounts-conserved'] });
    expect(found.map(({ message, blame }) => [message, blame?.by])).toEqual([[said, 'counterparty']]);
  });
});
