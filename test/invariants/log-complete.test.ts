import { describe, expect, test } from 'vitest';
import { tell } from '../story/tell.ts';
import { answers, judge, report, reportOn } from '../story.ts';

/** Two devices that agree, and something more. */
const agreeing = (more: string) => `
  : run=run-1
  peer1  start
  peer2  start
  peer1  write e1 kind=mint outputs=T1:UCT:100 booked
  peer2  received e1
  peer2  applied e1 booked
  ${more}
  peer1  end quiescent
  peer2  end quiescent
`;

test('a complete run is complete', async () => {
  expect(await judge(agreeing(''))).toEqual(['held']);
});

describe('a hole in seq', () => {
  test('hides what could stand in it: a loss is not checked', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        - peer2  applied e1
        - peer2  balance T1 UCT 100 effect=e1
        peer2  read UCT 100 tokens=1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['not-checked', 'seq-gap peer2']);
  });

  test('before a skip may hide that the effect was applied already', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        - peer2  log
        peer2  received e1
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).not.toContain('self-filtered peer2 e1');
  });

  test('that was over before the effect was written hides nothing of it', async () => {
    expect(
      await judge(`
        peer2  write f1
        - peer2  log
        peer2  write f2
        peer1  applied f1
        peer1  applied f2
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toContain('lost-update peer2 e1');
  });

  test('that was over with the very line of which the writer knew hides nothing of it', async () => {
    const story = (heard: string) => `
      peer2  log file=first.ndjson
      peer2  write f1 incarnation=2 file=second.ndjson
      peer1  ${heard}
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  end quiescent
      peer2  end quiescent file=second.ndjson
    `;
    expect(await judge(story('applied f1'))).toContain('lost-update peer2 e1');
    expect(await judge(story('log'))).not.toContain('lost-update peer2 e1');
  });

  test('in one identity leaves the other alone', async () => {
    expect(
      await answers(`
        alice1@alice  balance A1 UCT 5
        - alice1  balance A2 UCT 6
        alice1  balance A3 UCT 7
        alice2@alice  balance A1 UCT 5
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toEqual(expect.arrayContaining(['ledgers-agree alice not-checked', 'ledgers-agree bob held']));
  });

  test('a log that begins later begins with one', async () => {
    expect(
      await judge(`
        - peer1  start
        - peer1  balance T0 UCT 1
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['not-checked', 'seq-gap peer1']);
  });

  test('before a clear hides nothing of what the device holds at the end', async () => {
    expect(
      await answers(`
        peer1  balance T0 UCT 1
        - peer1  balance T9 UCT 2
        peer1  balance T8 UCT 2
        peer1  clear
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toContain('ledgers-agree bob held');
  });

  test('a whole incarnation may be missing', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  balance T1 UCT 100
        peer1  end quiescent
        peer1  start incarnation=3
        peer1  end quiescent
        peer2  start
        peer2  balance T1 UCT 100
        peer2  end quiescent
      `),
    ).toEqual(['not-checked', 'seq-gap peer1']);
  });

  test('lines in the wrong order are no hole', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100 seq=2
        peer1  log seq=1
        peer1  log seq=3
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });
});

describe('an end that is cut off', () => {
  test('is named where others ended orderly', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  received e1
        peer1  end quiescent
      `),
    ).toEqual(['not-checked', 'truncated peer2']);
  });

  test('hides no refusal that was logged before', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  skipped e1 reason=own-identity
        peer2  read UCT 0 tokens=0
        peer1  end quiescent
      `),
    ).toContain('truncated peer2');
  });

  test('is no fault of its own where nobody ended: the run was aborted', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  start
        peer2  received e1
      `),
    ).toEqual(['not-checked']);
  });

  test('an earlier incarnation without an end was a crash, not a cut', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  start
        peer1  end quiescent
        peer2  start
        peer2  applied e1 booked
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('a torn last line is dropped and named', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  balance T1 UCT 100
        peer1  end quiescent
        peer2  start
        peer2  balance T1 UCT 100
        ~ peer2  end quiescent
      `),
    ).toEqual(['not-checked', 'torn-line peer2', 'truncated peer2']);
  });

  test('a torn last line in a log of several devices is of the one that it still names', async () => {
    const whole = tell(`
      peer1  balance T1 UCT 100 file=all.ndjson
      peer2  balance T1 UCT 100 file=all.ndjson
    `)['all.ndjson'];
    const begun = '{"level":30,"msg":"a ,\\"device\\":\\"peer9\\"","v":1,';
    for (const [cut, named] of [
      ['"device":"peer2","ident', 'peer2'],
      ['"device":"pee', null],
    ] as const) {
      const { findings: found } = await reportOn({ 'all.ndjson': `${whole}${begun}${cut}` });
      expect(found.map(({ code, device }) => [code, device])).toEqual([['torn-line', named]]);
    }
  });

  test('the rest of a torn log is used', async () => {
    const { input, devices } = await report(`
      peer1  balance T1 UCT 100
      ~ peer1  log
    `);
    expect(input.problems).toMatchObject([{ file: 'peer1.ndjson', line: 2 }]);
    expect(devices[0]?.balances).toEqual([{ coin: 'UCT', amount: '100', tokens: 1 }]);
  });
});

describe('a device without a log', () => {
  test('is missed where others name it', async () => {
    expect(
      await judge(`
        peer1  replication x1 origin=peer3 originSeq=1 applied
        peer1  balance T1 UCT 100 effect=x1
        peer2  replication x1 origin=peer3 originSeq=1 applied
        peer2  balance T1 UCT 100 effect=x1
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['not-checked', 'missing-device peer3']);
  });

  test('is missed where the manifest names it', async () => {
    expect(
      await judge(`
        : manifest='{"run":"run-1","devices":{"peer1":{},"peer2":{},"peer3":{"identity":"bob"}}}'
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['not-checked', 'missing-device peer3']);
  });

  test('hides what it could have sent, and no quarrel of the others', async () => {
    expect(
      await judge(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer1  replication x1 origin=peer3 originSeq=1 applied
        peer2  skipped e1 reason=own-identity
        peer1  end quiescent
        peer2  end quiescent
      `),
    ).toEqual(['violated', 'missing-device peer3', 'self-filtered peer2 e1']);
  });
});

