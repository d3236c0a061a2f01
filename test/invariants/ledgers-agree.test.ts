import { describe, expect, test } from 'vitest';
import { answers, judge, report } from '../story.ts';

describe('a log of bare balance lines', () => {
  test('can be checked', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });

  test('says that ledgers differ, and not why', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
        peer2  balance T2 UCT 5
      `),
    ).toEqual(['violated', 'undetermined T2']);
  });

  test('equal totals are not equal ledgers', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 60
        peer1  balance T2 UCT 40
        peer2  balance T3 UCT 100
      `),
    ).toEqual(['violated', expect.stringMatching(/^masked/)]);
  });

  test('a token that came and went is no difference', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T2 UCT 5
        peer2  balance T2 UCT -5
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });

  test('a clear empties the ledger', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T9 UCT 7
        peer2  clear
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });

  test('coins do not add up with each other', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T2 USDC 100
      `),
    ).toEqual(['violated', 'undetermined T1', 'undetermined T2']);
  });

  test('the difference of the published story is exact', async () => {
    const { findings } = await report(`
      peer1  balance change UCT 99.999999999989
      peer2  balance change UCT 99.999999999989
      peer2  balance spent UCT 100
    `);
    expect(findings[0]?.difference).toMatchObject({
      left: { device: 'peer1', amount: '99.999999999989', tokens: 1 },
      right: { device: 'peer2', amount: '199.999999999989', tokens: 2 },
      delta: '100',
      tokens: [{ tokenId: 'spent', left: null, right: '100' }],
    });
  });

  test('where devices ended with something still under way, a difference may be just that', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  end pending
        peer2  end quiescent
      `),
    ).toEqual(['not-checked']);
  });

  test('where both ended quiescent, it may not', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'undetermined T1']);
  });
});

describe('devices of one identity', () => {
  test('hold the same once nothing is under way', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  applied e1 booked
        peer2  write f1 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
        peer1  received f1
        peer1  applied f1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('hold the same in whatever order effects arrive', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer2  write f1 kind=mint outputs=T2:UCT:50 booked
        peer3  applied e1 booked
        peer3  applied f1 booked
        peer1  applied f1 booked
        peer2  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
        peer3  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('that differ for a reason found elsewhere do not differ once more', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'self-filtered peer2 e1']);
  });

  test('an identity with one device has nothing to agree with', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  end quiescent
      `),
    ).toEqual(['not-checked']);
  });

  test('nor do the single devices of two identities', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        alice-phone@alice  balance T2 UCT 5
        peer1  end quiescent
        alice-phone  end quiescent
      `),
    ).toEqual(['not-checked']);
  });

  test('are compared per identity, never across', async () => {
    expect(
      await answers(`
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
        alice1@alice  balance T2 UCT 5
        alice2@alice  balance T2 UCT 6
      `),
    ).toEqual(expect.arrayContaining(['ledgers-agree alice violated', 'ledgers-agree bob held']));
  });
});

describe('an aborted run', () => {
  test('is not asked to agree at its end', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer1  write e2 outputs=T2:UCT:1 booked
      `),
    ).toEqual(['not-checked']);
  });

  test('still answers for what was owed before', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 outputs=T2:UCT:1 booked
        peer2  applied e2 booked
        peer2  write f1
      `),
    ).toEqual(['violated', 'lost-update peer2 e1']);
  });
});

describe('nothing to judge', () => {
  test.each([
    ['an empty folder', ''],
    ['only debug lines', 'peer1 raw {"level":20,"time":1748642400000,"msg":"dial queue drained"}'],
    ['only sections and samples', 'peer1 section section="§A" title=start\npeer2 sample cpuPercent=1 rssBytes=1'],
    ['only starts and ends', 'peer1 start\npeer1 end quiescent\npeer2 start\npeer2 end quiescent'],
    ['a file with an empty line', 'peer1 raw'],
  ])('%s is not checked', async (_, story) => {
    expect(await judge(story)).toEqual(['not-checked']);
  });
});
