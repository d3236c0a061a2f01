import fc from 'fast-check';
import { areAlikeInColumns, readInColumns } from '../events/columns/in-columns.ts';
import { everything } from '../events/columns/rows.ts';
import { areAlike, readBy } from '../events/readers/both-lanes.ts';
import { hostileLog, tamperedLog } from '../events/readers/hostile-lines.ts';
import { sourceOf } from '../events/readers/reading.ts';

/** What came of it: how many lines were read by both lanes, and the logs that they read differently. */
export interface LaneComparison {
  readonly lines: number;
  readonly different: readonly string[];
}

const logsAtOnce = 200;
const mostShown = 5;

/** Reads at least so many lines by both lanes, as events and in columns: logs of hostile lines, and a simulator's logs that were tampered with. */
export async function compareLanes(wanted: number, seed: number): Promise<LaneComparison> {
  const logs = fc.tuple(fc.oneof(hostileLog, tamperedLog), fc.integer({ min: 1, max: 20_000 }));
  const different: string[] = [];
  let lines = 0;
  for (let round = 0; lines < wanted; round++) {
    for (const [bytes, chunkBytes] of fc.sample(logs, { numRuns: logsAtOnce, seed: seed + round })) {
      const source = () => sourceOf(bytes, 'peer1.log', chunkBytes);
      const alike =
        areAlike(await readBy('fast', source(), {}), await readBy('slow', source(), {})) &&
        areAlikeInColumns(await readInColumns(source, {}, everything));
      if (!alike && different.length < mostShown) different.push(bytes.toString('latin1'));
      lines += bytes.filter((value) => value === 10).length;
    }
  }
  return { lines, different };
}
