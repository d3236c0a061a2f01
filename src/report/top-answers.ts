import { grouped } from '../base/grouped.ts';
import type { GrowthAnswer, GrowthRow, IdentityAnswer, SectionRow, TopReport } from '../results-top.ts';
import { formatDuration, formatShare } from './duration.ts';
import { plural, printable } from './format.ts';
import { indented, limited, type Page } from './page.ts';
import { marks, paintOf } from './palette.ts';
import { table, widthOf } from './table.ts';
import { nameOf } from './top-tables.ts';
import { hang } from './wrap.ts';

const lostShown = 3;
const titleWidth = 20;

/** A line for each stated identity: whether it holds, and by how much not. */
export function identityLines(identities: readonly IdentityAnswer[], page: Page): string[] {
  const { palette, width } = page;
  const column = Math.min(46, Math.max(0, ...identities.map(({ identity }) => widthOf(printable(identity)))));
  return identities.flatMap((answer) => {
    const { identity, verdict, difference, left, right, reason } = answer;
    const counts = `${grouped(left.count)} ${verdict === 'held' ? '=' : 'against'} ${grouped(right.count)}`;
    const off = `${counts}: ${grouped(Math.abs(difference))} more on the ${difference > 0 ? 'right' : 'left'}`;
    const absent = [...left.terms, ...right.terms].some(({ kind }) => kind === null);
    const said = {
      held: counts,
      violated: off,
      'not-checked': `not checked: ${absent ? '' : `${off}; `}${reason ?? ''}`,
    }[verdict];
    const mark = marks[verdict];
    const [first = '', ...rest] = hang(`  ${mark} ${printable(identity).padEnd(column)}   `, printable(said), width);
    return [`  ${paintOf(palette, verdict)(mark)}${first.slice(3)}`, ...rest];
  });
}

/** Whether the names grow with what was asked about. Those without enough to go by are gathered in one line. */
export function growthLines(growth: GrowthAnswer | null, page: Page): string[] {
  if (growth === null) return [];
  const { palette, width } = page;
  const { against, measure, perCall, level, rows } = growth;
  const figure = { total: perCall ? 'time per call' : 'summed time', calls: 'calls', max: 'longest call' }[measure];
  const title = `growth of the ${figure} with ${printable(against)}`;
  const asked = rows.filter(({ slope }) => slope !== null);
  const others = rows.filter(({ slope }) => slope === null);
  const cells = table(
    asked.map((row) => [words[row.shape], nameOf(row)]),
    ['left', 'left'],
  );
  const legend = [
    `each: for one more ${printable(against)}, with its interval of ${formatShare(level)}`,
    ...(asked.some(({ shape }) => shape === 'grows')
      ? ['grows: whether in line or with the square is not decided']
      : []),
  ];
  return [
    ...hang('  ', title, width).map(palette.strong),
    ...asked.flatMap((row, index) => [
      `     ${cells[index]}`,
      ...hang(' '.repeat(5 + 13), slopeOf(row, measure), width).map((line) => palette.faint(line)),
    ]),
    ...(others.length === 0
      ? []
      : hang('     not decided  ', `${others.map((row) => `${nameOf(row)} (${reasonOf(row)})`).join(', ')}`, width)),
    ...(asked.length === 0 ? [] : hang('     ', `${legend.join('. ')}.`, width).map(palette.faint)),
  ];
}

const words: Readonly<Record<GrowthRow['shape'], string>> = {
  linear: 'linear     ',
  quadratic: 'quadratic  ',
  grows: 'grows      ',
  falls: 'falls      ',
  flat: 'flat       ',
  'not-decided': 'not decided',
};

function slopeOf({ slope, square, over, points, reason }: GrowthRow, measure: GrowthAnswer['measure']): string {
  if (slope === null) return '';
  const amount = (value: number) => (measure === 'calls' ? value.toPrecision(3) : formatDuration(value));
  const said = [
    `${amount(slope.value)} each (${amount(slope.low)} to ${amount(slope.high)})`,
    ...(square === null ? [] : [`about ${amount(square)} × its square`]),
    ...(reason === null ? [] : [reason]),
    plural(points, over === 'windows' ? 'window' : 'operation'),
  ];
  return said.join(' · ');
}

