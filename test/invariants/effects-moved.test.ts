import { describe, expect, test } from 'vitest';
import { findings, judge, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['effects-moved'] });

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

  test('by its own amount, in however many lines: it parts at the last', async () => {
    const { findings: found } = await report(`
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1
      peer2  balance T1 UCT 60 effect=e1
      peer2  balance T1 UCT 30 effect=e1
      peer1  end quiescent
      peer2  end quiescent
    `);
    expect(found[0]?.message).toBe('e1 changes T1 by 100 UCT, but on peer2 it moved 90');
    expect(found[0]?.evidence.map(({ role, first }) => [role, first === true])).toEqual([
      ['writes e1: makes 100 UCT (T1)', false],
      ['moves +60 UCT', false],
      ['moves +30 UCT', true],
    ]);
  });

  test('of its own token: the right amount of another makes the totals agree, and is masked', async () => {
    const story = (moved: string) => `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1
      peer2  balance ${moved} effect=e1
      peer1  end quiescent
      peer2  end quiescent
    `;
    expect(await judged(story('T9 UCT 100'))).toEqual(['masked peer2 e1']);
    expect(await judged(story('T9 EUR 100'))).toEqual(['balance-missing peer2 e1']);
    expect(await judged(story('T9 UCT 99'))).toEqual(['balance-missing peer2 e1']);
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

describe('the order of two bookings', () => {
  const story = (first: string) => `
    peer1  write e1 outputs=T1:UCT:80 booked
    ${first}
    peer2  write f1 outputs=T2:UCT:10
    peer2  applied e1
    peer2  balance T1 UCT 80 effect=e1
    peer1  end orderly
    peer2  end orderly
  `;

  test('says that the first of them is over', async () => {
    expect(await judge(story('peer2  log'))).toEqual(['violated', 'balance-missing peer2 f1']);
  });

  test('says nothing where a hole may hide that the other was known before', async () => {
    expect(await judge(story('- peer2  applied e1'))).toEqual(['not-checked', 'seq-gap peer2']);
    expect(await judge(story('- peer2  log'))).toEqual(['not-checked', 'seq-gap peer2']);
  });

  test('says so where the first was known before the crash that may hide when the other was', async () => {
    const crash = `
      peer1  write e1 outputs=T1:UCT:80 booked
      peer2  write f1 outputs=T2:EUR:10 file=first.ndjson
      peer2  start file=second.ndjson
      peer2  read EUR 0 tokens=0 file=second.ndjson
      peer2  applied e1 booked file=second.ndjson
      peer1  end orderly
      peer2  end orderly file=second.ndjson
    `;
    expect(await judged(crash)).toEqual(['balance-missing peer2 f1']);
    expect(
      await judged(
        crash
          .replace('write f1 outputs=T2:EUR:10 file=first', 'log file=first')
          .replace('read EUR', 'write f1 outputs=T2:EUR:10 file=second.ndjson\npeer2 read EUR'),
      ),
    ).toEqual([]);
  });

  test('says so where the hole was over before the other was written', async () => {
    const hole = '- peer2 log\npeer2 write f0\npeer1 applied f0\npeer1 write e2 outputs=T3:UCT:1 booked';
    const found = await judge(`${story(hole).replace('peer1  end', 'peer2  applied e2 booked\npeer1  end')}`);
    expect(found).toContain('balance-missing peer2 f1');
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
    ).toEqual(['violated', 'balance-missing peer2 e2']);
  });

  test('what an import booked and took back was never booked', async () => {
    const { findings: found } = await report(`
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  publish s1 frontier=peer1:1 contents=e1
      peer2  import s1
      peer2  balance T1 UCT 100 snapshot=s1
      peer2  balance T1 UCT -100 snapshot=s1
      peer1  end quiescent
      peer2  end quiescent
    `);
    expect(found[0]?.message).toBe('peer2 imports a snapshot with e1, but T1 never moved by 100 UCT there');
  });

  test('what only a frontier says is there is taken on trust', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked
        peer1  publish s1 frontier=peer1:2
        peer2  import s1
        peer2  balance T1 UCT -100 snapshot=s1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual([]);
  });

  test('what was missing before a clear stays missing, though the log is cut off after it', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  write e2 outputs=T2:UCT:1 booked
        peer2  applied e1
        peer2  applied e2 booked
        peer2  clear
        peer2  log
        peer1  end quiescent
      `),
    ).toEqual(['balance-missing peer2 e1']);
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

  test('and it parts at the second of the two, whichever line that is', async () => {
    const { findings: found } = await report(`
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  publish s1 frontier=peer1:1 contents=e1
      peer2  applied e1
      peer2  import s1
      peer2  balance T1 UCT 100 snapshot=s1
      peer2  balance T1 UCT 100 effect=e1
      peer1  end quiescent
      peer2  end quiescent
    `);
    expect(found[0]).toMatchObject({ code: 'duplicate-apply', at: { file: 'peer2.ndjson', line: 4 } });
  });
});

describe('a snapshot that a device publishes ends the wait for a booking', () => {
  const story = (frontier: string) => `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer1  verify e1
    peer2  applied e1
    peer2  publish s1 frontier=${frontier}
    peer1  end orderly
    peer2  end orderly
  `;

  test('if it claims the effect', async () => {
    expect(await judged(story('peer1:1'))).toEqual(['balance-missing peer2 e1']);
  });

  test('and not if it does not', async () => {
    expect(await judged(story('peer2:0'))).toEqual([]);
  });

  test('nor if it was published before the device knew the effect', async () => {
    const early = story('peer1:1').replace('peer2  applied e1', '');
    expect(await judged(early.replace('peer1  end', 'peer2  applied e1\npeer1  end'))).toEqual([]);
  });
});

describe('what nobody logged may be why a balance did not move', () => {
  const story = (unknown: string) => `
    peer1  write e1 outputs=T1:UCT:100 booked
    ${unknown}
    peer2  applied e1
    peer1  end quiescent
    peer2  end quiescent
  `;

  test.each([
    ['an effect that the device applied', 'peer2  applied x1 origin=peer9 originSeq=1'],
    ['an effect that the device booked', 'peer2  balance T9 UCT 1 effect=x1'],
    ['an effect of a snapshot that the device imported', 'peer2  import s9 contents=x1'],
    [
      'an effect of a snapshot that another published',
      'peer1  publish s1 frontier=peer1:1 contents=x1\npeer2  import s1',
    ],
  ])('%s', async (_, unknown) => {
    expect(await judged(story(unknown))).toEqual([]);
  });

  test('but not an effect that only another device knew', async () => {
    expect(await judged(story('peer1  applied x1 origin=peer9 originSeq=1'))).toEqual(['balance-missing peer2 e1']);
  });

  test('nor what came to rest before a clear', async () => {
    expect(await judged(story('peer2  applied x1 origin=peer9 originSeq=1\npeer2  clear'))).toEqual([
      'balance-missing peer2 e1',
    ]);
  });
});

describe('a token that two effects make', () => {
  test('is spent for whoever knows one of them', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  write f1 outputs=T1:UCT:100 booked
        peer3  applied e1 booked
        peer1  write e2 inputs=T1 booked
        peer3  applied e2
        peer1  end quiescent
        peer2  end orderly
        peer3  end quiescent
      `),
    ).toEqual(['balance-missing peer3 e2']);
  });
});

describe('a crash that may have taken lines with it', () => {
  const story = (shown: string) => `
    peer1  write e1 outputs=T1:UCT:100 booked
    peer2  start file=first.ndjson
    peer2  applied e1 file=first.ndjson
    peer2  start file=second.ndjson
    ${shown}
    peer2  end quiescent file=second.ndjson
    peer1  end quiescent
  `;

  test('hides a booking', async () => {
    expect(await judged(story(''))).toEqual([]);
  });

  test('hides none of a coin that the device shows right afterwards as its ledger has it', async () => {
    expect(await judged(story('peer2  read UCT 0 tokens=0 file=second.ndjson'))).toEqual(['balance-missing peer2 e1']);
    expect(await judged(story('peer2  read USDU 0 tokens=0 file=second.ndjson'))).toEqual([]);
    expect(await judged(story('peer2  read UCT 100 tokens=1 file=second.ndjson'))).toEqual([]);
  });
});
