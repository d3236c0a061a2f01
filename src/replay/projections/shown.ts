import { type Amount, equal } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection } from '../projection.ts';

/** What a device showed of one coin, from the first line that says so to the last before it showed something else. */
export interface Showing {
  readonly coin: string;
  readonly amount: Amount;
  readonly tokens: number;
  readonly first: Mark<ReplayEvent<'balance.read'>>;
  last: Mark<ReplayEvent<'balance.read'>>;
  times: number;
  /** Grows with each `clear` of the device. */
  readonly phase: number;
}

/** Everything that one device showed, by its own lines. */
export interface Shown {
  phase: number;
  /** In the device's order. The oldest are forgotten beyond a few thousand. */
  showings: Showing[];
  readonly latest: Map<string, Showing>;
}

/** How many different readings of one device are kept. */
const most = 4096;

/** By device: what it showed its user. An observer's word about it does not count. */
export const shown = defineProjection<Map<string, Shown>>({
  name: 'shown',
  initial: () => new Map(),
  on: {
    'balance.read'(states, event, context) {
      if (event.stream !== undefined) return;
      const { coin, amount, tokens } = event;
      const of = shownBy(states, event.device);
      const mark = context.mark(event);
      const latest = of.latest.get(coin);
      if (latest && latest.phase === of.phase && latest.tokens === tokens && equal(latest.amount, amount)) {
        latest.last = mark;
        latest.times++;
        return;
      }
      const showing: Showing = { coin, amount, tokens, first: mark, last: mark, times: 1, phase: of.phase };
      of.latest.set(coin, showing);
      of.showings.push(showing);
      if (of.showings.length > most) of.showings = of.showings.slice(most / 2);
    },
    clear(states, event) {
      if (event.stream === undefined) shownBy(states, event.device).phase++;
    },
  },
});

function shownBy(states: Map<string, Shown>, device: string): Shown {
  return getOrCreate(states, device, () => ({ phase: 0, showings: [], latest: new Map() }));
}
