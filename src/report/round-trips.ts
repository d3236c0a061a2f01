import { grouped } from '../base/grouped.ts';
import type { Finding, RunReport } from '../results.ts';
import type { RoundTrips } from '../results-round-trips.ts';
import { batchingLines, candidateLines, concurrencyLines, hypothesisLines, whatIfLines } from './batching.ts';
import { checkLines, countsOf, unaskedLines, verdictWord } from './checks.ts';
import { formatDuration, formatShare } from './duration.ts';
import { findingBlock, findingBrief } from './finding.ts';
import { plural, printable } from './format.ts';
import { createShorten } from './ids.ts';
import { problemLines } from './input.ts';
import { nextAfterCount } from './next.ts';
import { kindLines, listedLines, operationLines, worstLines } from './operation-costs.ts';
import { indented, limited, type Page, spaced } from './page.ts';
import { createPalette, marks, paintOf } from './palette.ts';
import type { ReportOptions } from './reporter.ts';
import { hang, wrap } from './wrap.ts';

const storiesShown = 3;

/** What the operations of each run cost in round trips, for a person: the costs, where to save, what budgets say. */
export function roundTripsAsText(reports: readonly RunReport[], options: ReportOptions): string {
  const palette = createPalette(options.color);
  const pages = reports.map((report, index) => {
    const page: Page = {
      width: options.width,
      palette,
      all: options.all,
      shorten: options.all ? (said) => said : createShorten(report),
    };
    return runLines(report, page, nextAfterCount(report, index, reports.length, options));
  });
  if (reports.length === 0) pages.push(['? no runs']);
  return `${spaced(pages).join('\n')}\n`;
}

function runLines(report: RunReport, page: Page, next: readonly string[]): string[] {
  const { roundTrips, checks, findings, input } = report;
  const of = (wanted: Finding['verdict']) => findings.filter((finding) => finding.verdict === wanted);
  const violations = of('violated');
  const { shown, rest } = limited(violations, storiesShown, page.all);
  return spaced([
    titleLines(report, page),
    ...(roundTrips === null ? [] : costSections(roundTrips, page)),
    ...shown.map((finding) => findingBlock(finding, page)),
    rest === 0 ? [] : [`  ${page.palette.faint(`… and ${plural(rest, 'more violation')} (--all)`)}`],
    [...checkLines(checks, violations, page), ...unaskedLines(checks, page)],
    [...of('not-checked'), ...of('note')].flatMap((finding) => findingBrief(finding, page)),
    problemLines(input, page),
    [
      `  ${countsOf(checks.map(({ verdict }) => verdict))}`,
      ...next.map((command, index) => `  ${index === 0 ? 'next:' : '     '} ${page.palette.command(command)}`),
    ],
  ]);
}

function titleLines({ run, verdict, roundTrips }: RunReport, { palette, width }: Page): string[] {
  const title = `${marks[verdict]} ${printable(run)} ${verdictWord(verdict)}`;
  const counted =
    roundTrips === null
      ? ''
      : [
          plural(roundTrips.trips, 'round trip'),
          ...(roundTrips.retries > 0 ? [plural(roundTrips.retries, 'retry', 'retries')] : []),
          `${plural(roundTrips.operations, 'operation')} of ${plural(roundTrips.byOperation.length, 'name')}`,
        ].join(' · ');
  const [first = '', ...rest] = hang(`${title}   `, counted, width);
  return [paintOf(palette, verdict)(palette.strong(title)) + first.slice(title.length), ...rest];
}

function costSections(roundTrips: RoundTrips, page: Page): string[][] {
  const inner = { ...page, width: page.width - 2 };
  return [
    indented(
      [...verifyLines(roundTrips), ...attributionLines(roundTrips)].flatMap((line) => wrap(line, inner.width)),
      2,
    ),
    indented(operationLines(roundTrips.byOperation, inner), 2),
    indented(listedLines(roundTrips.listed, inner), 2),
    indented(kindLines(roundTrips, inner), 2),
    indented(worstLines(roundTrips.byOperation, inner), 2),
    indented(candidateLines(roundTrips.candidates, inner), 2),
    indented(hypothesisLines(roundTrips.hypotheses, inner), 2),
    indented(roundTrips.whatIf ? whatIfLines(roundTrips.whatIf, inner) : batchingLines(roundTrips, inner), 2),
    indented(concurrencyLines(roundTrips.concurrency, inner), 2),
  ];
}

function verifyLines({ verify }: RoundTrips): string[] {
  if (verify === null) return ['no verify line: what a round trip of durability costs is not known'];
  const { count, p50Ms, p95Ms, maxMs } = verify;
  const times = `p50 ${formatDuration(p50Ms)}, p95 ${formatDuration(p95Ms)}, max ${formatDuration(maxMs)}`;
  return [`verify ${times} (${grouped(count)})`];
}

function attributionLines({ attribution }: RoundTrips): string[] {
  const { share, byId, inferred, unattributed, toldTwice } = attribution;
  if (share === null) return [];
  const how = [
    ...(byId > 0 ? [`${grouped(byId)} by opId`] : []),
    ...(inferred > 0 ? [`${grouped(inferred)} to the one operation open then*`] : []),
    ...(unattributed > 0 ? [`${grouped(unattributed)} to none`] : []),
  ].join(', ');
  return [
    `${formatShare(share)} attributed to an operation: ${how}`,
    ...(toldTwice > 0 ? [`${plural(toldTwice, 'trip')} told by the device and by a gateway, counted once`] : []),
  ];
}
