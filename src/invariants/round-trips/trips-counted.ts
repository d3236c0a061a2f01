import { sortedEntries } from '../../base/order.ts';
import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import { captures } from '../../replay/projections/captures.ts';
import { count } from '../evidence/wording.ts';
import { defineInvariant, type Invariant } from '../invariant.ts';
import { whatCouldHide } from './log-order.ts';

/** Every round trip is in the logs: where lines are missing, what is counted is what was made at least. */
export function tripsCounted({ kinds }: SettledOperations): Invariant {
  return defineInvariant({
    name: 'trips-counted',
    promise: 'Every round trip that the devices made is in their logs.',
    needs: [['verify', 'request']],
    isEssential: () => true,
    uses: [captures],
    judge(file) {
      const tallies = [...kinds.values()];
      const trips = tallies.reduce((sum, tally) => sum + tally.trips, 0);
      const retries = tallies.reduce((sum, tally) => sum + tally.retries, 0);
      const hidden = sortedEntries(file.captures).flatMap(
        ([device]) => whatCouldHide(file, device, ['verify', 'request', 'op.start', 'op.end']) ?? [],
      );
      return [
        {
          subject: null,
          findings: [],
          ...(hidden[0] !== undefined && { unchecked: `${hidden[0]}: there may be more trips than are counted` }),
          detail: `${count(trips, 'round trip')}${retries > 0 ? ` and ${count(retries, 'retry', 'retries')}` : ''}`,
        },
      ];
    },
  });
}
