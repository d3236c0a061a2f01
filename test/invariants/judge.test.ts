import { describe, expect, test } from 'vitest';
import { findings, judge, report } from '../story.ts';

describe('the first divergence', () => {
  test('has what follows from it folded under it', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  skipped e1 reason=own-identity
      peer1  write e2 outputs=T2:UCT:5 booked
      peer2  applied e2 booked
      peer2  read UCT 99 tokens=1
      peer1  end quiescent
      peer2  end quiescent
    `;
    const { findings: all } = await report(story, { all: true });
    expect(all.map(({ id, code, follows, consequences }) => [id, code, follows, consequences])).toEqual([
      ['F1', 'self-filtered', null, 1],
      ['F2', 'balance-read', 'F1', 0],
    ]);
    expect(await findings(story)).toEqual(['self-filtered peer2 e1']);
  });

  test('is not one of two that are concurrent: both are shown', async () => {
    expect(
      await findings(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  write f1 outputs=T2:UCT:5 booked
        peer2  skipped e1 reason=own-identity
        peer1  skipped f1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['self-filtered peer1 f1', 'self-filtered peer2 e1']);
  });

  test('comes first by happens-before, not by the name of its device', async () => {
    expect(
      await findings(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=own-identity
        peer2  write f1 outputs=T2:UCT:5 booked
        peer1  applied f1 booked
        peer2  write f2 outputs=T3:UCT:7 booked
        peer1  skipped f2 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['self-filtered peer2 e1', 'self-filtered peer1 f2']);
  });

  test('is told identity by identity', async () => {
    expect(
      await findings(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=own-identity
        alice1@alice  write a1 outputs=A1:UCT:5 booked
        alice2@alice  skipped a1 reason=own-identity
      `),
    ).toEqual(['self-filtered alice2 a1', 'self-filtered peer2 e1']);
  });

  test('of one identity has nothing of another folded under it', async () => {
    expect(
      await findings(`
        alice1@alice  balance T1 UCT 5
        alice2@alice  log
        peer1  balance T1 UCT 5
        peer2  log
      `),
    ).toEqual(['undetermined T1', 'undetermined T1']);
  });

  test('is marked in its story, by file and line', async () => {
    const [finding] = (
      await report(`
        peer1  log
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  log
        peer2  skipped e1 reason=own-identity
      `)
    ).findings;
    expect(finding?.at).toMatchObject({ file: 'peer2.ndjson', line: 2, device: 'peer2', incarnation: 1, seq: 2 });
    expect(finding?.evidence.filter(({ first }) => first)).toMatchObject([{ file: 'peer2.ndjson', line: 2 }]);
    expect(finding?.evidence[0]).toMatchObject({ file: 'peer1.ndjson', line: 2 });
  });
});

describe('a run that is judged up to a point', () => {
  const story = `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer2  applied e1 booked
    peer1  write e2 outputs=T2:UCT:5 booked
    peer2  skipped e2 reason=own-identity
    peer1  end quiescent
    peer2  end quiescent
  `;

  test('knows nothing of what came later', async () => {
    expect(await judge(story, { until: 'peer2:1:2' })).toEqual(['not-checked']);
    expect(await judge(story, { until: 'peer2:1:3' })).toEqual(['violated', 'self-filtered peer2 e2']);
  });

  test('is not held for its end, which it has not reached', async () => {
    expect((await report(story, { until: 'peer2:1:2' })).checks).toContainEqual(
      expect.objectContaining({ name: 'ledgers-agree', verdict: 'not-checked' }),
    );
  });
});

test('a run that is judged up to a time is cut off nowhere, though some had ended by then', async () => {
  const story = `
    : epoch=2025-05-30T22:00:00.000Z
    peer1  write e1 outputs=T1:UCT:100 booked
    peer2  received e1
    peer1  end quiescent
    peer2  applied e1 booked after=5000
    peer2  end quiescent
  `;
  expect(await judge(story, { until: '2025-05-30T22:00:01.000Z' })).toEqual(['not-checked']);
  expect(await judge(story)).toEqual(['held']);
});

