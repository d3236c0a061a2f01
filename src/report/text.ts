import { grouped } from '../base/grouped.ts';
import type { DeviceSummary, Finding, RunReport } from '../results.ts';
import { checkLines, countsOf, unaskedLines, verdictWord } from './checks.ts';
import { findingBlock, findingBrief } from './finding.ts';
import { formatPlace, placeOf, plural, printable, signed } from './format.ts';
import { createShorten } from './ids.ts';
import { clockLines, problemLines } from './input.ts';
import { standings } from './ledgers.ts';
import { nextCommands } from './next.ts';
import { indented, limited, type Page, spaced } from './page.ts';
import { createPalette, marks, paintOf } from './palette.ts';
import type { Reporter } from './reporter.ts';
import { table } from './table.ts';
import { hang } from './wrap.ts';

const storiesShown = 5;
const briefsShown = 10;

/**
 * For a person who has to find out what went wrong: the verdict, the ledgers and the tokens in which two devices differ, the
 * story line by line, what held, what was not checked and what would have answered it, the count, the next command.
 */
export const text: Reporter = {
  name: 'text',
  description: 'for a person: the story of each finding, and the next command',
  print(reports, options) {
    const { width, all } = options;
    const palette = createPalette(options.color);
    const pages = reports.map((report, index) => {
      const page = { width, palette, all, shorten: all ? (said: string) => said : createShorten(report) };
      return runLines(report, page, nextCommands(report, index, reports.length, options));
    });
    if (reports.length !== 1) pages.push([seriesLine(reports)]);
    return `${spaced(pages).join('\n')}\n`;
  },
  printEarly(report, news, { width, all, color }) {
    const shorten = all ? (said: string) => said : createShorten(report);
    const page = { width, all, shorten, palette: createPalette(color) };
    return report.findings
      .map((finding) => (news === 'found' ? findingBlock(finding, page) : takenBackLines(finding, page)))
      .map((lines) => `${lines.join('\n')}\n\n`)
      .join('');
  },
};

function takenBackLines(finding: Finding, page: Page): string[] {
  const message = `taken back, as later lines explain it: ${finding.message}`;
  return findingBrief({ ...finding, verdict: 'note', message }, page);
}

function runLines(report: RunReport, page: Page, next: readonly string[]): string[] {
  const { verdict, clocks, devices, checks, input } = report;
  const { palette } = page;
  const of = (wanted: Finding['verdict']) => report.findings.filter((finding) => finding.verdict === wanted);
  const violations = of('violated').filter(({ follows }) => page.all || follows === null);
  const stories = limited(violations, storiesShown, page.all).shown;
  const counts = `  ${countsOf(checks.map((check) => check.verdict))}`;
  return spaced([
    [...verdictLines(report, page), ...clockLines(clocks, { ...page, width: page.width - 2 }).map(asRemark)],
    verdict === 'violated' ? [] : indented(standings(devices, page), 2),
    ...stories.map((finding) => findingBlock(finding, page)),
    briefLines(violations.slice(stories.length), page),
    input.events === 0
      ? nothingToCheck(input)
      : [...checkLines(checks, violations, page), ...unaskedLines(checks, page)],
    briefs(of('not-checked'), page),
    briefs(of('note'), page),
    problemLines(input, page),
    [counts, ...next.map((command, index) => `  ${index === 0 ? 'next:' : '     '} ${palette.command(command)}`)],
  ]);

  function asRemark(line: string): string {
    return `  ${palette.faint(line)}`;
  }
}

/** What to do about a run without a single event. */
function nothingToCheck({ files, skipped }: RunReport['input']): string[] {
  if (files === 0) return ['  no log is here: expected files of events, such as bob-peer1.ndjson'];
  const read = skipped === 0 ? 'no line is an event' : `${plural(skipped, 'line')} read, and none is an event`;
  return [`  ${read}: record events (createRecorder),`, '  or say what the lines mean with a mapping (--mapping)'];
}

function verdictLines({ run, verdict, devices, input }: RunReport, { palette, width }: Page): string[] {
  const title = `${marks[verdict]} ${printable(run)} ${verdictWord(verdict)}`;
  const read = `${plural(input.events, 'event')} in ${plural(input.files, 'file')}`;
  const [first = '', ...rest] = hang(`${title}   `, `${printable(whoseDevices(devices))} · ${read}`, width);
  return [paintOf(palette, verdict)(palette.strong(title)) + first.slice(title.length), ...rest];
}

function whoseDevices(devices: readonly DeviceSummary[]): string {
  const counts = new Map<string, number>();
  for (const { identity } of devices) counts.set(identity, (counts.get(identity) ?? 0) + 1);
  const all = plural(devices.length, 'device');
  if (counts.size === 0) return 'no devices';
  if (counts.size === 1) return `${all} of ${[...counts.keys()].map(nameOf)}`;
  if (counts.size > 3) return `${all} of ${plural(counts.size, 'identity', 'identities')}`;
  return `${all}: ${[...counts].map(([identity, count]) => `${grouped(count)} of ${nameOf(identity)}`).join(', ')}`;
}

function nameOf(identity: string): string {
  return identity === '' ? 'no named identity' : identity;
}

/** Violations past those told in full, a line each. */
function briefLines(violations: readonly Finding[], page: Page): string[] {
  if (violations.length === 0) return [];
  const { shown, rest } = limited(violations, briefsShown, page.all);
  const rows = shown.map((finding) => {
    const { id, code, device, identity, coin, difference } = finding;
    const place = placeOf(finding);
    const about = [device ?? identity, coin].filter((part) => part !== null).join(' · ');
    return [
      id,
      code,
      about,
      difference === null ? '' : signed(difference.delta),
      place === null ? '' : formatPlace(place),
    ];
  });
  return [
    `  ${plural(violations.length, 'more violation')} in brief`,
    ...table(rows, ['left', 'left', 'left', 'decimal', 'left']).map(
      (line) => `  ${page.palette.bad(marks.violated)} ${printable(line)}`,
    ),
    ...omitted(rest, page),
  ];
}

function briefs(findings: readonly Finding[], page: Page): string[] {
  const { shown, rest } = limited(findings, briefsShown, page.all);
  return [...shown.flatMap((finding) => findingBrief(finding, page)), ...omitted(rest, page)];
}

function omitted(rest: number, { palette }: Page): string[] {
  return rest === 0 ? [] : [`    ${palette.faint(`… and ${grouped(rest)} more (--all)`)}`];
}

function seriesLine(reports: readonly RunReport[]): string {
  if (reports.length === 0) return '? no runs';
  return `${plural(reports.length, 'run')}: ${countsOf(reports.map(({ verdict }) => verdict))}`;
}
