import { grouped } from '../base/grouped.ts';
import type { ClockBound, InputSummary, ReportedProblem } from '../results.ts';
import { formatPlace, plural, printable } from './format.ts';
import { limited, type Page } from './page.ts';
import { widthOf } from './table.ts';
import { hang, wrap } from './wrap.ts';

const clocksShown = 3;

/** What is known of the clocks, a line for each pair of devices; one that is bounded on one side only says too little. */
export function clockLines(clocks: readonly ClockBound[], page: Page): string[] {
  const known = clocks.filter(({ errorMs }) => page.all || errorMs !== null);
  const { shown, rest } = limited(known, clocksShown, page.all);
  const lines = shown.flatMap((clock) => wrap(printable(clockSentence(clock)), page.width));
  return rest === 0 ? lines : [...lines, `… and ${plural(rest, 'more clock')} (replay inspect)`];
}

function clockSentence({ device, reference, offsetMs, errorMs, pairs }: ClockBound): string {
  const sign = offsetMs < 0 ? '−' : '+';
  const bound = errorMs === null ? 'bounded on one side' : `± ${seconds(errorMs)} s`;
  return `clock of ${device} = ${reference} ${sign} ${seconds(Math.abs(offsetMs))} s ${bound} (${plural(pairs, 'pair')})`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

/** Lines that could not be read: those that are listed, and how many more there are. */
export function problemLines({ problems, problemsOmitted }: InputSummary, page: Page): string[] {
  const total = problems.length + problemsOmitted;
  if (total === 0) return [];
  const column = Math.min(34, Math.max(0, ...problems.map((problem) => widthOf(formatPlace(problem)))));
  return [
    `  ${page.palette.unknown(`${plural(total, 'line')} could not be read`)}`,
    ...problems.flatMap((problem) => problemLine(problem, column, page)),
    ...(problemsOmitted === 0
      ? []
      : [`    ${page.palette.faint(`… and ${grouped(problemsOmitted)} more (--max-problems ${total})`)}`]),
  ];
}

function problemLine(problem: ReportedProblem, column: number, page: Page): string[] {
  const place = printable(formatPlace(problem));
  return hang(`    ${place.padEnd(column)}  `, printable(problem.reason), page.width);
}