function reasonOf({ points, over, reason }: GrowthRow): string {
  return `${plural(points, over === 'windows' ? 'window' : 'operation')}: ${reason ?? ''}`;
}

/** How much of each section is accounted for; without columns for counters where there are none. */
export function sectionLines(sections: readonly SectionRow[], windows: number, page: Page): string[] {
  const { palette } = page;
  const rows = sections.filter(({ wallMs, deviceMs }) => wallMs > 0 || deviceMs > 0);
  if (rows.length === 0) return [];
  const cellsOf = (cells: readonly string[], ofCounters: readonly string[], last: string) => [
    ...cells,
    ...(windows === 0 ? [] : ofCounters),
    last,
  ];
  const [first = '', ...lines] = table(
    [
      cellsOf(
        ['section', 'wall', 'ran', 'calls ≤'],
        ['counters ≤', 'no counter ≥'],
        windows === 0 ? 'no call ≥' : 'neither ≥',
      ),
      ...rows.map(({ section, wallMs, deviceMs, spansMs, countersMs, uncountedMs, unattributedMs, straddling }) =>
        cellsOf(
          [nameOfSection(section, sections.length), ...[wallMs, deviceMs, spansMs].map(formatDuration)],
          [(straddling > 0 ? '~' : '') + formatDuration(countersMs), formatDuration(uncountedMs)],
          formatDuration(unattributedMs),
        ),
      ),
    ],
    ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
  const legend = [
    windows === 0
      ? 'ran: processes, added up. calls: the most that they cover of it. no call: unattributed time, at least'
      : 'ran: processes, added up. calls, counters: the most that they cover of it. no counter, neither: unattributed time, at least',
    ...(rows.some(({ straddling }) => straddling > 0)
      ? ['~: counter windows across its edges are shared out by time']
      : []),
  ];
  return [
    `  ${palette.strong('unattributed time')}`,
    ...indented([palette.faint(first), ...lines], 5),
    ...hang('     ', `${legend.join('. ')}.`, page.width).map(palette.faint),
  ];
}

function nameOfSection(section: string | null, sections: number): string {
  const name = printable(section ?? (sections > 1 ? '(before)' : '(whole run)'));
  return widthOf(name) > titleWidth ? `${[...name].slice(0, titleWidth - 1).join('')}…` : name;
}

/** What processes did after their last dump, in a sentence, with an estimate of what it hides. */
export function lostLines({ lost, windows, tables }: TopReport, page: Page): string[] {
  if (windows === 0) return [];
  if (lost.length === 0)
    return hang('  ', 'last windows: none is lost, each process dumped its counters as it ended.', page.width).map(
      page.palette.faint,
    );
  const { shown, rest } = limited(lost, lostShown, page.all);
  const unseen = lost.reduce((sum, { unseenMs }) => sum + unseenMs, 0);
  const estimate = lost.reduce((sum, { estimateMs }) => sum + (estimateMs ?? 0), 0);
  const each = shown.map(
    ({ device, incarnation, unseenMs, windowMs }) =>
      `${device}:${incarnation} ${formatDuration(unseenMs)}${windowMs === null ? ' (no dump at all)' : ''}`,
  );
  const said = [
    `last windows: ${formatDuration(unseen)} of ${plural(lost.length, 'process', 'processes')} after the last dump are in no counter`,
    `${each.join(', ')}${rest === 0 ? '' : ` and ${grouped(rest)} more`}`,
    ...(tables.length === 0 || estimate === 0
      ? []
      : [`at the pace before, about ${formatDuration(estimate)} of summed time are missing`]),
  ];
  const [first = '', ...others] = hang(
    '  ',
    `${printable(said.join(': ').replace(/: at the/, '; at the'))}.`,
    page.width,
  );
  return [first, ...others].map(page.palette.unknown);
}
