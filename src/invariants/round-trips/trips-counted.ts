import { totalOf } from '../../replay/operations/operation.ts';
import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import { captures } from '../../replay/projections/captures.ts';
import { count } from '../evidence/wording.ts';
import { defineInvariant, type Invariant } from '../invariant.ts';
import { whatCouldHideTrips } from './log-order.ts';

/** Every round trip is in the logs: where lines are missing, what is counted is what was made at least. */
export function tripsCounted({ kinds }: SettledOperations): Invariant {
  return defineInvariant({
    name: 'trips-counted',
    promise: 'Every round trip that the devices made is in their logs.',
    needs: [['verify', 'request']],
    isEssential: () => true,
    uses: [captures],
    judge(file) {
      const { trips, retries } = totalOf(kinds);
      const hidden = whatCouldHideTrips(file);
      return [
        {
          subject: null,
          findings: [],
          ...(hidden !== undefined && { unchecked: `${hidden}: there may be more trips than are counted` }),
          detail: `${count(trips, 'round trip')}${retries > 0 ? ` and ${count(retries, 'retry', 'retries')}` : ''}`,
        },
      ];
    },
  });
}
