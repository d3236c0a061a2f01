import type { TopReport } from '../results-top.ts';
import { formatDuration } from './duration.ts';
import { plural, printable } from './format.ts';
import { problemLines } from './input.ts';
import { replayCommand } from './next.ts';
import { type Page, spaced } from './page.ts';
import { createPalette } from './palette.ts';
import type { ReportOptions } from './reporter.ts';
import { growthLines, identityLines, lostLines, sectionLines } from './top-answers.ts';
import { legendLines, tableLines } from './top-tables.ts';
import { hang } from './wrap.ts';

const nothing =
  'nothing here says how long anything took: there are no counters, and no ends of operations, requests, verifies or writes';

/** The counters' tables of each run, for a person: identities first, then what took the time, then how far it can be trusted. */
export function topAsText(reports: readonly TopReport[], options: ReportOptions): string {
  const page: Page = {
    width: options.width,
    palette: createPalette(options.color),
    shorten: (said) => said,
    all: options.all,
  };
  const pages = reports.map((report, index) => reportLines(report, page, options, options.paths[index]));
  if (reports.length === 0) pages.push(['no runs']);
  return `${spaced(pages).join('\n')}\n`;
}

function reportLines(report: TopReport, page: Page, options: ReportOptions, path: string | undefined): string[] {
  const { run, tables, sections, grouping, input } = report;
  const { palette } = page;
  const [title = '', ...rest] = hang(`${printable(run)}   `, readOf(report), page.width);
  const most = Math.max(0, ...tables.flatMap(({ timed }) => timed.map((row) => barOf(row, report.by))));
  const empty = tables.every(({ timed, counted }) => timed.length + counted.length === 0);
  const bySection = grouping === 'counter' && sections.length > 1 && path !== undefined && path !== '-';
  const next = bySection && !empty ? replayCommand(['top', path, '--group', 'section'], options.flags) : undefined;
  return spaced([
    [palette.strong(printable(run)) + title.slice(printable(run).length), ...rest],
    identityLines(report.identities, page),
    ...(empty ? [hang('  ', nothing, page.width)] : []),
    ...tables.map((table) => tableLines(table, report, most, page)),
    growthLines(report.growth, page),
    empty ? [] : sectionLines(sections, report.windows, page),
    [...(empty ? [] : legendLines(report, page)), ...lostLines(report, page)],
    problemLines(input, page),
    next === undefined ? [] : [`  next: ${palette.command(next)}`],
  ]);
}

function barOf(row: TopReport['tables'][number]['timed'][number], by: TopReport['by']): number {
  return { total: row.totalMs, calls: row.calls, max: row.maxMs }[by];
}

function readOf({ processes, deviceMs, wallMs, windows, sections, input }: TopReport): string {
  const told = sections.filter(({ section }) => section !== null).length;
  return [
    `${plural(processes, 'process', 'processes')}, together ${formatDuration(deviceMs)}`,
    `${formatDuration(wallMs)} from first to last`,
    ...(windows === 0 ? [] : [plural(windows, 'counter window')]),
    ...(told === 0 ? [] : [plural(told, 'section')]),
    plural(input.events, 'event'),
  ].join(' · ');
}
