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

describe('what may be why ledgers differ', () => {
  const reason = async (story: string) => {
    const { checks } = await report(story);
    return checks.find(({ name }) => name === 'ledgers-agree')?.reason;
  };

  test('is named as a hole, also where another token is merely under way', async () => {
    const both = `
      peer1  start
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  write e2
      peer2  start file=first.ndjson
      peer2  start file=second.ndjson
      peer2  applied e2 file=second.ndjson
      peer2  write f1 file=second.ndjson
      peer1  applied f1
      peer1  write e3 outputs=T3:UCT:5 booked
      peer1  end quiescent
      peer2  end orderly file=second.ndjson
    `;
    expect(await reason(both)).toBe('a hole could hide why peer1 and peer2 differ');
    expect(await judge(both)).toEqual(['not-checked']);
  });

  test('is lag, where that is all', async () => {
    expect(
      await reason(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 outputs=T2:UCT:100 booked
        peer2  received e1
        peer1  end quiescent
        peer2  end orderly
      `),
    ).toBe('2 tokens still on the way when a device stopped without being quiescent');
  });

  test('is what another check found, for as many tokens as it touches', async () => {
    expect(
      await reason(`
        peer1  write e1 outputs=T1:UCT:100,T2:UCT:1 booked
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toBe('2 tokens held differently, for a reason found by another check');
  });

  test('is not what another check found of another token', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100
        peer1  balance T1 UCT 100
        peer1  balance T9 UCT 5
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'undetermined T9', 'self-filtered peer2 e1']);
  });

  test('is not asked of a device with a hole, though a fault of it is known', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1 booked
      peer2  applied e1
      peer2  balance T1 UCT 100 effect=e1
      - peer2  log
      peer2  log
      peer1  end quiescent
      peer2  end quiescent
    `;
    expect(await judge(story)).toEqual(['violated', 'duplicate-apply peer2 e1', 'seq-gap peer2']);
    expect(await reason(story)).toBe('seq 5 of peer2, incarnation 1, is missing from the log');
  });

  test('is an effect whose writing nobody logged, and which may be under way', async () => {
    expect(
      await judge(`
        peer1  replication x1 origin=peer3 originSeq=1 applied
        peer1  balance T1 UCT 100 effect=x1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['not-checked', 'missing-device peer3']);
  });

  test('may be the lost beginning of a log, which would have said whether devices say when they stop', async () => {
    const hidden = '- peer1 log\npeer1 log';
    const story = (first: string) => `
      ${first}
      peer1  clear
      peer1  balance T1 UCT 1
      peer2  balance T2 UCT 2
    `;
    const asked = { checks: ['ledgers-agree'] };
    expect(await judge(story(hidden), asked)).toEqual(['not-checked']);
    expect(await judge(story(`${hidden}\n${hidden}`), asked)).toEqual(['not-checked']);
    expect(await judge(story(`peer1 log\n${hidden}`), asked)).toEqual(['violated', 'undetermined T1']);
  });
});

describe('of three devices', () => {
  const story = (third: string) => `
    peer1  balance T1 UCT 100
    peer2  balance T1 UCT 100
    peer3  ${third}
  `;

  test('the one that stands alone is named', async () => {
    expect(await judge(story('balance T9 UCT 7'))).toEqual(['violated', 'undetermined peer3 T1']);
  });

  test('none is, where each has its own', async () => {
    const each = 'peer1 balance T1 UCT 1\npeer2 balance T2 UCT 2\npeer3 balance T3 UCT 3';
    expect(await judge(each)).toEqual(['violated', 'undetermined T1']);
  });

  const beside = async (story: string) =>
    (await report(story)).findings.map(({ difference }) => [difference?.left.device, difference?.right.device]);

  test('a fault of one is shown beside the first that holds something else', async () => {
    expect(
      await beside(`
        peer3  write e1 outputs=T1:UCT:100 booked
        peer1  skipped e1 reason=own-identity
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
        peer3  end quiescent
      `),
    ).toEqual([
      ['peer1', 'peer3'],
      ['peer2', 'peer3'],
    ]);
  });

  test('or beside the first, where all hold the same', async () => {
    expect(
      await beside(`
        peer1  write e1 outputs=T1:UCT:100
        peer2  applied e1
        peer3  applied e1
        peer1  write e0 outputs=T0:UCT:1 booked
        peer2  applied e0 booked
        peer3  applied e0 booked
        peer1  end quiescent
        peer2  end quiescent
        peer3  end quiescent
      `),
    ).toEqual([
      ['peer1', 'peer2'],
      ['peer1', 'peer2'],
      ['peer1', 'peer3'],
    ]);
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

describe('a run without balance lines', () => {
  const story = (write: string) => `
    peer1  write e1 ${write}
    peer2  applied e1
    peer1  end quiescent
    peer2  end quiescent
  `;

  test('has no ledgers to compare where nothing in it has to do with tokens', async () => {
    expect(await judge(story('key=contact:alice'))).toEqual(['held']);
  });

  test('is not checked where nobody says what was written', async () => {
    expect(await judge('peer1 publish s1 frontier=peer1:0\npeer1 end quiescent\npeer2 end quiescent')).toEqual([
      'not-checked',
    ]);
  });

  test('is not checked where something has', async () => {
    expect(await judge(story('outputs=T1:UCT:1'))).toEqual(['not-checked']);
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
