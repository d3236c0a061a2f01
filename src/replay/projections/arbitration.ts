import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection } from '../projection.ts';

/** By token: what the authority outside of the devices answered, in each device's order. */
export const arbitration = defineProjection<Map<string, Mark<ReplayEvent<'arbiter'>>[]>>({
  name: 'arbitration',
  initial: () => new Map(),
  on: {
    arbiter(states, event, context) {
      getOrCreate(states, event.tokenId, () => []).push(context.mark(event));
    },
  },
});
