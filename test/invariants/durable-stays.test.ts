import { describe, expect, test } from 'vitest';
import { answers, findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['durable-stays'] });

/** A mint and a payment of peer1, both verified; then a restart, and what it shows. */
const restart = (...shown: string[]) => `
  peer1  start
  peer1  write e1 kind=mint outputs=T1:UCT:100 booked
  peer1  verify e1
  peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:60,A1:UCT:40:alice booked
  peer1  verify e2
  peer1  write e3 kind=mint outputs=T3:USDU:7 booked
  peer1  verify e3
  peer1  end quiescent
  peer1  start
  ${shown.join('\n')}
`;

describe('what was verified is gone after a restart', () => {
  test.each([
    ['if its total is what there would be without a mint', 'read USDU 0 tokens=0', 'e3'],
    ['if its total is what there would be without a payment', 'read UCT 100 tokens=1', 'e2'],
    ['if its list is what there would be without a mint', 'tokens T2', 'e3'],
    ['if its list is what there would be without a payment', 'tokens T1 T3', 'e2'],
    ['if its list still has the spent token', 'tokens T1 T2 T3', 'e2'],
    ['if its list lacks the change', 'tokens T3', 'e2'],
  ])('%s', async (_, shown, effect) => {
    expect(await judged(restart(`peer1  ${shown}`))).toEqual([`not-durable peer1 ${effect}`]);
  });

  test('and it is told once, at the first reading that says so', async () => {
    const story = restart('peer1  read USDU 0 tokens=0', 'peer1  tokens T2', 'peer1  read USDU 0 tokens=0');
    const { findings: found } = await report(story, { checks: ['durable-stays'], all: true });
    expect(found).toMatchObject([{ effect: 'e3', at: { file: 'peer1.ndjson', line: 14 } }]);
    expect(found[0]?.evidence.map(({ role }) => role)).toEqual([
      'writes e3: makes 7 USDU (T3)',
      'makes e3 durable',
      'shows what there would be without e3',
    ]);
  });

  test('and it is told at its own incarnation, not where the same was wrong before', async () => {
    const story = restart('peer1  read USDU 0 tokens=0').replace(
      'peer1  end quiescent',
      'peer1  read UCT 50 tokens=1\npeer1  end quiescent',
    );
    const { findings: found } = await report(story, { checks: ['durable-stays'] });
    expect(found).toMatchObject([{ effect: 'e3', at: { line: 15 } }]);
  });

  test('if it was verified in an earlier incarnation than the last', async () => {
    expect(await judged(restart('peer1  end quiescent', 'peer1  start', 'peer1  read USDU 0 tokens=0'))).toEqual([
      'not-durable peer1 e3',
    ]);
  });
});

describe('what was verified is not said to be gone', () => {
  test.each([
    ['if what is shown is right', 'read USDU 7 tokens=1'],
    ['if no single effect explains the total', 'read UCT 61 tokens=1'],
    ['if the number of tokens does not fit', 'read UCT 100 tokens=2'],
    ['if the total fits and is of another coin', 'read EUR 100 tokens=1'],
    ['if the list lacks what two effects made', 'tokens'],
    ['if the list has a token that nothing spent', 'tokens T2 T3 T9'],
    ['if the list lacks one token, and has another that nothing spent', 'tokens T2 T9'],
  ])('%s', async (_, shown) => {
    expect(await judged(restart(`peer1  ${shown}`))).toEqual([]);
  });

  test('if it was never verified', async () => {
    expect(await judged(restart('peer1  read USDU 0 tokens=0').replace('peer1  verify e3', ''))).toEqual([]);
  });

  test('if another device verified it', async () => {
    const story = restart('peer1  read USDU 0 tokens=0').replace('peer1  verify e3', 'peer2  verify e3');
    expect(await judged(story)).toEqual([]);
  });

  test('if there was no restart since', async () => {
    expect(
      await judged(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer1  verify e1
        peer1  read UCT 0 tokens=0
      `),
    ).toEqual([]);
  });

  test('if the device came to know it only after the restart', async () => {
    expect(
      await judged(`
        peer2  write f1 kind=mint outputs=T1:UCT:100 booked
        peer1  start
        peer1  verify f1
        peer1  start
        peer1  applied f1 booked
        peer1  read UCT 0 tokens=0
      `),
    ).toEqual([]);
  });

  test('if two effects explain the reading alike', async () => {
    expect(
      await judged(`
        peer1  start
        peer1  write e1 kind=mint outputs=T1:UCT:5 booked
        peer1  verify e1
        peer1  write e2 kind=mint outputs=T2:UCT:5 booked
        peer1  verify e2
        peer1  start
        peer1  read UCT 5 tokens=1
      `),
    ).toEqual([]);
  });

  test('if a hole before the reading may hide why', async () => {
    const hidden = restart('- peer1  log', 'peer1  read USDU 0 tokens=0');
    expect(await judged(hidden)).toEqual([]);
    const [first, second] = ['- peer1  log', 'peer1  log'];
    expect(await judged(restart('peer1  read USDU 0 tokens=0', first as string, second as string))).toEqual([
      'not-durable peer1 e3',
    ]);
  });

  test('of what was put out for somebody else, whose ledger is not shown here', async () => {
    expect(
      await judged(`
        peer1  start
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer1  write e2 kind=transfer inputs=T1 outputs=A1:UCT:40:alice,T2:UCT:60 booked
        peer1  verify e2
        peer1  start
        peer1  read UCT 20 tokens=1
      `),
    ).toEqual([]);
  });
});

test('a run without a restart has held', async () => {
  expect(
    await answers(`
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer1  verify e1
      peer1  read UCT 100 tokens=1
    `),
  ).toContain('durable-stays bob held');
});
