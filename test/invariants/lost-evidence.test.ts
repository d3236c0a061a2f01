import { describe, expect, test } from 'vitest';
import { judge } from '../story.ts';

/** Runs in which nothing is wrong, with a line missing that says so. None may be violated. */
describe('a line that is missing is no violation', () => {
  test.each<[string, string]>([
    [
      'the balance of a spend',
      `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer2  applied e1 booked
      peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked
      peer2  applied e2
      - peer2  balance T1 UCT -100 effect=e2
      peer2  balance T2 UCT 100 effect=e2
      `,
    ],
    [
      'the write of what a heads-only head implies',
      `
      peer1  write e1
      peer2  applied e1
      - peer2  write f1 deps=e1
      peer2  write f2 deps=f1
      peer3  applied f2 headsOnly
      peer3  write g1 deps=f2
      `,
    ],
    [
      'the start of every device of an aborted run of bare balances',
      `
      - peer1  start
      peer1  balance T1 UCT 100
      - peer2  start
      peer2  log
      `,
    ],
    [
      'the spend before a restart that shows nothing more of what was verified',
      `
      peer1  start
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  verify e1
      - peer1  write e2 inputs=T1
      - peer1  balance T1 UCT -100 effect=e2
      peer1  end quiescent
      peer1  start
      peer1  read UCT 0 tokens=0
      peer1  tokens
      `,
    ],
    [
      'the write of an effect that its device hears again',
      `
      - peer1  write e1
      peer1  log
      peer1  received e1 origin=peer1 originSeq=1
      peer1  skipped e1 origin=peer1 originSeq=1 reason=own-identity
      peer2  applied e1
      `,
    ],
    [
      'what an import booked',
      `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  publish s1 frontier=peer1:1
      peer1  verify e1
      peer2  import s1
      - peer2  balance T1 UCT 100 snapshot=s1
      peer2  log
      `,
    ],
    [
      'the opening of a log that ends before anything happened',
      `
      peer1  write e1 outputs=T1:UCT:100 booked
      - peer2  applied e1 booked
      peer2  read UCT 100 tokens=1
      peer1  end quiescent
      peer2  end quiescent
      `,
    ],
  ])('%s', expectNoViolation);

  test.each<[string, string]>([
    [
      'the last application of an aborted run',
      `
      peer1  write e1
      peer1  write e2
      peer2  received e2
      peer2  applied e2
      peer2  received e1
      `,
    ],
    [
      'what came of a second attempt, at the end of an aborted run',
      `
      peer1  write e1
      peer2  received e1
      peer2  rejected e1 reason="block not found"
      peer2  received e1
      `,
    ],
    [
      'the write of an effect that a snapshot holds',
      `
      peer2  log
      peer1  write e1 outputs=T1:UCT:100 booked
      - peer1  write e2 inputs=T1 booked
      peer1  publish s1 frontier=peer1:2 contents=e1,e2
      peer2  import s1
      peer1  end quiescent
      peer2  end quiescent
      `,
    ],
  ])('%s', expectNoViolation);
});

async function expectNoViolation(_: string, story: string) {
  const [verdict, ...found] = await judge(story);
  expect(found.filter((finding) => !finding.startsWith('seq-gap'))).toEqual([]);
  expect(verdict).not.toBe('violated');
}