describe('the stage at which an effect failed', () => {
  const stage = async (story: string) => (await report(story)).findings.map(({ code, stage }) => [code, stage]);
  const quiet = 'peer1 end quiescent\npeer2 end quiescent';

  test('is between two lines, one of which is missing', async () => {
    expect(
      await stage(`peer1 write e1\npeer1 verify e1\npeer2 log\npeer2 received e2 origin=peer1 originSeq=2\n${quiet}`),
    ).toContainEqual([
      'lost-update',
      { after: 'durable', before: 'received', decides: 'a replication line of peer2 that names e1' },
    ]);
    expect(await stage(`peer1 write e1\npeer2 received e1\n${quiet}`)).toEqual([
      [
        'not-applied',
        {
          after: 'received',
          before: 'applied',
          decides: 'a replication line of peer2 that says whether e1 was skipped, rejected or applied',
        },
      ],
    ]);
  });

  test('is a line, where one says so', async () => {
    expect(await stage('peer1 write e1\npeer2 rejected e1 reason=bad\npeer2 write f1')).toEqual([
      ['not-applied', { at: 'accepted' }],
    ]);
    expect(await stage('peer1 write e1\npeer2 skipped e1 reason=unsupported-key\npeer2 write f1')).toEqual([
      ['not-applied', { at: 'accepted' }],
    ]);
  });

  test('of a class that an import dropped is known where the publisher lists what it held', async () => {
    const story = (contents: string) => `
      peer1  write e1 key=sent:A outputs=T1:UCT:1
      peer1  write e2 key=token:B outputs=T2:UCT:2
      peer1  write e3 key=sent:C outputs=T3:UCT:3
      peer1  publish s1 frontier=peer1:3 ${contents}
      peer2  import s1 contents=e2
    `;
    expect(await stage(story('contents=e1,e2,e3'))).toEqual([['class-dropped', { at: 'applied' }]]);
    expect(await stage(story(''))).toEqual([
      [
        'class-dropped',
        { after: 'published', before: 'applied', decides: 'a publish line of s1 that lists its contents' },
      ],
    ]);
  });

  test('of a right amount in a wrong token is where it shows, if an effect is named; else it may be anywhere', async () => {
    const named = `peer1 write e1 outputs=T1:UCT:1 booked\npeer2 applied e1\npeer2 balance T9 UCT 1 effect=e1\n${quiet}`;
    expect(await stage(named)).toEqual([['masked', { at: 'visible' }]]);
    expect(await stage('peer1 balance T1 UCT 1\npeer2 balance T2 UCT 1')).toEqual([
      [
        'masked',
        { after: 'written', before: 'visible', decides: 'write and replication lines of the effects that moved T1' },
      ],
    ]);
  });

  test('is none of what is wrong with the logs', async () => {
    expect(await stage('- peer1 log\npeer1 write e1')).toEqual([['seq-gap', null]]);
  });
});

describe('a question about a part', () => {
  const story = `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer2  skipped e1 reason=own-identity
    peer1  write e2 outputs=T2:USDC:5 booked
    peer3  applied e1 booked
    peer3  skipped e2 reason=own-identity
  `;

  test('about one device', async () => {
    expect(await findings(story, { devices: ['peer3'] })).toEqual(['self-filtered peer3 e2']);
  });

  test('about one coin', async () => {
    expect(await findings(story, { coins: ['UCT'] })).toEqual(['self-filtered peer2 e1']);
  });

  test('by one check', async () => {
    const { checks } = await report(story, { checks: ['log-complete'] });
    expect(new Set(checks.map(({ name }) => name))).toEqual(new Set(['log-complete']));
  });
});

describe('the same number', () => {
  test('however it is written, is the same amount', async () => {
    expect(
      await judge(`
        peer1  raw {"v":1,"type":"balance","device":"peer1","identity":"bob","incarnation":1,"seq":1,"tokenId":"T1","coin":"UCT","delta":100}
        peer2  balance T1 UCT 100.000
      `),
    ).toEqual(['held']);
  });

  test('as a number with a fraction is a problem, and no amount', async () => {
    const { verdict, input } = await report(`
      peer1  raw {"v":1,"type":"balance","device":"peer1","identity":"bob","incarnation":1,"seq":1,"tokenId":"T1","coin":"UCT","delta":0.1}
      peer2  balance T1 UCT 0.1
    `);
    expect(verdict).toBe('not-checked');
    expect(input.problems[0]?.reason).toContain('may have lost digits');
  });
});
