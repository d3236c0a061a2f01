import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection } from '../projection.ts';

/** An assertion of the scenario that failed, with the balances that stand right behind it for its sides. */
export interface FailedAssertion {
  readonly assertion: Mark<ReplayEvent<'assertion'>>;
  readonly readings: Mark<ReplayEvent<'balance.read'>>[];
}

/** What the scenario asserted: those that held are counted, those that failed kept. */
export interface Assertions {
  held: number;
  readonly failed: FailedAssertion[];
  /** By observer's file, its newest assertion, where that one failed. */
  readonly open: Map<string, FailedAssertion>;
}

/** The assertions of the scenario. A reading belongs to one where an observer lists it within the lines of its detail. */
export const assertions = defineProjection<Assertions>({
  name: 'assertions',
  initial: () => ({ held: 0, failed: [], open: new Map() }),
  on: {
    assertion(state, event, context) {
      const { stream } = event;
      if (stream !== undefined) state.open.delete(stream);
      if (event.ok) {
        state.held++;
        return;
      }
      const failed: FailedAssertion = { assertion: context.mark(event), readings: [] };
      state.failed.push(failed);
      if (stream !== undefined) state.open.set(stream, failed);
    },
    'balance.read'({ open }, event, context) {
      const failed = event.stream === undefined ? undefined : open.get(event.stream);
      if (!failed) return;
      const { line, detail = '' } = failed.assertion.event;
      if (event.line <= line + detail.split('\n').length) failed.readings.push(context.mark(event));
    },
  },
});
