import { toMicroseconds } from '../../base/intervals.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Call } from './nesting.ts';
import { piecesOf, type Scale, shareOut } from './scale.ts';
import { noteSpan, noteWindow, type SectionTimes } from './section-time.ts';
import type { CountedSource } from './span.ts';
import { addCall, addSelf, addTime, addWindow, newTally, placeOf, type Tally } from './tally.ts';

/** By what figures are kept apart, beside their names. */
export type Grouping = 'counter' | 'device' | 'op' | 'section';

/** How figures are put into groups, where sections begin, and how finely time is drawn. */
export interface Division {
  readonly grouping: Grouping;
  readonly sections: Scale;
  readonly steps: Scale;
}

/** The figures of every name in every group, and what was under way in every section. Plain data. */
export interface Figures {
  readonly division: Division;
  readonly tallies: Map<string, Tally>;
  readonly sections: SectionTimes;
}

/** The group of what lies in no operation, as far as the log says; also of all counters. */
export const noOperation = '';
/** The group of what has no time, where groups are sections. */
const noTime = 'no time';

/** Nothing counted. */
export function newFigures(division: Division): Figures {
  return { division, tallies: new Map(), sections: new Map() };
}

/** Adds a call: `log` is whose clock it is on, `operation` what it is a part of. Where groups are sections, its time is parted between them. */
export function addSpan({ division, tallies, sections }: Figures, log: string, operation: string, call: Call): void {
  const { span, selfUs, nested, hash } = call;
  const { us, end, device } = span;
  const placed = placeOf(span);
  if (placed) noteSpan(sections, division.sections, device, log, placed);
  const tallyIn = (group: string) => tallyOf(tallies, group, span.source, span.name, division.steps);
  const whole = groupOf(division.grouping, device, operation);
  if (whole !== undefined || placed === null) {
    const tally = tallyIn(whole ?? noTime);
    addCall(tally, us, hash, end, division.steps);
    addTime(tally, us ?? 0, placed, log, division.steps);
    addSelf(tally, selfUs);
    tally.nested ||= nested;
    return;
  }
  const pieces = piecesOf(division.sections, placed.start, placed.end);
  const selfShares = selfUs === null ? null : shareOut(selfUs, pieces);
  let start = placed.start;
  for (const [index, { part: section, length }] of pieces.entries()) {
    const tally = tallyIn(String(section));
    if (index === pieces.length - 1) addCall(tally, us, hash, end, division.steps);
    addTime(tally, length, { start, end: start + length }, log, division.steps);
    addSelf(tally, selfShares?.[index] ?? null);
    tally.nested ||= nested;
    if (pieces.length > 1) tally.straddling++;
    start += length;
  }
}

/**
 * Adds the counters of a window, which is no longer than its process lived since it was `born`. One that lies in several
 * sections is shared out between them by time, to the last µs and call.
 */
export function addCounters(
  { division, tallies, sections }: Figures,
  event: ReplayEvent<'counters'>,
  born: number | null,
): void {
  const { device } = event;
  const end = event.time === null ? null : toMicroseconds(event.time);
  const saidUs = Math.max(0, toMicroseconds(event.windowMs));
  const windowUs = end === null || born === null ? saidUs : Math.min(saidUs, Math.max(0, end - born));
  const placed = end === null ? null : { start: end - windowUs, end };
  const whole = groupOf(division.grouping, device, noOperation);
  const pieces =
    placed && whole === undefined ? piecesOf(division.sections, placed.start, placed.end) : [{ part: -1, length: 0 }];
  let [allUs, longestUs] = [0, 0];
  for (const [name, counter] of Object.entries(event.counters)) {
    const totalUs = Math.max(0, toMicroseconds(counter.totalMs));
    const maxUs = Math.max(0, toMicroseconds(counter.maxMs));
    // Every call ended in the window, and none began more than the longest call before it.
    const boundUs = Math.min(totalUs, windowUs + maxUs);
    const shares = [counter.count, totalUs, boundUs].map((amount) => shareOut(amount, pieces));
    let start = placed?.start ?? 0;
    for (const [index, { part, length }] of pieces.entries()) {
      const [calls = 0, us = 0, most = 0] = shares.map((share) => share[index]);
      const group = whole ?? (placed === null ? noTime : String(part));
      const at = placed && (pieces.length === 1 ? placed : { start, end: start + length });
      const share = { calls, totalUs: us, boundUs: most, maxUs, placed: at, straddles: pieces.length > 1 };
      addWindow(tallyOf(tallies, group, 'counter', name, division.steps), share, division.steps);
      start += length;
    }
    allUs += totalUs;
    longestUs = Math.max(longestUs, maxUs);
  }
  if (placed) noteWindow(sections, division.sections, device, placed, Math.min(allUs, windowUs + longestUs));
}

/** The group that all of something belongs to; `undefined` where it is parted by sections. */
function groupOf(grouping: Grouping, device: string, operation: string): string | undefined {
  if (grouping === 'section') return undefined;
  return grouping === 'device' ? device : grouping === 'op' ? operation : '';
}

function tallyOf(tallies: Map<string, Tally>, group: string, source: CountedSource, name: string, steps: Scale): Tally {
  return getOrCreate(tallies, `${group}\0${source}\0${name}`, () => newTally(group, source, name, steps));
}
