import { groupBy } from '../base/order.ts';
import { bootstrapInterval, type Point, theilSen } from '../base/statistics.ts';
import { sampledCosts, type Tally } from '../replay/operations/tally.ts';
import type { Estimate, Hypothesis, Spread } from '../results-round-trips.ts';
import { spreadOf, toMs } from './spread.ts';

/** Fewer operations, or fewer verifies, say nothing about the rest. */
const fewest = 8;
/** So many operations at least must make another number of writes than most do: one or two may differ in more than that. */
const fewestOthers = 3;
/** By how much the cost of a write may differ from a verify, and still be called one. */
const tolerance = 0.25;
/** Trips overlap where the time in them is so many times the time with at least one of them under way. */
const overlapping = 1.5;
/** With this many pairs a resample costs a fraction of a millisecond; 45 operations have fewer pairs. */
const sampling = { resamples: 400, level: 0.95, seed: 1 };
const pairs = 1_000;

/**
 * Whether wall = a + b · writes with b one verify, over the operations of one name that ended: the line by Theil and Sen, so
 * that a few operations that hung do not bend it, and an interval for b by resampling. It is decided where the interval says
 * something: one that holds both nothing and a verify, or is wider than a verify, decides for neither side. A slope away from
 * every verify is decided however wide its interval is. Verifies are the operations' own, else, below eight, the run's.
 */
export function hypothesisOf(tally: Tally, verifyUs: readonly number[]): Hypothesis {
  const points = pointsOf(tally);
  const verify = spreadOf(verifiesOf(tally, verifyUs));
  const line = theilSen(points);
  const perWrite = line && points.length >= fewest ? estimateOf(points, line.slope) : null;
  const hypothesis = {
    op: tally.name,
    operations: points.length,
    perWriteMs: perWrite,
    fixedMs: perWrite && line ? line.intercept : null,
    verifyMs: verify,
  };
  const lacking = lackOf(points, perWrite, verify);
  if (lacking !== null || !perWrite || !verify) return { ...hypothesis, answer: 'not-decided', reason: lacking };
  return { ...hypothesis, ...judge(perWrite, verify, tally) };
}

/** The points in an order of their own, so that what is drawn from them does not depend on the order of reading. */
function pointsOf(tally: Tally): Point[] {
  return sampledCosts(tally)
    .flatMap(({ writes, wallUs }): Point[] => (wallUs === null ? [] : [{ x: writes, y: toMs(wallUs) }]))
    .sort((left, right) => left.x - right.x || left.y - right.y);
}

function verifiesOf(tally: Tally, verifyUs: readonly number[]): readonly number[] {
  const own = sampledCosts(tally).flatMap((operation) => operation.verifyUs);
  return own.length >= fewest ? own : verifyUs;
}

function estimateOf(points: readonly Point[], value: number): Estimate | null {
  const slope = (drawn: readonly Point[]) => theilSen(drawn, { pairs })?.slope ?? null;
  const interval = bootstrapInterval(points, slope, sampling);
  // The estimate is of all points, the interval of draws: on few points with many ties it can lie just outside.
  return interval && { value, low: Math.min(value, interval.low), high: Math.max(value, interval.high) };
}

/** What is missing for any answer, as a clause. */
function lackOf(points: readonly Point[], perWrite: Estimate | null, verify: Spread | null): string | null {
  if (points.length < fewest) return `needs ${fewest} operations`;
  const groups = [...groupBy(points, ({ x }) => String(x))].sort(([, left], [, right]) => right.length - left.length);
  const [[writes, alike]] = groups as [[string, Point[]]];
  const others = points.length - alike.length;
  if (others < fewestOthers || !perWrite) {
    return `${others === 0 ? 'every operation makes' : 'nearly all operations make'} ${writes} ${writes === '1' ? 'write' : 'writes'}`;
  }
  return verify ? null : 'no verify line';
}

function judge({ low, high }: Estimate, verify: Spread, { timedTripsUs, unionUs }: Tally) {
  const least = Math.min(verify.p50Ms, verify.meanMs) / (1 + tolerance);
  const most = Math.max(verify.p50Ms, verify.meanMs) * (1 + tolerance);
  const no = (reason: string) => ({ answer: 'not-supported', reason }) as const;
  const open = (reason: string) => ({ answer: 'not-decided', reason }) as const;
  if (low > most) return no('a write costs more than a verify');
  if (high < least) {
    if (timedTripsUs > overlapping * unionUs) return no('trips already overlap');
    return no(low <= 0 ? 'it does not grow with the writes' : 'a write costs less than a verify');
  }
  if (low <= 0) return open('the interval holds both 0 and a verify');
  if (high - low > Math.max(verify.p50Ms, verify.meanMs)) return open('the interval is wider than a verify');
  return { answer: 'supported', reason: null } as const;
}
