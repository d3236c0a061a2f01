import { describe, expect, test } from 'vitest';
import { judge, verdictOf } from '../story.ts';

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
