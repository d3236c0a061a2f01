import { expect, test } from 'vitest';
import { checkBalances } from '../../../src/check.ts';
import { countRoundTrips } from '../../../src/round-trips.ts';
import { tell } from '../../story/tell.ts';
import { type Files, inFolder } from '../../story.ts';
import { glanceAtFolder } from './glanced.ts';

/** Runs that are not healthy, and look so to whoever forgets: what is over comes again by its name or its number. */
const twoDevices = (more: string) => `
  peer1 start
  peer2 start
  peer1 write e1 kind=mint outputs=T1:UCT:1 booked
  peer2 applied e1 booked
  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:1 booked
  peer2 applied e2 booked
${more}
  peer1 end quiescent
  peer2 end quiescent`;

const oneDevice = (more: string) => `
  peer1 start
  peer1 write e1 kind=mint outputs=T1:UCT:1 booked
  peer1 write e2 kind=burn inputs=T1 booked
${more}
  peer1 end quiescent`;

test.each([
  [
    'an effect that nobody wrote comes with the number of one that is over',
    twoDevices('peer2 received e9 origin=peer1 originSeq=1'),
  ],
  [
    'a token that is over is made again',
    oneDevice('peer1 write e3 kind=mint outputs=T1:UCT:1\npeer1 balance T1 UCT 1 effect=e3'),
  ],
  ['an effect that is over is written again', oneDevice('peer1 write e1 originSeq=3')],
  [
    'an effect that is over is written again, with another token',
    oneDevice('peer1 write e1 kind=mint originSeq=3 outputs=T2:UCT:1\npeer1 balance T2 UCT 1 effect=e1'),
  ],
  [
    'a token of somebody else is received, spent, and received again',
    twoDevices(`peer1 write e3 kind=transfer inputs=T2 outputs=T3:UCT:1:alice booked
      peer2 applied e3 booked
      alice1@alice start
      alice1@alice write a1 kind=receive outputs=T3:UCT:1 booked
      alice1@alice write a2 kind=burn inputs=T3 booked
      alice1@alice write a3 kind=receive outputs=T3:UCT:1
      alice1@alice balance T3 UCT 1 effect=a3
      alice1@alice end quiescent`),
  ],
  [
    'two effects have one number, and a snapshot lists one of them; here it is the first look in full that forgets',
    twoDevices(`peer1 publish s1 frontier=peer1:2 contents=e1,e2
      peer1 write e3 originSeq=2
      peer2 applied e3 originSeq=2`),
  ],
])('%s', (_, story) => expectSameReport(story));

test.each([
  [
    'a snapshot lists one effect twice, and another not',
    twoDevices('peer2 publish s1 frontier=peer1:2 contents=e1,e1'),
  ],
  ['a snapshot lists an effect that nobody wrote', twoDevices('peer2 publish s1 frontier=peer1:2 contents=e1,e9')],
])('seen by a glance: %s', (_, story) => expectSameReport(story));

async function expectSameReport(story: string): Promise<void> {
  await inFolder(tell(story), 'run-1', async (folder) => {
    const [glanced] = await checkBalances({ paths: [folder], all: true });
    const [retained] = await checkBalances({ paths: [folder], all: true, retainAll: true });
    expect(JSON.stringify(glanced)).toBe(JSON.stringify(retained));
  });
}

test('round trips: the line that wrote an unverified effect is told with its tokens', async () => {
  const files = tell(`
    peer1 start
    peer1 write e1 kind=mint outputs=T1:UCT:1 booked
    peer1 verify e1
    peer1 write e2 kind=mint outputs=T2:UCT:1 booked
    peer1 end quiescent`);
  expect(await roleOfWriting(files)).toBe('writes e2: makes 1 UCT (T2)');
});

async function roleOfWriting(files: Files): Promise<string | undefined> {
  return inFolder(files, 'run-1', async (folder) => {
    expect(await glanceAtFolder(folder)).toBeDefined();
    const [report] = await countRoundTrips({ paths: [folder] });
    expect(report?.findings.map(({ code }) => code)).toEqual(['write-unverified']);
    return report?.findings[0]?.evidence[0]?.role;
  });
}

test('one effect that spends a token twice is judged without a fault of ours', async () => {
  const files = tell(
    oneDevice(
      'peer1 write e3 kind=mint outputs=T3:UCT:1 booked\npeer1 write e4 kind=transfer inputs=T3,T3 outputs=T4:UCT:2 booked',
    ),
  );
  await inFolder(files, 'run-1', (folder) => checkBalances({ paths: [folder] }));
});
