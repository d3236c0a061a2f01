import { getOrCreate } from '../../base/order.ts';
import { newSample, offer, type Sample } from '../../base/sample.ts';
import { type Coverage, cover, noCoverage } from './coverage.ts';
import { type Piece, piecesOf, type Scale, shareOut } from './scale.ts';
import type { CountedSource, Span } from './span.ts';

/** One name's figures in one group. Sums are whole µs and whole calls, so that no order of adding can change them. */
export interface Tally {
  readonly group: string;
  readonly source: CountedSource;
  readonly name: string;
  calls: number;
  /** Summed over calls: concurrent ones add up. */
  totalUs: number;
  /** The full length of the calls that are counted here, of which parts may lie in other groups. */
  callUs: number;
  maxUs: number;
  /** `null` as soon as one call's is not known. */
  selfUs: number | null;
  /** Whether the log says of any call what it lies in, or what lies in it. */
  nested: boolean;
  /** Windows or calls that lie in several groups, of which each got its share by time. */
  straddling: number;
  /** The most that the calls of aggregated windows can have covered together. */
  boundUs: number;
  /** µs, and calls, over the steps of the drawing. */
  readonly usOver: number[];
  readonly callsOver: number[];
  /** The union of the calls' intervals, by log: each log has its own clock. */
  readonly busy: Map<string, Coverage>;
  readonly lengths: Sample<number>;
}

/** How many calls are remembered to say where the slowest twentieth begins. */
const mostLengths = 1000;

/** Nothing counted. */
export function newTally(group: string, source: CountedSource, name: string, steps: Scale): Tally {
  const empty = () => Array.from({ length: steps.length + 1 }, () => 0);
  return {
    ...{ group, source, name, calls: 0, totalUs: 0, callUs: 0, maxUs: 0, selfUs: 0, nested: false, straddling: 0 },
    ...{ boundUs: 0, usOver: empty(), callsOver: empty(), busy: new Map(), lengths: newSample(mostLengths) },
  };
}

/** Where a share of something lies: its group's part of an interval. */
export interface Placed {
  readonly start: number;
  readonly end: number;
}

/** Counts a call at the place where it ended. */
export function addCall(tally: Tally, us: number | null, hash: number, at: number | null, steps: Scale): void {
  tally.calls++;
  if (at !== null) addOver(tally.callsOver, 1, piecesOf(steps, at, at));
  if (us === null) return;
  tally.callUs += us;
  tally.maxUs = Math.max(tally.maxUs, us);
  offer(tally.lengths, hash, us);
}

/** Adds the time of a call, or the part of it that lies in this group. `log` is whose clock it is on. */
export function addTime(tally: Tally, us: number, placed: Placed | null, log: string, steps: Scale): void {
  tally.totalUs += us;
  if (placed === null) return;
  addOver(tally.usOver, us, piecesOf(steps, placed.start, placed.end));
  cover(getOrCreate(tally.busy, log, noCoverage), placed.start, placed.end);
}

/** Adds what is known of a call's own time. */
export function addSelf(tally: Tally, selfUs: number | null): void {
  tally.selfUs = tally.selfUs === null || selfUs === null ? null : tally.selfUs + selfUs;
}

/** One counter in one window, or the share of it that lies in a group. */
export interface WindowShare {
  readonly calls: number;
  readonly totalUs: number;
  readonly boundUs: number;
  readonly maxUs: number;
  readonly placed: Placed | null;
  readonly straddles: boolean;
}

/** Adds a share of a window. The longest call may have been in any of the groups, so that each gets it. */
export function addWindow(tally: Tally, share: WindowShare, steps: Scale): void {
  tally.calls += share.calls;
  tally.totalUs += share.totalUs;
  tally.callUs += share.totalUs;
  tally.boundUs += share.boundUs;
  tally.maxUs = Math.max(tally.maxUs, share.maxUs);
  if (share.straddles) tally.straddling++;
  if (share.placed === null) return;
  const pieces = piecesOf(steps, share.placed.start, share.placed.end);
  addOver(tally.usOver, share.totalUs, pieces);
  addOver(tally.callsOver, share.calls, pieces);
}

/** The interval of a call, a point where its line does not say how long it took; `null` where it cannot be placed. */
export function placeOf({ us, end }: Span): Placed | null {
  return end === null ? null : { start: end - (us ?? 0), end };
}

function addOver(over: number[], amount: number, pieces: readonly Piece[]): void {
  for (const [index, share] of shareOut(amount, pieces).entries()) {
    const { part } = pieces[index] as Piece;
    over[part] = (over[part] ?? 0) + share;
  }
}