describe('why a device is missed', () => {
  const missed = async (story: string) =>
    (await report(story)).findings.filter(({ code }) => code === 'missing-device').map(({ message }) => message);
  const manifest = `: manifest='{"run":"run-1","devices":{"peer1":{},"peer3":{"identity":"bob"}}}'`;

  test('is told by what it wrote, else by the manifest, else by a snapshot', async () => {
    const wrote = 'peer1  applied x1 origin=peer3 originSeq=1';
    const claimed = 'peer1  publish s1 frontier=peer3:1';
    expect(await missed(`${manifest}\n${wrote}\n${claimed}`)).toEqual([
      'there is no log of peer3, although it wrote x1',
    ]);
    expect(await missed(`${manifest}\n${claimed}`)).toEqual(['there is no log of peer3, although run.json names it']);
    expect(await missed(claimed)).toEqual(['there is no log of peer3, although snapshot s1 names it']);
  });

  test('nobody is, for an effect that only balances name', async () => {
    expect(await missed('peer1  balance T1 UCT 1 effect=x1\npeer2  balance T1 UCT 1 effect=x1')).toEqual([]);
  });
});

describe('a device’s log is complete', () => {
  const complete = async (story: string) =>
    Object.fromEntries((await report(story)).devices.map((device) => [device.device, device.complete]));

  test('if it ends', async () => {
    expect(await complete('peer1 log\npeer1 end quiescent\npeer2 log\npeer2 end orderly')).toEqual({
      peer1: true,
      peer2: true,
    });
  });

  test('if no device says when it ends', async () => {
    expect(await complete('peer1 balance T1 UCT 1\npeer2 balance T1 UCT 1')).toEqual({ peer1: true, peer2: true });
  });

  test('not if it was aborted, or cut off', async () => {
    expect(await complete('peer1 start\npeer1 log\npeer2 log')).toEqual({ peer1: false, peer2: false });
    expect(await complete('peer1 log\npeer2 log\npeer2 end quiescent')).toEqual({ peer1: false, peer2: true });
  });

  test('not if a line is missing, though it is if a crash may have taken some', async () => {
    expect(await complete('peer1 log\n- peer1 log\npeer1 end quiescent')).toEqual({ peer1: false });
    const crash = 'peer1 log file=a.ndjson\npeer1 start file=b.ndjson\npeer1 end quiescent file=b.ndjson';
    expect(await complete(crash)).toEqual({ peer1: true });
  });
});

