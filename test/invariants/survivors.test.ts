import { describe, expect, test } from 'vitest';
import { findings, judge } from '../story.ts';

/** Stories that kill mutants which all others let live; `npm run mutants` finds more. */
describe('delivery', () => {
  test('a hole before the end hides the arrival of what both ends owe', async () => {
    const story = `
      peer1  write e1
      peer1  write e2
      peer2  applied e1
      - peer2  applied e2
      peer2  log
      peer1  end quiescent
      peer2  end quiescent
    `;
    expect(await judge(story)).toEqual(['not-checked', 'seq-gap peer2']);
    expect(await findings(story.replace('- peer2', '# peer2'))).toEqual(['lost-update peer2 e2']);
  });

  test('what an earlier effect of the same origin depends on is owed too', async () => {
    expect(
      await findings(`
        peer1  write e1
        peer2  applied e1
        peer2  write f1 deps=e1
        peer2  write f2
        peer3  applied f2
        peer1  end orderly
        peer2  end orderly
        peer3  end orderly
      `),
    ).toEqual(['lost-update peer3 e1', 'lost-update peer3 f1']);
  });

  test('what was missing before a clear and came after it is healed', async () => {
    expect(
      await findings(`
        peer1  write e1
        peer1  write e2
        peer2  applied e2
        peer2  clear
        peer2  applied e1
        peer2  applied e2
        peer3  log
        peer1  end orderly
        peer2  end orderly
        peer3  end orderly
      `),
    ).toEqual([]);
  });
});

describe('balances', () => {
  const story = (frontier: string) => `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer1  verify e1
    peer2  applied e1
    peer2  publish s1 frontier=${frontier}
    peer1  end orderly
    peer2  end orderly
  `;

  test('a snapshot that claims an effect ends the wait for its booking', async () => {
    expect(await findings(story('peer1:1'), { checks: ['effects-moved'] })).toEqual(['balance-missing peer2 e1']);
  });

  test('a snapshot that does not claim it does not', async () => {
    expect(await findings(story('peer2:0'), { checks: ['effects-moved'] })).toEqual([]);
  });
});

test('what is received is what the counterparty’s log says was sent', async () => {
  const story = (received: string) => `
    alice-phone@alice  write a1 kind=transfer inputs=A1 outputs=T1:UCT:100:bob
    peer1  write e1 kind=receive outputs=T1:UCT:${received}
  `;
  expect(await findings(story('90'), { checks: ['amounts-conserved'] })).toEqual(['conservation peer1 e1']);
  expect(await findings(story('100'), { checks: ['amounts-conserved'] })).toEqual([]);
});
