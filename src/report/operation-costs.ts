import { grouped } from '../base/grouped.ts';
import type { KindCost, OperationCost, OperationInstance, RoundTrips } from '../results-round-trips.ts';
import { formatDuration, formatShare } from './duration.ts';
import { formatPlace, plural, printable } from './format.ts';
import { limited, type Page } from './page.ts';
import { table } from './table.ts';
import { hang } from './wrap.ts';

const operationsShown = 15;
const kindsShown = 8;
const worstShown = 5;
const longestName = 20;

/** A row for each operation name: how many, writes and trips per operation, and the time in them. */
export function operationLines(costs: readonly OperationCost[], page: Page): string[] {
  if (costs.length === 0) return ['no operation: no op.start or op.end line in this run'];
  const { shown, rest } = limited(costs, operationsShown, page.all);
  const rows = shown.map((cost) => [
    shortName(cost.op, page) + (cost.inferred > 0 ? '*' : ''),
    grouped(cost.operations),
    `${cost.writes.p50}`,
    `${cost.writes.max}`,
    `${cost.trips.p50}`,
    `${cost.trips.p95}`,
    `${cost.trips.max}`,
    grouped(cost.retries),
    cost.wall ? formatDuration(cost.wall.p50Ms) : '-',
    cost.waiting === null ? '-' : formatShare(cost.waiting),
    cost.overlap === null ? '-' : cost.overlap.toFixed(2),
  ]);
  const [groups = '', head = '', ...lines] = table(
    [
      ['', '', 'writes', '', 'trips', '', '', '', 'wall', '', ''],
      ['operation', 'ops', 'p50', 'max', 'p50', 'p95', 'max', 'retry', 'p50', 'wait', 'overlap'],
      ...rows,
    ],
    ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right', 'right'],
  );
  const { palette } = page;
  const unfinished = costs.reduce((sum, cost) => sum + cost.unfinished, 0);
  const failed = costs.reduce((sum, cost) => sum + cost.failed, 0);
  return [
    palette.faint(groups),
    palette.faint(head),
    ...lines,
    ...(rest === 0 ? [] : [palette.faint(`… and ${plural(rest, 'more operation name')} (--all)`)]),
    ...remark([
      ...(failed > 0 ? [`${plural(failed, 'operation')} failed`] : []),
      ...(unfinished > 0 ? [`${plural(unfinished, 'operation')} never ended in this log`] : []),
      ...(costs.some(({ inferred }) => inferred > 0) ? ['* by inference in part'] : []),
    ]),
  ];

  function remark(parts: readonly string[]): string[] {
    return parts.length === 0 ? [] : [palette.faint(parts.join(' · '))];
  }
}

/** Where the trips go: of all operations together, then of each name that makes any, by kind. */
export function kindLines({ byKind, byOperation, unattributed }: RoundTrips, page: Page): string[] {
  if (byKind.length === 0) return [];
  const rows = [
    { name: 'all', kinds: byKind, operations: 0 },
    ...byOperation
      .filter(({ byKind: kinds }) => kinds.length > 0)
      .map(({ op, byKind: kinds, operations }) => ({ name: nameOf(op), kinds, operations })),
    ...(unattributed.length > 0 ? [{ name: 'no operation', kinds: unattributed, operations: 0 }] : []),
  ];
  const { shown } = limited(rows, operationsShown, page.all);
  const column = Math.max(...shown.map(({ name }) => name.length));
  return [
    page.palette.faint('trips by kind'),
    ...shown.flatMap(({ name, kinds }) => hang(`${name.padEnd(column)}  `, kindsInWords(kinds, page), page.width)),
  ];
}

function kindsInWords(kinds: readonly KindCost[], { all }: Page): string {
  const { shown, rest } = limited(kinds, kindsShown, all);
  const parts = shown.map(({ kind, trips, retries, timeMs }) => {
    const again = retries > 0 ? ` +${grouped(retries)} again` : '';
    return `${printable(kind)} ${grouped(trips)}${again} (${formatDuration(timeMs)})`;
  });
  return [...parts, ...(rest === 0 ? [] : [`… ${grouped(rest)} more`])].join(', ');
}

/** The costliest operations and their lines, and the longest chain of trips in each name. */
export function worstLines(costs: readonly OperationCost[], page: Page): string[] {
  const dear = costs.filter(({ worst }) => worst.length > 0);
  if (dear.length === 0) return [];
  const { shown } = limited(dear, worstShown, page.all);
  return [
    page.palette.faint('most trips in one operation, and the longest chain that waits in turn'),
    ...shown.flatMap(({ op, worst, chain }) => {
      const [instance] = worst;
      if (!instance) return [];
      const waits = chain ? `; chain of ${grouped(chain.trips)}, ${formatDuration(chain.timeMs)}` : '';
      const elsewhere = chain && chain.instance.opId !== instance.opId ? ` in ${placed(chain.instance, page)}` : '';
      const said = `${plural(instance.trips, 'trip')} in ${placed(instance, page)}${waits}${elsewhere}`;
      return hang(`${nameOf(op)}  `, said, page.width);
    }),
  ];
}

/** The operations that were asked for, each with its trips by kind. */
export function listedLines(listed: readonly OperationInstance[], page: Page): string[] {
  if (listed.length === 0) return [];
  return [
    page.palette.faint('each operation that was asked for'),
    ...listed.flatMap((instance) => {
      const { op, device, writes, wallMs, byKind } = instance;
      const wall = wallMs === null ? 'never ended' : formatDuration(wallMs);
      const said = `${printable(device)}, ${wall}, ${plural(writes, 'write')}: ${kindsInWords(byKind, page) || 'no trips'}`;
      return hang(`${nameOf(op)}  `, `${placed(instance, page)}: ${said}`, page.width);
    }),
  ];
}

/** An operation and the lines between which it stands: `op-31, bob-peer1.ndjson:388–437`. */
export function placed({ opId, from, to }: OperationInstance, page: Page): string {
  const name = printable(page.shorten(opId));
  if (from === null) return name;
  const last = to !== null && 'line' in to && 'line' in from && to.file === from.file ? to.line : null;
  const until = last === null || ('line' in from && last === from.line) ? '' : `–${last}`;
  return `${name}, ${printable(formatPlace(from))}${until}`;
}

/** A name as short as a column of a table can have it. */
function shortName(op: string | null, { all }: Page): string {
  const name = nameOf(op);
  return all || name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}

/** An operation's name; one that no line of its own names is told so. */
export function nameOf(op: string | null): string {
  return op === null ? '(no op line)' : printable(op);
}
