import { captures } from '../../replay/projections/captures.ts';
import { defineInvariant } from '../invariant.ts';
import { expectedDevices, judgeLines, logComplete } from '../log-complete.ts';

/** `log-complete` for whoever does not ask about effects, which cost most to follow: a device that only they name is not missed. */
export const linesComplete = defineInvariant({
  ...logComplete,
  uses: [captures],
  judge: (file) => judgeLines(file, expectedDevices(file)),
});
