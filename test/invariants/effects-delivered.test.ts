import { describe, expect, test } from 'vitest';
import { answers, findings, judge, report, verdictOf } from '../story.ts';

describe('what a device refused or skipped is owed', () => {
  test('a skipped update of a sibling device is not lag', async () => {
    expect(
      await judge(`
        peer1  write e1 key=outbox outputs=T1:UCT:100 booked
        peer2  replication e1 origin=peer1 skipped reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'self-filtered peer2 e1']);
  });

  test('nor is it in a run that was aborted', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=own-identity
        peer2  read UCT 0 tokens=0
      `),
    ).toEqual(['violated', 'self-filtered peer2 e1']);
  });

  test('a device may skip its own effect when it hears it again', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  applied e1 booked
        peer1  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a device may skip what it knows', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a skip for another reason is not taken for a self-filter', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=unsupported-key
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'not-applied peer2 e1']);
  });

  test('a rejected effect is owed', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  rejected e1 reason="block not found"
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'not-applied peer2 e1']);
  });

  test('at a cut a rejected effect is under way, as it may be tried again behind it, and a skipped one is not', async () => {
    const story = (refusal: string) => `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  received e1
      peer2  ${refusal}
      peer2  log
      peer2  received e1
      peer2  applied e1 booked
    `;
    const until = 'peer2:1:3';
    expect(await findings(story('rejected e1 reason="block not found"'), { until })).toEqual([]);
    expect(await findings(story('skipped e1 reason=unsupported-key'), { until })).toEqual(['not-applied peer2 e1']);
  });

  test('a rejection is forgotten once the effect is applied after all', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  rejected e1 reason="block not found"
        peer2  received e1
        peer2  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });
});

describe('what comes before something applied is owed', () => {
  test('by its number at the origin', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  applied e2
        peer2  write f1
      `),
    ).toEqual(['violated', 'lost-update peer2 e1']);
  });

  test('not where the log of an aborted run stops right behind, so that it may still come', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  applied e2
      `),
    ).toEqual(['not-checked']);
  });

  test('not before anything that follows it was applied', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  received e2
        peer1  end quiescent
        peer2  end pending
      `),
    ).toEqual(['not-checked']);
  });

  test('not where the notice was of a head alone, which implies its ancestors', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  applied e2 headsOnly
        peer2  balance T1 UCT 100 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('by what it depends on, whoever wrote that', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer3  applied e1 booked
        peer3  write f1 deps=e1
        peer2  applied f1
        peer2  write g1
      `),
    ).toEqual(['violated', 'lost-update peer2 e1']);
  });

  test('not where it merely happened before, and nothing says that one depends on the other', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer3  applied e1 booked
        peer3  write f1
        peer2  applied f1
      `),
    ).toEqual(['not-checked']);
  });

  test('what comes late comes all the same', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  applied e2
        peer2  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('before a clear does not count after it', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2
        peer2  applied e1 booked
        peer2  applied e2
        peer2  clear
        peer1  end quiescent
        peer2  end pending
      `),
    ).toEqual(['not-checked']);
  });
});

