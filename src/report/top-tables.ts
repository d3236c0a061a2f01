import { grouped } from '../base/grouped.ts';
import type { CounterMeasure, CounterRow, CounterSource, CounterTable, TallyRow, TopReport } from '../results-top.ts';
import { bar, sparkline } from './bars.ts';
import { formatDuration, formatShare } from './duration.ts';
import { printable } from './format.ts';
import type { Page } from './page.ts';
import { align, widthOf } from './table.ts';
import { hang } from './wrap.ts';

const barWidth = 10;
const indent = 5;
const columns = ['total', 'self', 'calls', 'mean', 'p95', 'max', 'busy'] as const;
const narrowest = 7;

/** One table: two lines for a name, of which the first has its bar and its shape in time, and the second its figures. */
export function tableLines(table: CounterTable, report: TopReport, most: number, page: Page): string[] {
  const { palette } = page;
  const { timed, counted, omitted } = table;
  if (timed.length + counted.length === 0) return [];
  return [
    ...headingOf(table, report, page),
    ...timedLines(timed, report.by, most, page),
    ...more(omitted.timed, 'name', timed.length, palette),
    ...(counted.length === 0 ? [] : [`  ${palette.strong('counted, without time')}`]),
    ...countedLines(counted, page),
    ...more(omitted.counted, 'count', counted.length, palette),
  ];
}

/** What the columns mean, in the words of this run. */
export function legendLines({ deviceMs, wallMs, tables, grouping }: TopReport, { width, palette }: Page): string[] {
  const rows = tables.flatMap(({ timed }) => timed);
  const said = [
    'total: summed over calls; concurrent ones add up, so it is no share of the wall',
    `busy: when any call ran, of the ${formatDuration(deviceMs)} of processes${
      rows.some(({ busyExact }) => !busyExact) ? '; ≤ where there are only sums' : ''
    }`,
    ...(rows.some(({ selfMs }) => selfMs !== null) ? ['self: total without its recorded parts'] : []),
    ...(grouping === 'section' && rows.some(({ straddling }) => straddling > 0)
      ? ['~: with shares, by time, of windows or calls that lie in several sections']
      : []),
    `bar: against the greatest; at the right: its time over ${formatDuration(wallMs)} in ${rows[0]?.over.length ?? 0} steps`,
  ];
  return hang('  ', `${said.join('. ')}.`, width).map(palette.faint);
}

/** A name with what it is, where that is no counter, or a counter with the name of something else: `op pay`, `counter verify`. */
export function nameOf({ source, name }: { readonly source: CounterSource; readonly name: string }): string {
  if (source === 'counter' && /^(?:verify$|write$|publish$|op |request )/.test(name))
    return printable(`counter ${name}`);
  return printable(source === 'counter' || source === name ? name || "''" : `${source} ${name}`);
}

function headingOf(
  { group, deviceMs }: CounterTable,
  { grouping, sections, by }: TopReport,
  { palette }: Page,
): string[] {
  const order = { total: 'by summed time', calls: 'by calls', max: 'by the longest call' }[by];
  if (grouping === 'counter') return [`  ${palette.strong(order)}`];
  const none = { device: 'no device', op: 'in no operation', section: 'before the first section' }[grouping];
  const title = sections.find(({ section }) => section === group)?.title;
  const named =
    group === null ? none : [group, ...(grouping === 'section' && title && title !== group ? [title] : [])].join(' ');
  const ran = grouping === 'op' ? '' : `ran ${formatDuration(deviceMs)}, `;
  return [`  ${palette.strong(printable(named))}   ${ran}${order}`];
}

function timedLines(rows: readonly CounterRow[], by: CounterMeasure, most: number, page: Page): string[] {
  if (rows.length === 0) return [];
  const { palette, width } = page;
  const cells = columns.map((column, index) =>
    align([column.padStart(narrowest), ...rows.map((row) => cellsOf(row)[index] ?? '')], 'right'),
  );
  const figures = Array.from({ length: rows.length + 1 }, (_, line) => cells.map((cell) => cell[line]).join('  '));
  const steps = rows[0]?.over.length ?? 0;
  const nameWidth = Math.max(12, width - indent - barWidth - steps - 4);
  const lines = rows.flatMap((row, index) => {
    const value = { total: row.totalMs, calls: row.calls, max: row.maxMs }[by];
    const shape = `${bar(value, most, barWidth).padEnd(barWidth)}  ${sparkline(row.over)}`;
    return [
      ...beside(`${String(index + 1).padStart(3)}  `, nameOf(row), nameWidth, shape, palette.strong),
      `${' '.repeat(indent)}${figures[index + 1]}`.trimEnd(),
    ];
  });
  return [palette.faint(`${' '.repeat(indent)}${figures[0]}`), ...lines];
}

function cellsOf(row: CounterRow): string[] {
  const time = (ms: number | null) => (ms === null ? '-' : formatDuration(ms));
  const mark = row.straddling > 0 ? '~' : '';
  const share = row.busyShare === null ? '-' : formatShare(row.busyShare);
  const busy = row.busyExact || /^[<-]/.test(share) ? share : `${mark || '≤ '}${share}`;
  return [
    mark + time(row.totalMs),
    time(row.selfMs),
    mark + grouped(row.calls),
    time(row.meanMs),
    time(row.p95Ms),
    time(row.maxMs),
    busy,
  ];
}

function countedLines(rows: readonly TallyRow[], { width }: Page): string[] {
  const counts = align(
    rows.map(({ count, straddling }) => (straddling > 0 ? '~' : '') + grouped(count)),
    'right',
  );
  const steps = rows[0]?.over.length ?? 0;
  const nameWidth = Math.max(12, width - indent - steps - 4 - widthOf(counts[0] ?? ''));
  return rows.flatMap((row, index) =>
    beside(' '.repeat(indent), nameOf(row), nameWidth, `${counts[index]}  ${sparkline(row.over)}`),
  );
}

/** A name with what stands beside it; a name that is too long gets a line of its own, because it may not be cut. */
function beside(lead: string, name: string, nameWidth: number, rest: string, paint = (text: string) => text): string[] {
  const width = widthOf(name);
  if (width > nameWidth) return [lead + paint(name), `${' '.repeat(indent + nameWidth + 2)}${rest}`.trimEnd()];
  return [`${lead}${paint(name)}${' '.repeat(nameWidth - width + 2)}${rest}`.trimEnd()];
}

function more(rest: number, noun: string, shown: number, palette: Page['palette']): string[] {
  if (rest === 0) return [];
  return [palette.faint(`     … and ${grouped(rest)} more ${rest === 1 ? noun : `${noun}s`} (-n ${shown + rest})`)];
}
