import { publishBadSnapshot } from './bad-snapshot.ts';
import { defineFault } from './fault.ts';

/** A snapshot goes out without an effect that was durable long before. */
export const snapshotOmits = defineFault({
  name: 'snapshot-omits',
  says: 'the same, and the effect was durable before',
  requires: { detail: 'full', contents: true },
  inject: (world) => publishBadSnapshot(world, 'snapshot-omits'),
});
