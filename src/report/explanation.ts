import type { Finding } from '../results.ts';
import type { Counterfactual, Explanation, LedgerChange, SliceLine } from '../results-explanation.ts';
import { blameSentence } from './finding.ts';
import { formatMoment, formatPlace, plural, printable } from './format.ts';
import { idLike, shortenerOf } from './ids.ts';
import { replayCommand } from './next.ts';
import { indented, type Page, spaced } from './page.ts';
import { createPalette, marks, paintOf } from './palette.ts';
import type { ReportOptions } from './reporter.ts';
import { wayOf } from './stage.ts';
import { widthOf } from './table.ts';
import { hang, wrap } from './wrap.ts';

const margin = 8;
const linesShown = 40;

/** One finding for a person: the sentence, how far the effect came, whom to blame, the lines in causal order, what would be without it. */
export function explanationAsText(explanation: Explanation, options: ReportOptions): string {
  const { finding, lines, linesOmitted, counterfactual } = explanation;
  const shorten = options.all ? (said: string) => said : shortenerOf(idsOf(explanation));
  const palette = createPalette(options.color);
  const page: Page = { width: options.width - margin, palette, shorten, all: options.all };
  const sections = [
    wrap(clean(finding.message, page), page.width),
    [...stageLines(finding, page), ...blameLines(finding, page)],
    [...story(lines, page), ...omitted(linesOmitted, page)],
    [...wrap(clean(counterfactual.sentence, page), page.width).map(palette.strong), ...checked(counterfactual, page)],
  ];
  const next = nextCommand(finding, options);
  return `${spaced([
    headline(explanation, page),
    indented(spaced(sections), margin),
    next === undefined ? [] : [`  next: ${palette.command(next)}`],
  ]).join('\n')}\n`;
}

function headline({ run, finding }: Explanation, { palette }: Page): string[] {
  const { id, code, verdict, identity, coin, opId, follows } = finding;
  const about = [run, identity, coin, opId].filter((part) => part !== null && part !== '').join(' · ');
  const follow = follows === null ? '' : palette.faint(`   follows from ${follows}`);
  const title = `${marks[verdict]} ${id}`.padEnd(margin - 2);
  return [`  ${paintOf(palette, verdict)(title + palette.strong(code))}   ${printable(about)}${follow}`];
}

function stageLines({ stage }: Finding, page: Page): string[] {
  if (stage === null) return [];
  return wayOf(stage, page.width).map((line) => clean(line, page));
}

function blameLines({ blame }: Finding, { width }: Page): string[] {
  return blame === null ? [] : wrap(printable(blameSentence(blame)), width);
}

/** Every line, or the beginning, the end, and what the finding itself names. */
function story(lines: readonly SliceLine[], page: Page): string[] {
  if (lines.length === 0) return [page.palette.faint('no line of the run bears on it')];
  const isLong = !page.all && lines.length > linesShown;
  const kept = lines.filter(
    ({ evidence }, index) => !isLong || evidence || index < linesShown / 2 || index >= lines.length - linesShown / 4,
  );
  const column = Math.max(...kept.map((line) => widthOf(printable(formatPlace(line))))) + 2;
  const left = lines.length - kept.length;
  return [
    ...kept.flatMap((line) => storyLine(line, column <= page.width * 0.45 ? column : undefined, page)),
    ...(left === 0 ? [] : [page.palette.faint(`${plural(left, 'line')} between them left out (--all)`)]),
  ];
}

function storyLine(line: SliceLine, column: number | undefined, page: Page): string[] {
  const place = printable(formatPlace(line));
  const said = clean(line.role, page) + (line.first ? '  ← first divergence' : '');
  const lead = column === undefined ? '  ' : place.padEnd(column);
  const told = [...(column === undefined ? [place] : []), ...hang(lead, said, page.width)];
  const longest = Math.max(
    0,
    ...line.changes.flatMap(({ before, after }) => [before.amount.length, after.amount.length]),
  );
  const indent = ' '.repeat(widthOf(lead) + longest + 6 > page.width ? 0 : widthOf(lead));
  const changes = line.changes.flatMap((change) =>
    hang(`${indent}  `, printable(changeSentence(line, change)), page.width),
  );
  return [...(line.first ? told.map(page.palette.bad) : told), ...changes.map(page.palette.faint)];
}

/** `bob-peer1: 0 → 100 UCT, 0 → 1 token`; a line that changes nothing shows what is held. */
function changeSentence({ device }: SliceLine, { coin, before, after }: LedgerChange): string {
  const same = before.amount === after.amount && before.tokens === after.tokens;
  if (same) return `${device} holds ${after.amount} ${coin} in ${plural(after.tokens, 'token')}`;
  const tokens = before.tokens === after.tokens ? '' : `${before.tokens} → `;
  return `${device}: ${before.amount} → ${after.amount} ${coin}, ${tokens}${plural(after.tokens, 'token')}`;
}

function omitted(number: number, { palette }: Page): string[] {
  return number === 0 ? [] : [palette.faint(`… and ${plural(number, 'more line')} of the same effects and tokens`)];
}

/** What the replay without the fault found, and did not find any more. */
function checked({ outcome, gone, remaining }: Counterfactual, { width, palette }: Page): string[] {
  if (outcome === 'none') return [];
  const says = [
    ...(gone.length > 0 ? [`${listed(gone)} ${gone.length === 1 ? 'is' : 'are'} gone`] : []),
    ...(remaining.length > 0 ? [`${listed(remaining)} ${remaining.length === 1 ? 'stays' : 'stay'}`] : []),
  ];
  return says.length === 0 ? [] : wrap(`replayed and judged without it: ${says.join(', ')}`, width).map(palette.faint);
}

function listed(ids: readonly string[]): string {
  const shown = ids.slice(0, 8);
  return `${shown.join(', ')}${ids.length > shown.length ? ` and ${ids.length - shown.length} more` : ''}`;
}

function nextCommand(
  { id, at }: Finding,
  { paths: [path], flags, findingFlags = [] }: ReportOptions,
): string | undefined {
  if (path === undefined || path === '-' || at === null) return undefined;
  return replayCommand(['show', path, '--at', findingFlags.length === 0 ? id : formatMoment(at), '--step'], flags);
}

function clean(text: string, { shorten }: Page): string {
  return printable(shorten(text));
}

function* idsOf({ finding, lines, counterfactual }: Explanation): Iterable<string> {
  const { tokenId, effect, message } = finding;
  if (tokenId !== null) yield tokenId;
  if (effect !== null) yield effect;
  for (const text of [message, counterfactual.sentence, ...lines.map(({ role }) => role)]) {
    yield* text.match(idLike) ?? [];
  }
}
