import { byText } from './base/order.ts';
import type { Problem } from './events/event.ts';
import { bytesIn, inOrder, type Reading } from './replay/history.ts';
import type { States } from './replay/projection.ts';
import { captures } from './replay/projections/captures.ts';
import { clockOffsets, clocks } from './replay/projections/clocks.ts';
import type { Run } from './replay/run.ts';
import type { ClockBound, InputSummary, ReportedProblem } from './results.ts';

/** What was read of a run, for a report. */
export function inputSummary(run: Run, reading: Reading): InputSummary {
  const read = [...reading.files.values()];
  const problems = inOrder(reading.problems).map(reported);
  return {
    files: run.files.length,
    bytes: bytesIn(reading),
    events: read.reduce((sum, { events }) => sum + events, 0),
    problems,
    problemsOmitted: reading.problemCount - problems.length,
    skipped: read.reduce((sum, { skipped }) => sum + skipped, 0),
  };
}

/** The bounds of the devices' clocks, for a report. */
export function clockBounds(states: States): ClockBound[] {
  const devices = [...states.read(captures).keys()].sort(byText);
  return clockOffsets(states.read(clocks), devices).map(({ messages, ...bound }) => ({ ...bound, pairs: messages }));
}

function reported({ file, line, reason }: Problem): ReportedProblem {
  return file.unit === 'line' ? { file: file.path, line, reason } : { file: file.path, item: line, reason };
}
