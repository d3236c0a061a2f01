import { getOrCreate } from '../../base/order.ts';
import { type Coverage, cover, noCoverage } from './coverage.ts';
import { piecesOf, type Scale, shareOut } from './scale.ts';
import type { Placed } from './tally.ts';

/** What is known to have been under way in one section. */
export interface SectionTime {
  /** By device, by log: when any call was under way. */
  readonly spans: Map<string, Map<string, Coverage>>;
  /** By device: the most that all of its counters together can have covered, in µs. */
  readonly counted: Map<string, number>;
  /** Windows that lie in this section and in others. */
  straddling: number;
}

/** What is known of each section, by its part of the scale. */
export type SectionTimes = Map<number, SectionTime>;

/** Notes that a call was under way. */
export function noteSpan(times: SectionTimes, scale: Scale, device: string, log: string, { start, end }: Placed): void {
  let at = start;
  for (const { part, length } of piecesOf(scale, start, end)) {
    const logs = getOrCreate(timeIn(times, part).spans, device, (): Map<string, Coverage> => new Map());
    cover(getOrCreate(logs, log, noCoverage), at, at + length);
    at += length;
  }
}

/** Notes how much the counters of a window can have covered together. */
export function noteWindow(times: SectionTimes, scale: Scale, device: string, placed: Placed, boundUs: number): void {
  const pieces = piecesOf(scale, placed.start, placed.end);
  const shares = shareOut(boundUs, pieces);
  for (const [index, { part }] of pieces.entries()) {
    const time = timeIn(times, part);
    time.counted.set(device, (time.counted.get(device) ?? 0) + (shares[index] as number));
    if (pieces.length > 1) time.straddling++;
  }
}

function timeIn(times: SectionTimes, part: number): SectionTime {
  return getOrCreate(times, part, () => ({ spans: new Map(), counted: new Map(), straddling: 0 }));
}
