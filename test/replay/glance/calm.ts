import { simulated } from '../../invariants/mutate.ts';
import type { SimulationOptions } from '../../simulator/index.ts';
import type { Files } from '../../story.ts';

/** A simulated run in which nothing is refused or out of order, or wiped unless that is asked for: identities mint, pay each other, split and burn, publish, restart and look at what they hold. */
export function calmRun(options: SimulationOptions): { files: Files; name: string } {
  return simulated({
    ...{ ending: 'quiescent', detail: 'full', deps: true, recoveries: true },
    ...{ headsOnly: false, overtaking: false, mishaps: false, wipes: false },
    ...options,
  });
}
