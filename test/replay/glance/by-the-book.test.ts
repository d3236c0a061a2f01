import { expect, test } from 'vitest';
import { checkBalances } from '../../../src/check.ts';
import { tell } from '../../story/tell.ts';
import { inFolder } from '../../story.ts';
import { glanceAtFolder } from './glanced.ts';

/** Three devices, two of which hear of things in another order; more, and a payment after it. */
const run = (more: string) => `
  peer1 start
  peer2 start
  peer3 start
  peer1 write e1 kind=mint outputs=T1:UCT:5 booked
  peer2 applied e1 booked
  peer3 applied e1 booked
${more}
  peer1 write e9 kind=transfer inputs=T1 outputs=T9:UCT:5 booked
  peer2 applied e9 booked
  peer3 applied e9 booked
  peer1 read UCT 5
  peer2 read UCT 5
  peer3 tokens T9
  peer1 end quiescent
  peer2 end quiescent
  peer3 end quiescent`;

const paid = 'peer1 write e2 kind=mint outputs=T2:UCT:1 booked\npeer2 applied e2 booked';
const burnt = `${paid}\npeer2 write f1 kind=burn inputs=T2 booked\npeer1 applied f1 booked`;

test.each([
  ['a token is spent before it comes', `${burnt}\npeer3 applied f1\npeer3 applied e2`],
  [
    'one of two tokens of an effect is spent before it comes',
    `peer1 write e2 kind=mint outputs=T2:UCT:1,T3:EUR:2 booked\npeer2 applied e2 booked
     peer2 write f1 kind=burn inputs=T2 booked\npeer1 applied f1 booked\npeer3 applied f1\npeer3 applied e2
     peer3 balance T3 EUR 2 effect=e2
     peer1 write e3 kind=burn inputs=T3 booked\npeer2 applied e3 booked\npeer3 applied e3 booked`,
  ],
  [
    'an effect is rejected and comes again',
    `${burnt}\npeer3 rejected e2\npeer3 received e2\npeer3 applied e2 booked\npeer3 applied f1 booked`,
  ],
  [
    'an effect is refused once it is applied',
    `${burnt}\npeer3 applied e2 booked\npeer3 skipped e2\npeer3 applied f1 booked\npeer3 rejected e1`,
  ],
  [
    'a device hears of its own effect and skips it',
    `${paid}\npeer1 received e2\npeer1 skipped e2\npeer3 applied e2 booked\npeer1 skipped e2\npeer1 write e3 kind=burn inputs=T2 booked\npeer2 applied e3 booked\npeer3 applied e3 booked`,
  ],
])('%s, and that is all right', async (_, more) => {
  await inFolder(tell(run(more)), 'run-1', async (folder) => {
    expect((await glanceAtFolder(folder))?.isOpen).toBe(false);
    const ask = { paths: [folder], all: true };
    const [report] = await checkBalances(ask);
    expect(report?.verdict).toBe('held');
    expect([report]).toEqual(await checkBalances({ ...ask, retainAll: true }));
  });
});
