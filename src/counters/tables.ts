import { byText, groupBy, sortedEntries } from '../base/order.ts';
import { sampled } from '../base/sample.ts';
import { quantile } from '../base/statistics.ts';
import { coveredLength } from '../replay/counters/coverage.ts';
import type { Grouping } from '../replay/counters/figures.ts';
import type { Tally } from '../replay/counters/tally.ts';
import type { CounterMeasure, CounterRow, CounterTable, TallyRow } from '../results-top.ts';
import { deviceTime, partOfGroup, type Stage } from './sections.ts';

/** Which rows a table shows. */
export interface TableOptions {
  readonly grouping: Grouping;
  readonly by: CounterMeasure;
  /** How many rows of each table; all where it is not given. */
  readonly limit?: number | undefined;
}

/** The figures as tables: one, or one for each device, operation or section; what takes time apart from what only counts. */
export function counterTables(
  tallies: ReadonlyMap<string, Tally>,
  stage: Stage,
  options: TableOptions,
): CounterTable[] {
  const { grouping, by, limit = Number.POSITIVE_INFINITY } = options;
  const groups = groupBy(
    sortedEntries(tallies).map(([, tally]) => tally),
    ({ group }) => group,
  );
  return [...groups]
    .sort(([left], [right]) => orderOf(left, grouping) - orderOf(right, grouping) || byText(left, right))
    .map(([group, members]) => {
      const deviceUs = timeOf(group, grouping, stage);
      const timed = members.filter(isTimed).map((tally) => rowOf(tally, deviceUs));
      const counted = members.filter((tally) => !isTimed(tally)).map(tallyRow);
      timed.sort((left, right) => figureOf(right, by) - figureOf(left, by) || bySourceAndName(left, right));
      counted.sort((left, right) => right.count - left.count || bySourceAndName(left, right));
      return {
        group: nameOf(group, grouping, stage),
        deviceMs: deviceUs / 1000,
        timed: timed.slice(0, limit),
        counted: counted.slice(0, limit),
        omitted: { timed: Math.max(0, timed.length - limit), counted: Math.max(0, counted.length - limit) },
      };
    });
}

/** What took any time, and what has lines that could have said so. */
function isTimed({ totalUs, maxUs }: Tally): boolean {
  return totalUs > 0 || maxUs > 0;
}

function rowOf(tally: Tally, deviceUs: number): CounterRow {
  const { source, name, calls, totalUs, callUs, maxUs, selfUs, nested, straddling, usOver } = tally;
  const lengths = [...sampled(tally.lengths)].sort((left, right) => left - right);
  const { us: busyUs, exact } = busyOf(tally);
  const busy = Math.min(busyUs, deviceUs);
  return {
    source,
    name,
    calls,
    totalMs: totalUs / 1000,
    selfMs: nested && selfUs !== null ? selfUs / 1000 : null,
    meanMs: calls === 0 ? null : Math.round(callUs / calls) / 1000,
    p95Ms: lengths.length === 0 ? null : Math.round(quantile(lengths, 0.95)) / 1000,
    maxMs: maxUs / 1000,
    busyMs: busy / 1000,
    busyExact: exact,
    busyShare: deviceUs === 0 ? null : Math.round((busy / deviceUs) * 1e6) / 1e6,
    straddling,
    over: usOver.map((us) => us / 1000),
  };
}

function tallyRow({ source, name, calls, straddling, callsOver }: Tally): TallyRow {
  return { source, name, count: calls, straddling, over: callsOver };
}

/** The union of the calls' intervals, or the most that it can be. Calls without a place in time make it the latter. */
function busyOf({ source, busy, boundUs, totalUs, usOver }: Tally): { readonly us: number; readonly exact: boolean } {
  if (source === 'counter') return { us: boundUs, exact: false };
  const unplaced = totalUs - usOver.reduce((sum, us) => sum + us, 0);
  const us = [...busy.values()].reduce((sum, coverage) => sum + coveredLength(coverage), unplaced);
  return { us, exact: unplaced === 0 && [...busy.values()].every(({ exact }) => exact) };
}

function figureOf({ totalMs, calls, maxMs }: CounterRow, by: CounterMeasure): number {
  return { total: totalMs, calls, max: maxMs }[by];
}

function bySourceAndName(left: TallyRow | CounterRow, right: TallyRow | CounterRow): number {
  return byText(left.name, right.name) || byText(left.source, right.source);
}

/** Sections in the order of time; what belongs to no group comes last. */
function orderOf(group: string, grouping: Grouping): number {
  if (grouping === 'section') return partOfGroup(group) ?? Number.MAX_SAFE_INTEGER;
  return group === '' ? 1 : 0;
}

function nameOf(group: string, grouping: Grouping, { parts }: Stage): string | null {
  if (grouping !== 'section') return group === '' ? null : group;
  const part = partOfGroup(group);
  return part === undefined ? group : (parts[part]?.section ?? null);
}

function timeOf(group: string, grouping: Grouping, stage: Stage): number {
  if (grouping === 'device') return deviceTime(stage, { device: group });
  const part = grouping === 'section' ? partOfGroup(group) : undefined;
  return deviceTime(stage, part === undefined ? {} : { part });
}