describe('what is set aside', () => {
  test('a file that is there twice', async () => {
    expect(await judge(`: copy=peer1.ndjson:backup/peer1.ndjson\n${agreeing('')}`)).toEqual(['held', 'duplicate-file']);
  });

  test('lines that are there twice', async () => {
    expect(await judge(agreeing('peer1 log seq=4 time=1\npeer1 log seq=4 time=1'))).toEqual([
      'held',
      'duplicate-file peer1',
    ]);
  });

  test('a file of another run', async () => {
    expect(await judge(agreeing('peer1 balance T7 UCT 7 run=run-0 file=old.ndjson seq=2\npeer1 log seq=4'))).toEqual([
      'held',
      'foreign-file',
    ]);
  });

  test('a copy in another folder, which is no other run', async () => {
    expect(
      await judge(`
        : run=run-1 copy=logs/peer1.ndjson:backup/peer1.ndjson
        peer1  balance T1 UCT 100 file=logs/peer1.ndjson
        peer2  balance T1 UCT 100 file=logs/peer2.ndjson
      `),
    ).toEqual(['held', 'duplicate-file']);
  });

  test('a file of another run, and its copy, which is no second vote for that run', async () => {
    expect(
      await judge(`
        : run=run-1
        : copy=old.ndjson:zz.ndjson
        peer1  balance T1 UCT 100 file=all.ndjson
        peer2  balance T1 UCT 100 file=all.ndjson
        peer1  balance T7 UCT 7 run=run-0 file=old.ndjson seq=1
      `),
    ).toEqual(['held', 'duplicate-file', 'foreign-file']);
  });

  test('a line of another run in a file of this one', async () => {
    expect(
      await judge(`
        : run=run-1
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
        peer2  balance T7 UCT 7 run=run-0
        peer2  log seq=2
      `),
    ).toEqual(['held', 'foreign-file']);
  });

  test('lines of a type that the contract does not have', async () => {
    expect(await judge(agreeing('peer1 gossip.round fanout=3\npeer1 gossip.round fanout=4'))).toEqual([
      'held',
      'unknown-type peer1',
    ]);
  });
});

describe('one number for two lines', () => {
  test('is a violation', async () => {
    expect(
      await judge(`
        peer1  log seq=1 msg=one
        peer1  log seq=1 msg=two colour=red
        peer1  section seq=2 section="§A" title=one
        peer1  section seq=2 section="§A" title=two
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toContain('seq-conflict peer1');
  });

  test('a counter that starts again is told once', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  balance T2 UCT 5
        peer1  balance T3 UCT 6 seq=1
        peer1  balance T4 UCT 7
        peer2  balance T1 UCT 100
      `),
    ).toContain('seq-conflict peer1');
  });

  test('is none in two incarnations', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  balance T1 UCT 100
        peer1  start
        peer1  log
        peer1  end quiescent
        peer2  start
        peer2  balance T1 UCT 100
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });
});

describe('a line that cannot be used', () => {
  test('hides only what its type could say', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  sample cpuPercent=much rssBytes=1
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });

  test('hides the balance that it was to tell', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  raw {"v":1,"type":"balance","device":"peer1","identity":"bob","incarnation":1,"seq":2,"tokenId":"T2","coin":"UCT","delta":1.5}
        peer2  balance T1 UCT 100
        peer2  balance T2 UCT 1.5
      `),
    ).toEqual(['not-checked']);
  });
});
