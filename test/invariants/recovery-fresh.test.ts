import { describe, expect, test } from 'vitest';
import { findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['recovery-fresh'] });

/** Two snapshots; peer2 knows of both, is wiped, and recovers. */
const story = (older: string, newer: string, ...recovery: string[]) => `
  peer1  write e1 outputs=T1:UCT:100
  peer1  write e2 outputs=T2:UCT:5
  peer3  write g1 outputs=T3:UCT:7
  peer1  publish s1 frontier=${older}
  peer1  publish s2 frontier=${newer}
  peer2  import s2
  ${recovery.join('\n')}
`;
const stale = ['peer2  clear', 'peer2  import s1'];

describe('a recovery from an older snapshot is stale', () => {
  test.each([
    ['that lacks an effect of the only device', 'peer1:1', 'peer1:2'],
    ['that lacks an effect of one of two devices', 'peer1:1,peer3:1', 'peer1:2,peer3:1'],
    ['that does not name a device', 'peer1:2', 'peer1:2,peer3:1'],
  ])('%s', async (_, older, newer) => {
    expect((await judged(story(older, newer, ...stale))).map((found) => found.split(' ', 2))).toEqual([
      ['stale-recovery', 'peer2'],
    ]);
  });

  test('also where one is known that is neither older nor newer', async () => {
    const beside = story('peer1:1', 'peer1:2', ...stale).replace(
      'peer2  import s2',
      'peer3 publish s0 frontier=peer3:1\n$&',
    );
    expect(await judged(beside.replace('peer2  import s2', 'peer2  import s0\npeer2  import s2'))).toEqual([
      'stale-recovery peer2 e2',
    ]);
  });

  test('and is told with what lies between', async () => {
    const { findings: found } = await report(story('peer1:1', 'peer1:2', ...stale), { checks: ['recovery-fresh'] });
    expect(found).toMatchObject([{ effect: 'e2', tokenId: 'T2', at: { file: 'peer2.ndjson', line: 3 } }]);
    expect(found[0]?.message).toBe('peer2 recovered from s1 although it could know of s2, which holds 1 effect more');
  });
});

describe('a recovery is fresh enough', () => {
  test.each([
    ['from the newest', 'peer1:1', 'peer1:2', ['peer2  clear', 'peer2  import s2']],
    ['from one of two that claim the same', 'peer1:2', 'peer1:2', stale],
    ['from one that claims something that the other does not', 'peer1:1,peer3:1', 'peer1:2', stale],
    ['if the newer one is imported right after it', 'peer1:1', 'peer1:2', [...stale, 'peer2  import s2']],
    [
      'if one newer than both is imported right after it',
      'peer1:1',
      'peer1:2',
      [...stale, 'peer1  publish s3 frontier=peer1:2,peer3:1', 'peer2  import s3'],
    ],
    [
      'from a snapshot of which nobody knows what it claims',
      'peer1:1',
      'peer1:2',
      ['peer2  clear', 'peer2  import s9'],
    ],
    ['if the device was not wiped: then nothing is lost', 'peer1:1', 'peer1:2', ['peer2  import s1']],
  ])('%s', async (_, older, newer, recovery) => {
    expect(await judged(story(older, newer, ...recovery))).toEqual([]);
  });

  test('if the device was not wiped, though it knew of a newer one from elsewhere', async () => {
    const first = (...wiped: string[]) => `
      peer1  write e1 outputs=T1:UCT:100
      peer1  publish s1 frontier=peer1:1
      peer1  write e2 outputs=T2:UCT:5
      peer1  publish s2 frontier=peer1:2
      peer1  write e3
      peer2  applied e3
      peer3  clear
      ${wiped.join('\n')}
      peer2  import s1
    `;
    const recoveries = async (story: string) =>
      (await report(story)).checks.find(({ name }) => name === 'recovery-fresh')?.detail;
    expect(await judged(first())).toEqual([]);
    expect(await recoveries(first())).toBe('0 recoveries');
    expect(await judged(first('peer2  clear'))).toEqual(['stale-recovery peer2 e2']);
    expect(await recoveries(first('peer2  clear'))).toBe('1 recovery');
  });

  test('if one as old is imported right after it, it is not', async () => {
    const again = [...stale, 'peer1  publish s3 frontier=peer1:1', 'peer2  import s3'];
    expect(await judged(story('peer1:1', 'peer1:2', ...again))).toEqual(['stale-recovery peer2 e2']);
  });

  test('if the device could not know of the newer one', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100
        peer1  publish s1 frontier=peer1:1
        peer1  write e2 outputs=T2:UCT:5
        peer1  publish s2 frontier=peer1:2
        peer2  clear
        peer2  import s1
      `),
    ).toEqual([]);
  });
});
