import { planColumns } from '../../../events/columns/wants.ts';
import { bytesIn, newReading } from '../../history.ts';
import type { Replayed } from '../../replay.ts';
import type { Run } from '../../run.ts';
import { countLines, type PassOptions, tapesOf, unlessBeyond, walkOptions } from '../pass.ts';
import { LateIds } from './late-ids.ts';
import { roundTripWants } from './layout.ts';
import type { OperationLook } from './operation-rows.ts';
import { RoundTripWalk } from './round-trip-walk.ts';

/** How a run is read whose round trips are counted. */
export interface RoundTripRunOptions extends PassOptions, Pick<OperationLook, 'unfoldsSampled'> {}

/**
 * What is asked about a run's round trips, by columns: the projections `captures`, `clocks`, `ledger`, `operations` and `verifications`. Whether
 * ledgers go by the book is not asked. `null` where lines are missing, or something else is the case that only events tell.
 */
export function glanceAtRoundTrips(run: Run, options: RoundTripRunOptions): Promise<Replayed | null> {
  return lookKnowing({ known: new LateIds(), unfoldsSampled: options.unfoldsSampled }, run, options);
}

function lookKnowing(look: OperationLook, run: Run, options: RoundTripRunOptions): Promise<Replayed | null> {
  const { read, onBytes } = options;
  const reading = newReading();
  const plan = planColumns(roundTripWants);
  return unlessBeyond(
    () => reading,
    onBytes,
    async () => {
      const tapes = tapesOf(run, (file) => read(file, plan));
      const walk = new RoundTripWalk(
        tapes,
        walkOptions(run, plan, (batch) => countLines(reading, batch, options)),
        look,
      );
      await walk.readAll().finally(() => walk.close());
      const again = walk.end();
      if (again) {
        onBytes?.(-bytesIn(reading));
        return lookKnowing(again, run, options);
      }
      walk.countTypes(reading);
      return { states: walk.states(), reading };
    },
  );
}
