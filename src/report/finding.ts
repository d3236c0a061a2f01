import type { Blame, Difference, Evidence, Finding, LedgerSide, Moment, TokenDifference } from '../results.ts';
import { formatMoment, formatPlace, formatTime, placeOf, plural, printable, signed } from './format.ts';
import { indented, limited, type Page, spaced } from './page.ts';
import { marks, paintOf } from './palette.ts';
import { stageSentence } from './stage.ts';
import { align, table, widthOf } from './table.ts';
import { hang, wrap } from './wrap.ts';

const margin = 8;
const tokensShown = 8;
const storyShown = 14;

/** A violation in full: what happened, the two ledgers, the tokens that differ, the story line by line, and whom to blame. */
export function findingBlock(finding: Finding, page: Page): string[] {
  const inner: Page = { ...page, width: page.width - margin };
  const { difference, evidence } = finding;
  return [
    headline(finding, page),
    ...indented(
      spaced([
        wrap(clean(finding.message, page), inner.width),
        difference === null ? [] : ledgers(difference, inner),
        difference === null ? [] : tokens(difference, inner),
        [...story(evidence, inner), ...aftermath(finding, inner)],
      ]),
      margin,
    ),
  ];
}

/** A finding that needs no story, in a line or two: its mark, what and whom it is about, why, and where. */
export function findingBrief(finding: Finding, page: Page): string[] {
  const place = placeOf(finding);
  const subject = [finding.device ?? finding.identity, finding.coin].filter((part) => part !== null).join(' · ');
  const lead = `  ${marks[finding.verdict]} ${finding.id}  `;
  const where = place === null ? '' : `  ${formatPlace(place)}`;
  const said = `${finding.code}  ${subject === '' ? '' : `${subject}: `}${finding.message}${where}`;
  const [first = '', ...rest] = hang(lead, clean(said, page), page.width);
  return [paintOf(page.palette, finding.verdict)(first.slice(0, lead.length)) + first.slice(lead.length), ...rest];
}

function headline({ id, code, verdict, identity, coin, opId, follows }: Finding, page: Page): string {
  const { palette } = page;
  const about = [identity, coin, opId].filter((part) => part !== null).join(' · ');
  const follow = follows === null ? '' : palette.faint(`   follows from ${follows}`);
  const title = `${marks[verdict]} ${id}`.padEnd(margin - 2);
  const what = paintOf(palette, verdict)(title + palette.strong(code));
  return `  ${what}${about === '' ? '' : `   ${clean(about, page)}`}${follow}`;
}

function ledgers(difference: Difference, { width, palette }: Page): string[] {
  const { left, right, delta } = difference;
  const more = String(right.tokens - left.tokens);
  const rows = [
    ['device', '', 'balance', 'tokens'],
    [deviceOf(left), `(${printable(left.phase)})`, left.amount, String(left.tokens)],
    [deviceOf(right), `(${printable(right.phase)})`, right.amount, String(right.tokens)],
    ['difference', '', signed(delta), signed(more)],
  ];
  const lines = table(rows, ['left', 'left', 'decimal', 'right']);
  if (!lines.every((line) => widthOf(line) <= width)) return stackedLedgers(difference, palette.strong);
  return lines.map((line, index) => (index === 0 ? palette.faint(line) : index === 3 ? palette.strong(line) : line));
}

/** For amounts too long to stand beside a name: each under its device, still with the points in one column. */
function stackedLedgers({ left, right, delta }: Difference, strong: (text: string) => string): string[] {
  const [first = '', second = '', third = ''] = align([left.amount, right.amount, signed(delta)], 'decimal');
  const title = (side: LedgerSide) => `${deviceOf(side)}  (${printable(side.phase)})  ${plural(side.tokens, 'token')}`;
  return [
    ...[title(left), `  ${first}`, title(right), `  ${second}`].map((line) => line.trimEnd()),
    ...['difference', `  ${third}`].map((line) => strong(line.trimEnd())),
  ];
}

function deviceOf({ device, incarnation }: LedgerSide): string {
  return printable(`${device}:${incarnation}`);
}