describe('what a snapshot claims is owed', () => {
  test('to the device that published it', async () => {
    expect(
      await judge(`
        peer2  write f1
        peer1  applied f1
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  publish s1 frontier=peer1:1
        peer2  write f2
      `),
    ).toEqual(['violated', 'lost-update peer2 e1']);
  });

  test('not where the frontier ends before it', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  write e2 outputs=T2:UCT:1 booked
        peer2  publish s1 frontier=peer1:1
        peer1  end quiescent
        peer2  end pending
      `),
    ).toEqual(['not-checked']);
  });

  test('to the device that imported it', async () => {
    expect(
      await judge(`
        peer2  write f1
        peer1  applied f1
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  publish s1 frontier=peer1:1,peer2:1
        peer2  import s1
        peer2  read UCT 0 tokens=0
      `),
    ).toContain('violated');
  });

  test('not where its contents brought it', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  publish s1 frontier=peer1:1 contents=e1
        peer2  import s1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });
});

describe('what two quiescent devices have not exchanged is owed', () => {
  test('when nothing waits on either side', async () => {
    expect(
      await judge(`
        peer2  write f1
        peer1  applied f1
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'lost-update peer2 e1']);
  });

  test('even where the logs have no replication line at all', async () => {
    expect(
      await verdictOf(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toBe('violated');
  });

  test('arrived and never applied is another matter than lost', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'not-applied peer2 e1']);
  });

  test.each([
    ['the receiver still waits', 'quiescent', 'pending'],
    ['the sender still waits', 'pending', 'quiescent'],
    ['both wait', 'pending', 'pending'],
  ])('not while %s', async (_, sender, receiver) => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  end ${sender}
        peer2  end ${receiver}
      `),
    ).toEqual(['not-checked']);
  });

  test('not where nobody stopped orderly', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
      `),
    ).toEqual(['not-checked']);
  });

  test('not in an incarnation before the last: only the end counts', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  end quiescent
        peer2  start
        peer2  end quiescent
        peer2  start
        peer2  read UCT 0 tokens=0
      `),
    ).not.toContain('lost-update peer2 e1');
  });
});

describe('what is nobody’s loss', () => {
  test('re-delivery changes nothing', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  applied e1 booked
        peer2  received e1
        peer2  deduplicated e1
        peer1  deduplicated e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a known effect is known though no line says how it came', async () => {
    expect(
      await judge(`
        peer1  write e1
        peer2  deduplicated e1
        peer1  balance T9 UCT 1
        peer2  balance T9 UCT 1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('an effect of another identity is owed to no device of this one', async () => {
    expect(
      await judge(`
        alice-phone@alice  write a1 outputs=T1:UCT:100 booked
        peer1  write e1 outputs=T2:UCT:1 booked
        peer2  applied e1 booked
        alice-phone  end quiescent
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a device that clears and starts anew is given its own effects back', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  clear
        peer1  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });
});

describe('two identities in one run', () => {
  test('are judged apart', async () => {
    expect(
      await judge(`
        alice1@alice  write a1 outputs=A1:UCT:5 booked
        alice2@alice  skipped a1 reason=self
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer2  applied e1 booked
        alice1 end quiescent
        alice2 end quiescent
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'self-filtered alice2 a1']);
  });

  test('may use the same effect ids of theirs without being mixed up', async () => {
    expect(
      await verdictOf(`
        alice1@alice  write e1 outputs=A1:UCT:5 booked
        alice2@alice  applied e1 booked
        peer1  write e1 outputs=T1:UCT:100
        peer1  balance T1 UCT 100 effect=e1
        peer2  replication e1 origin=peer1 originSeq=1 applied
        peer2  balance T1 UCT 100 effect=e1
        alice1 end quiescent
        alice2 end quiescent
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toBe('held');
  });
});

describe('how far the evidence reaches', () => {
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

  test('a head without ancestors implies none, whatever else nobody logged', async () => {
    expect(
      await findings(`
        peer1  write e1
        peer2  applied e1 headsOnly
        peer1  write e2
        peer3  write g1
        peer2  applied x1 origin=peer9 originSeq=1
        peer2  skipped e2 reason=unsupported-key
        peer1  end quiescent
        peer2  end quiescent
        peer3  end quiescent
      `),
    ).toContain('lost-update peer2 g1');
  });
});

test('a run that could tell of effects alone, and does not, is not checked; one with balances is asked about those', async () => {
  const story = (more: string) => `
    peer1  write e1
    peer2  log
    ${more}
    peer1  end quiescent
    peer2  end quiescent
  `;
  expect(await verdictOf(story(''))).toBe('not-checked');
  expect(await verdictOf(story('peer1  balance T1 UCT 1\npeer2  balance T1 UCT 1'))).toBe('held');
});

test('a single device of an identity is asked nothing: nobody owes it anything', async () => {
  const story = `
    peer1  write e1
    peer2  applied e1
    alice-phone@alice  write a1
  `;
  expect((await answers(story)).filter((answer) => answer.startsWith('effects-delivered'))).toEqual([
    'effects-delivered bob held',
  ]);
});

test('what a hole could hide is counted in effects', async () => {
  const { checks } = await report(`
    peer1  write e1
    peer1  write e2
    - peer2  log
    peer2  log
    peer1  deduplicated e1
    peer1  end quiescent
    peer2  end quiescent
  `);
  expect(checks.find(({ name }) => name === 'effects-delivered')?.reason).toBe(
    'seq 1 of peer2, incarnation 1, is missing from the log, which could hide what became of 2 effects',
  );
});

describe('a loss is told with what decides it', () => {
  const told = async (story: string) => {
    const { findings: found } = await report(story, { checks: ['effects-delivered'] });
    return found.flatMap(({ message, evidence }) => [message, ...evidence.map(({ role }) => role)]);
  };

  test('a note that never came', async () => {
    expect(
      await told(`
        peer1  write e1 key=contact:alice
        peer1  write e2
        peer2  applied e2
        peer2  write f1
      `),
    ).toEqual([
      'e1 of peer1 never reached peer2, although peer2 applied e2, which follows it',
      'writes e1: writes contact:alice',
      'applied e2, which follows it: e1 is owed and no line says that it came',
    ]);
  });

  test('by the first line that decides it', async () => {
    const [message] = await told(`
      peer1  write e1
      peer1  write e2
      peer1  write e3
      peer2  applied e3
      peer2  applied e2
      peer2  write f1
    `);
    expect(message).toBe('e1 of peer1 never reached peer2, although peer2 applied e3, which follows it');
  });

  test('a token that came and was not applied', async () => {
    expect(
      await told(`
        peer1  write e1 inputs=T9 outputs=T1:UCT:60,A1:UCT:40:alice
        peer2  received e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual([
      'e1 of peer1 arrived at peer2 and was never applied, although peer2 ended quiescent, as did the device that wrote it',
      'writes e1: spends T9, makes 60 UCT (T1) + 40 UCT (A1) for alice',
      'has e1, and never applies it',
      'ended quiescent, as did the device that wrote e1',
    ]);
  });

  test('by the token that still lives, where it made several', async () => {
    const { findings: found } = await report(`
      peer1  write e1 outputs=T1:UCT:60,T2:EUR:1
      peer1  write e2 inputs=T1
      peer2  applied e2
      peer2  skipped e1
    `);
    expect(found).toMatchObject([{ effect: 'e1', tokenId: 'T2', coin: 'EUR' }]);
  });

  test('by the first that it made for its own identity, where none lives, else by what it spent', async () => {
    const about = async (write: string) => {
      const story = `
        peer1  write e0 outputs=T0:UCT:1
        peer1  write e1 ${write}
        peer1  write e2 inputs=T1
        peer2  applied e0
        peer2  applied e2
        peer2  skipped e1
      `;
      const { findings: found } = await report(story, { checks: ['effects-delivered'] });
      return found.map(({ tokenId, coin }) => `${tokenId} ${coin}`);
    };
    expect(await about('outputs=A1:EUR:1:alice,T1:UCT:60')).toEqual(['T1 UCT']);
    expect(await about('inputs=T0 outputs=A1:EUR:1:alice')).toEqual(['T0 UCT']);
    expect(await about('')).toEqual(['null null']);
  });

  test('a refusal', async () => {
    const refused = (action: string) => told(`peer1 write e1 inputs=T9\npeer2 ${action}\npeer2 write f1`);
    expect(await refused('rejected e1 reason=bad')).toEqual([
      'e1 of peer1 arrived at peer2, was rejected (reason: bad) and never applied',
      'writes e1: spends T9',
      'rejects e1 (reason: bad)',
    ]);
    expect(await refused('skipped e1')).toEqual([
      'e1 arrived at peer2 and was skipped as its own (no reason given), although peer1 wrote it',
      'writes e1: spends T9',
      'skips e1 (no reason given)',
    ]);
  });
});
