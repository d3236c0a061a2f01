import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import type { Hole } from '../../replay/projections/captures.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { describeHole } from '../evidence/wording.ts';

/** More than any `seq` in one incarnation. */
const incarnationStride = 2 ** 32;

/**
 * An event as evidence that knows its place in its device's own log alone. The cost of an operation is a matter of one
 * device; a vector clock for each of its steps would cost more than it tells.
 */
export function inLogOrder(event: HistoryEvent, file: CaseFile): Mark<HistoryEvent> {
  const lane = [...file.captures.keys()].indexOf(event.device);
  return { event, lane: Math.max(0, lane), position: event.incarnation * incarnationStride + event.seq, clock: [] };
}

/** What in a device's log could hide a line of one of these types, in words; `undefined` where nothing could. */
export function whatCouldHide(
  file: CaseFile,
  device: string,
  types: Parameters<CaseFile['holeThatHides']>[1],
  after?: HistoryEvent,
): string | undefined {
  const capture = file.captures.get(device);
  if (!capture) return undefined;
  const hole = capture.holes.find(
    (candidate) =>
      (candidate.hides === 'anything' || types.includes(candidate.hides)) && !(after && isOver(candidate, after)),
  );
  if (hole) return describeHole(device, hole);
  return file.isTruncated(capture) ? describeHole(device, 'end') : undefined;
}

/** What in any device's log could hide a round trip, or an operation with all of its trips; `undefined` where nothing could. */
export function whatCouldHideTrips(file: CaseFile): string | undefined {
  return [...file.captures.keys()]
    .map((device) => whatCouldHide(file, device, ['verify', 'request', 'op.start', 'op.end']))
    .find((reason) => reason !== undefined);
}

/** Whether the lines of a hole come before an event of the same device. */
function isOver({ before: { event } }: Hole, after: HistoryEvent): boolean {
  return event.incarnation < after.incarnation || (event.incarnation === after.incarnation && event.seq <= after.seq);
}