function tokens({ left, right, tokens: differing }: Difference, page: Page): string[] {
  const groups = [
    tokenRows(`on ${left.device} only`, (token) => token.right === null),
    tokenRows(`on ${right.device} only`, (token) => token.left === null),
    tokenRows('on both, differently', (token) => token.left !== null && token.right !== null),
  ];
  const lines = table(
    groups.flatMap(({ rows }) => rows),
    ['left', 'left', 'decimal', 'left'],
  );
  const rest = groups.reduce((sum, group) => sum + group.rest, 0);
  return rest === 0 ? lines : [...lines, page.palette.faint(`… and ${plural(rest, 'token')} more (--all)`)];

  function tokenRows(title: string, belongs: (token: TokenDifference) => boolean) {
    const { shown, rest } = limited(differing.filter(belongs), tokensShown, page.all);
    const rows = shown.map((token, index) => [
      index === 0 ? printable(title) : '',
      clean(token.tokenId, page),
      [token.left, token.right].filter((amount) => amount !== null).join(' → '),
      printable(token.coin),
    ]);
    return { rows, rest };
  }
}

function story(evidence: readonly Evidence[], page: Page): string[] {
  const kept = page.all ? evidence : middleLeftOut(evidence);
  const places = evidence.map((line) => widthOf(printable(formatPlace(line))));
  const widest = Math.max(0, ...places) + 2;
  const column = widest <= Math.max(24, page.width * 0.45) ? widest : undefined;
  return kept.flatMap((line) =>
    typeof line === 'number'
      ? [page.palette.faint(`… ${plural(line, 'line')} left out (--all)`)]
      : storyLine(line, column, page),
  );
}

/** A long story keeps its beginning, its end and the line that matters; a number stands for the lines between. */
function middleLeftOut(evidence: readonly Evidence[]): readonly (Evidence | number)[] {
  if (evidence.length <= storyShown) return evidence;
  const kept: (Evidence | number)[] = [];
  for (const [index, line] of evidence.entries()) {
    const last = kept.at(-1);
    if (index < 5 || index >= evidence.length - 5 || line.first) kept.push(line);
    else if (typeof last === 'number') kept[kept.length - 1] = last + 1;
    else kept.push(1);
  }
  return kept;
}

/** The place in its column, then what happened there; without a column, where paths are long, what happened goes below if it must. */
function storyLine(line: Evidence, column: number | undefined, page: Page): string[] {
  const place = printable(formatPlace(line));
  const said = clean(line.role, page) + (line.first ? '  ← first divergence' : '');
  const inline = column !== undefined || widthOf(`${place}  ${said}`) <= page.width;
  const lines = inline
    ? hang(place.padEnd(column ?? place.length + 2), said, page.width)
    : [place, ...hang('  ', said, page.width)];
  return line.first ? lines.map((text) => page.palette.bad(text)) : lines;
}

function aftermath({ stage, blame, at, consequences, evidence }: Finding, page: Page): string[] {
  const faint = page.palette.faint;
  return [
    ...(at === null ? [] : wrap(printable(momentSentence(at, evidence)), page.width).map(faint)),
    ...(stage === null ? [] : wrap(clean(stageSentence(stage), page), page.width)),
    ...(blame === null ? [] : wrap(printable(blameSentence(blame)), page.width)),
    ...(consequences === 0 ? [] : [consequenceSentence(consequences, page.all)]),
  ];
}

/** The event's own name, which `replay show` takes; its line only where the story has not shown it yet. */
function momentSentence(at: Moment, evidence: readonly Evidence[]): string {
  const place = formatPlace(at);
  const told = evidence.some((line) => formatPlace(line) === place);
  const time = at.time === null ? '' : `, ${formatTime(at.time)} on its clock`;
  return `seen at ${formatMoment(at)}${told ? '' : `, ${place}`}${time}`;
}

function consequenceSentence(consequences: number, all: boolean): string {
  const what = plural(consequences, 'more finding follows', 'more findings follow');
  return `${what} from this one${all ? '' : ' (--all)'}`;
}

const grounds: Readonly<Record<Blame['by'], string>> = {
  arbiter: 'by the word of the arbiter',
  counterparty: 'by the log of the counterparty',
  lineage: 'by lineage: a token and its successor cannot both be alive',
  conservation: 'by conservation: what was made must be there, once',
  'cannot-tell': 'these logs cannot tell',
};

/** Which side is wrong, and by whose word. */
export function blameSentence({ device, by }: Blame): string {
  return `wrong side: ${device === null ? grounds['cannot-tell'] : `${device}, ${grounds[by]}`}`;
}

function clean(text: string, { shorten }: Page): string {
  return printable(shorten(text));
}
