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
