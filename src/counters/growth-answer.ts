import { ReplayError } from '../base/errors.ts';
import { sampled } from '../base/sample.ts';
import type { Growing, Growths, Measure, Term } from '../replay/counters/growing.ts';
import type { Timeline } from '../replay/projections/timeline.ts';
import type { CounterTable, GrowthAnswer, GrowthRow } from '../results-top.ts';
import { growthLevel, growthOf } from './growth.ts';
import { namesLike, resolveTerm } from './terms.ts';

/** For how many names growth is asked where the number of rows is not limited: each costs a tenth of a second. */
const mostAsked = 25;

/** What `--against` means in this run. Throws a `ReplayError` for a name that nothing has, or several things have. */
export function growingOf(against: string, by: Measure, timeline: Timeline): Growing {
  const [of = '', per, ...more] = against.split(/\s+per\s+/).map((name) => name.trim());
  if (of === '' || per === '' || more.length > 0) {
    throw new ReplayError(
      `--against: expected a name or 'a per b', got ${against.trim() || 'nothing'}`,
      'e.g. --against bundles, or --against "entries per listings"',
    );
  }
  return { of: termOf(of, timeline), per: per === undefined ? null : termOf(per, timeline), by };
}

/** Whether the figures of the names in the tables grow with what was asked about, in the order of the tables. */
export function growthAnswer(
  against: string,
  growing: Growing,
  growths: Growths,
  tables: readonly CounterTable[],
  limit: number | undefined,
): GrowthAnswer {
  const rows = tables.flatMap(({ timed }) => timed).filter(({ source, name }) => !isSame(growing.of, source, name));
  const names = new Map(rows.map(({ source, name }) => [`${source}\0${name}`, { source, name }]));
  return {
    against: against.trim().replace(/\s+/g, ' '),
    measure: growing.by,
    perCall: growing.per !== null,
    level: growthLevel,
    rows: [...names].slice(0, limit ?? mostAsked).map(([key, named]) => ({ ...named, ...rowOf(growths, key) })),
  };
}

function rowOf(growths: Growths, key: string): Omit<GrowthRow, 'source' | 'name'> {
  const growth = growths.get(key);
  const operations = growth ? sampled(growth.operations) : [];
  const windows = growth ? sampled(growth.windows) : [];
  // Operations say more than windows do, once what is asked about happens inside of them.
  const inside = operations.some(({ x }) => x > 0);
  return { over: inside ? 'operations' : 'windows', ...growthOf(inside ? operations : windows) };
}

function termOf(name: string, timeline: Timeline): Term {
  const { term } = resolveTerm(name, timeline);
  if (term) return term;
  const like = namesLike(name, timeline);
  throw new ReplayError(
    `--against: ${name} does not occur`,
    like.length === 0 ? 'replay top without --against lists what does' : `there is ${like.join(', ')}`,
  );
}

function isSame({ kind, name }: Term, source: GrowthRow['source'], other: string): boolean {
  return name === other && (kind === source || (kind === 'event' && source === name));
}
