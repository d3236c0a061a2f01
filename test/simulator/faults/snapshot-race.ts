import { publishBadSnapshot } from './bad-snapshot.ts';
import { defineFault } from './fault.ts';

/** A snapshot is published while its newest effect is not yet durable, and goes out without it. */
export const snapshotRace = defineFault({
  name: 'snapshot-race',
  says: 'a snapshot claims a frontier that includes an effect its contents lack, and the effect became durable only after the publish',
  requires: { detail: 'full', contents: true },
  inject: (world) => publishBadSnapshot(world, 'snapshot-race'),
});
