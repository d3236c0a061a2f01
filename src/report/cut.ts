import type { CutView, DeviceAtCut, Step } from '../results.ts';
import { formatMoment, formatPlace, formatTime, plural, printable } from './format.ts';
import { shortenerOf } from './ids.ts';
import { indented, limited, type Page, spaced } from './page.ts';
import { createPalette } from './palette.ts';
import type { ReportOptions } from './reporter.ts';
import { table } from './table.ts';
import { hang } from './wrap.ts';

const tokensShown = 12;

/** Every device's ledger at one consistent cut, for a person; then the events on both sides of it and what each changed. */
export function cutAsText(cut: CutView, options: ReportOptions): string {
  const shorten = options.all ? (said: string) => said : shortenerOf(idsOf(cut));
  const page: Page = { width: options.width, palette: createPalette(options.color), shorten, all: options.all };
  const { palette } = page;
  const before = cut.steps.filter(({ side }) => side === 'before');
  const after = cut.steps.filter(({ side }) => side === 'after');
  const sections = [
    [`${palette.strong(printable(cut.run))} at ${printable(cut.at)}`],
    ...cut.devices.map((device) => deviceLines(device, page)),
    cut.steps.length === 0
      ? []
      : [
          ...before.flatMap((step) => stepLines(step, page)),
          `  ${palette.command('── the cut ──')}`,
          ...after.flatMap((step) => stepLines(step, page)),
        ],
  ];
  return `${spaced(sections).join('\n')}\n`;
}

function deviceLines({ device, identity, at, balances, tokens }: DeviceAtCut, page: Page): string[] {
  const { palette } = page;
  const time = at === null || at.time === null ? [] : [formatTime(at.time)];
  const where = at === null ? ['before its first line'] : [formatPlace(at), ...time];
  const lead = `  ${printable(at === null ? device : formatMoment(at))}`;
  const said = [...(identity === '' ? [] : [`of ${identity}`]), ...where].join('  ');
  const [title = '', ...rest] = hang(`${lead}  `, printable(said), page.width);
  return [
    palette.strong(lead) + title.slice(lead.length),
    ...rest,
    ...indented(balances.length === 0 ? ['holds nothing'] : holdings(balances, tokens, page), 6),
  ];
}

function holdings(balances: DeviceAtCut['balances'], tokens: DeviceAtCut['tokens'], page: Page): string[] {
  const { shown, rest } = limited(tokens, tokensShown, page.all);
  const rows = balances.flatMap(({ coin, amount, tokens: count }) => [
    [printable(coin), amount, plural(count, 'token')],
    ...shown
      .filter((token) => token.coin === coin)
      .map((token) => [`  ${identify(token.tokenId, page)}`, token.amount, '']),
  ]);
  const lines = table(rows, ['left', 'decimal', 'right']);
  return rest === 0 ? lines : [...lines, page.palette.faint(`… and ${plural(rest, 'token')} more (--all)`)];
}

function stepLines({ at, type, summary, changes }: Step, page: Page): string[] {
  const lead = `  ${printable(`${formatMoment(at)}  ${formatPlace(at)}`)}  ${type}  `;
  const said = summary === type ? '' : printable(page.shorten(summary));
  const { shown, rest } = limited(changes, tokensShown, page.all);
  const rows = shown.map(({ tokenId, coin, before, after }) => [
    identify(tokenId, page),
    `${before ?? 'none'} → ${after ?? 'none'}`,
    printable(coin),
  ]);
  return [
    ...hang(lead, said, page.width),
    ...indented(table(rows, ['left', 'left', 'left']), 6),
    ...(rest === 0 ? [] : [`      ${page.palette.faint(`… and ${plural(rest, 'change')} more (--all)`)}`]),
  ];
}

function identify(tokenId: string, { shorten }: Page): string {
  return printable(shorten(tokenId));
}

function* idsOf({ devices, steps }: CutView): Iterable<string> {
  for (const { tokens } of devices) for (const { tokenId } of tokens) yield tokenId;
  for (const { changes } of steps) for (const { tokenId } of changes) yield tokenId;
}
