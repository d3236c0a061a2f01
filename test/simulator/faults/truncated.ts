import type { LogLine } from '../model.ts';
import { mainIdentity } from '../world.ts';
import { removeLines } from './evidence.ts';
import { defineFault } from './fault.ts';

/** The end of one device's log is missing, its `device.end` with it, while the others ended orderly. */
export const truncated = defineFault({
  name: 'truncated',
  says: 'a device whose last line is no `device.end` while others ended orderly has a truncated log',
  requires: { ending: 'quiescent' },
  spoil(files, world, random) {
    const device = random.pick(world.devicesOf(mainIdentity));
    const { lines, incarnation } = device.log;
    const last = lines.filter((line) => line.incarnation === incarnation);
    if (last.length < 2) return undefined;
    // One line of the incarnation stays: without any, the log would end with the orderly end of the one before.
    const gone = new Set<LogLine>(last.slice(-random.between(1, Math.min(last.length - 1, 12))));
    removeLines(files, (line) => gone.has(line));
    return {
      code: 'truncated',
      verdict: 'not-checked',
      identity: device.identity,
      device: device.name,
      incarnation,
      story: `the last ${gone.size} lines of ${device.name} are missing`,
    };
  },
});
