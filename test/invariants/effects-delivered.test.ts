import { expect, test } from 'vitest';
import { judge } from '../story.ts';

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
