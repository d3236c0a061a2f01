import { describe, expect, test } from 'vitest';
import { judge } from '../story.ts';

describe('an effect that a device knows moves its balances', () => {
  test('once: applied twice and moved twice is a double', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1
        peer2  balance T1 UCT 100 effect=e1
        peer2  applied e1
        peer2  balance T1 UCT 100 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'duplicate-apply peer2 e1']);
  });

  test('applied once more without a second change is harmless', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer2  applied e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('at all: applied, and the balance stays as it was', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'balance-missing peer2 e1']);
  });

  test('also where it was written', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100
        peer2  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'balance-missing peer1 e1']);
  });

  test('by its own amount', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1
        peer2  balance T1 UCT 10 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'balance-missing peer2 e1']);
  });

  test('by its own amount, to the last of many digits', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:VAST:1234567890123456789012345678901234567890.000000000000000001 booked
        peer2  applied e1
        peer2  balance T1 VAST 1234567890123456789012345678901234567890.000000000000000002 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'balance-missing peer2 e1']);
  });

  test('however many zeros its amount is written with', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100.500 booked
        peer2  applied e1
        peer2  balance T1 UCT 100.5 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('for what it spends, too', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:60,A1:UCT:40:alice booked
        peer2  applied e1 booked
        peer2  applied e2
        peer2  balance T2 UCT 60 effect=e2
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toContain('balance-missing peer2 e2');
  });
});

describe('what moves nothing', () => {
  test('an output of another owner', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer1  write e2 kind=transfer inputs=T1 outputs=A1:UCT:100:alice booked
        peer2  applied e1 booked
        peer2  applied e2 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a birth after its own retirement', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer1  write e2 kind=burn inputs=T1 booked
        peer2  applied e2
        peer2  applied e1
        peer1  end quiescent
        peer2  end quiescent
        `),
    ).toContain('held');
  });

  test('a note', async () => {
    expect(
      await judge(`
        peer1  write e0 kind=mint outputs=T1:UCT:1 booked
        peer2  applied e0 booked
        peer1  write e1 key=contact:alice
        peer2  applied e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('an amount of zero', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T0:UCT:0
        peer2  applied e1
        peer1  balance T9 UCT 1
        peer2  balance T9 UCT 1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).not.toContain('balance-missing peer2 e1');
  });
});

describe('a change that is under way', () => {
  test('is no fault where the log stops right behind the application', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1
      `),
    ).toEqual(['not-checked']);
  });

  test('nor where a process was killed behind its write', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  write e2 outputs=T2:UCT:5
      `),
    ).toEqual(['not-checked']);
  });

  test('is one where the device went on to book something later', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 outputs=T2:UCT:5 booked
        peer2  applied e1
        peer2  applied e2 booked
      `),
    ).toEqual(['violated', 'balance-missing peer2 e1']);
  });
});

describe('restart, clear and recovery', () => {
  test('a restart keeps what the device held', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  end quiescent
        peer1  start
        peer1  read UCT 100 tokens=1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a crash keeps it, too', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  start
        peer1  read UCT 100 tokens=1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('after a clear what is delivered again moves again', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer2  clear
        peer2  applied e1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('an import books what its contents brought, in the snapshot’s name', async () => {
    expect(
      await judge(`
        peer1  write e1 kind=mint outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:60,A1:UCT:40:alice booked
        peer1  publish s1 frontier=peer1:2 contents=e1,e2
        peer2  clear
        peer2  import s1 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('what an import claims to contain and never booked is missing', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 outputs=T2:UCT:7 booked
        peer1  publish s1 frontier=peer1:2 contents=e1,e2
        peer2  applied e1 booked
        peer2  clear
        peer2  import s1
        peer2  balance T1 UCT 100 snapshot=s1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toContain('violated');
  });

  test('what a snapshot brought is not applied a second time by its delivery', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  publish s1 frontier=peer1:1 contents=e1
        peer2  import s1 booked
        peer2  received e1
        peer2  applied e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('what a snapshot brought and a delivery booked again is a double', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  publish s1 frontier=peer1:1 contents=e1
        peer2  import s1 booked
        peer2  applied e1
        peer2  balance T1 UCT 100 effect=e1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toContain('duplicate-apply peer2 e1');
  });
});
