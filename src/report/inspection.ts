import { grouped } from '../base/grouped.ts';
import type { CheckAvailability, FileSummary, IncarnationSummary, Inspection } from '../results.ts';
import { formatBytes, plural, printable } from './format.ts';
import { clockLines, problemLines } from './input.ts';
import { replayCommand } from './next.ts';
import { indented, limited, type Page, spaced } from './page.ts';
import { createPalette, marks, type Palette } from './palette.ts';
import type { ReportOptions } from './reporter.ts';
import { table, widthOf } from './table.ts';
import { hang } from './wrap.ts';

const filesShown = 20;
const incarnationsShown = 30;
const gapsShown = 4;

/** What was captured of each run, for a person: files, devices, event types, clocks, and which checks can be asked of it. */
export function inspectionsAsText(inspections: readonly Inspection[], options: ReportOptions): string {
  const page: Page = {
    width: options.width,
    palette: createPalette(options.color),
    shorten: (said) => said,
    all: options.all,
  };
  const pages = inspections.map((inspection, index) =>
    inspectionLines(inspection, page, options.paths[index], options),
  );
  if (inspections.length === 0) pages.push(['no runs']);
  return `${spaced(pages).join('\n')}\n`;
}

function inspectionLines(
  inspection: Inspection,
  page: Page,
  path: string | undefined,
  { flags }: ReportOptions,
): string[] {
  const { run, input, files, incarnations, types, clocks, checks } = inspection;
  const { palette, width } = page;
  const read = [
    plural(input.events, 'event'),
    plural(input.files, 'file'),
    formatBytes(input.bytes),
    ...(input.skipped === 0 ? [] : [`${plural(input.skipped, 'line')} set aside`]),
  ];
  const [title = '', ...rest] = hang(`${printable(run)}   `, read.join(' · '), width);
  const possible = checks.some((check) => check.possible);
  const gone = path === undefined || path === '-';
  const next = gone || !possible ? undefined : replayCommand(['check-balances', path], flags);
  return spaced([
    [palette.strong(printable(run)) + title.slice(printable(run).length), ...rest],
    section('files', fileRows(files, page), palette),
    section('devices', incarnationRows(incarnations, page), palette),
    section(
      'events',
      table(
        types.map(({ type, events }) => [printable(type), grouped(events)]),
        ['left', 'right'],
      ),
      palette,
    ),
    section('clocks', clockLines(clocks, { ...page, width: width - 4, all: true }), palette),
    checks.length === 0 ? [] : [heading('checks', palette), ...checkRows(checks, page)],
    problemLines(input, page),
    next === undefined ? [] : [`  next: ${palette.command(next)}`],
  ]);
}

function section(title: string, lines: readonly string[], palette: Palette): string[] {
  return lines.length === 0 ? [] : [heading(title, palette), ...indented(lines, 4)];
}

function heading(title: string, palette: Palette): string {
  return `  ${palette.strong(title)}`;
}

function fileRows(files: readonly FileSummary[], page: Page): string[] {
  const { shown, rest } = limited(files, filesShown, page.all);
  if (shown.length === 0) return [];
  const rows = shown.map(({ file, format, bytes, events, skipped, problems, devices }) => [
    printable(file),
    format,
    formatBytes(bytes),
    grouped(events),
    grouped(skipped),
    grouped(problems),
    printable(devices.join(' ')),
  ]);
  const lines = table(
    [['file', 'format', 'size', 'events', 'set aside', 'unread', 'devices'], ...rows],
    ['left', 'left', 'right', 'right', 'right', 'right', 'left'],
  );
  return [...faintHead(lines, page.palette), ...omitted(rest, 'file', page.palette)];
}

function incarnationRows(incarnations: readonly IncarnationSummary[], page: Page): string[] {
  const { shown, rest } = limited(incarnations, incarnationsShown, page.all);
  if (shown.length === 0) return [];
  const rows = shown.map(({ device, identity, incarnation, events, firstSeq, lastSeq, gaps, end }) => [
    printable(`${device}:${incarnation}`),
    printable(identity),
    grouped(events),
    `${firstSeq}–${lastSeq}`,
    gapsOf(gaps, page.all),
    end === 'none' ? 'no last line' : end,
  ]);
  const lines = table(
    [['device', 'identity', 'events', 'seq', 'missing', 'ends'], ...rows],
    ['left', 'left', 'right', 'left', 'left', 'left'],
  );
  return [...faintHead(lines, page.palette), ...omitted(rest, 'incarnation', page.palette)];
}

function gapsOf(gaps: IncarnationSummary['gaps'], all: boolean): string {
  const { shown, rest } = limited(gaps, gapsShown, all);
  const ranges = shown.map(({ from, to }) => (from === to ? String(from) : `${from}–${to}`));
  return ranges.length === 0 ? '-' : `${ranges.join(', ')}${rest === 0 ? '' : ` and ${grouped(rest)} more`}`;
}

function checkRows(checks: readonly CheckAvailability[], { palette, width }: Page): string[] {
  const column = Math.max(...checks.map(({ name }) => widthOf(name)));
  return checks.flatMap(({ name, promise, possible, missing }) => {
    const mark = possible ? marks.held : marks['not-checked'];
    const said = possible
      ? promise
      : `needs ${missing.length === 0 ? 'lines that this run lacks' : missing.map((type) => `\`${type}\``).join(', ')}`;
    const [first = '', ...rest] = hang(`    ${mark} ${name.padEnd(column)}  `, said, width);
    return [`    ${(possible ? palette.good : palette.unknown)(mark)}${first.slice(5)}`, ...rest];
  });
}

function faintHead([head = '', ...rest]: readonly string[], palette: Palette): string[] {
  return [palette.faint(head), ...rest];
}

function omitted(rest: number, noun: string, palette: Palette): string[] {
  return rest === 0 ? [] : [palette.faint(`… and ${plural(rest, `more ${noun}`)} (--all)`)];
}
