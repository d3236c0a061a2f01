import { grouped } from '../base/grouped.ts';
import type {
  Candidate,
  ConcurrencyLevel,
  Estimate,
  Hypothesis,
  RoundTrips,
  WhatIf,
  WhatIfOperation,
} from '../results-round-trips.ts';
import { formatDuration } from './duration.ts';
import { formatPlace, plural, printable } from './format.ts';
import { nameOf, placed } from './operation-costs.ts';
import { limited, type Page } from './page.ts';
import { table, widthOf } from './table.ts';
import { hang, wrap } from './wrap.ts';

const candidatesShown = 5;
const racesShown = 5;

/** Rows of like trips that may not have to wait, each with its fix and what it would save. */
export function candidateLines(candidates: readonly Candidate[], page: Page): string[] {
  if (candidates.length === 0) return [];
  const { shown, rest } = limited(candidates, candidatesShown, page.all);
  const column = Math.max(...shown.map(({ id }) => id.length));
  return [
    page.palette.faint('candidates: like trips in a row; nothing in the log says that they must wait'),
    ...shown.flatMap(({ id, op, kind, operations, inRow, fix, savedMs, wallMs, worst }) =>
      hang(
        `${id.padEnd(column)}  `,
        `${nameOf(op)}: ${printable(kind)}, ${inRow.p50 === inRow.max ? inRow.max : `${inRow.p50} to ${inRow.max}`} in a row in ${plural(operations, 'operation')}; ` +
          `${printable(fix)}: saves at most ${formatDuration(savedMs)} of ${formatDuration(wallMs)}. ` +
          `Worst: ${placed(worst, page)} (${worst.inRow} in a row, ${formatDuration(worst.savedMs)})`,
        page.width,
      ),
    ),
    ...(rest === 0 ? [] : [page.palette.faint(`… and ${plural(rest, 'more candidate')} (--all)`)]),
  ];
}

/** Whether writes are what the wall time of each operation grows with. */
export function hypothesisLines(hypotheses: readonly Hypothesis[], page: Page): string[] {
  if (hypotheses.length === 0) return [];
  const { palette } = page;
  const column = Math.max(...hypotheses.map(({ op }) => widthOf(nameOf(op))));
  return [
    palette.faint('does wall = a + b · writes hold, with b one verify?'),
    ...hypotheses.flatMap(({ op, perWriteMs, verifyMs, answer, reason }) => {
      const slope = perWriteMs === null ? [] : [`b = ${estimate(perWriteMs)}`];
      const verify = verifyMs === null ? [] : [`verify ${formatDuration(verifyMs.p50Ms)}`];
      const said = `${answer.replace('-', ' ')}${reason === null ? '' : `: ${reason}`}`;
      return hang(`${nameOf(op).padEnd(column)}  `, [...slope, ...verify, said].join(', '), page.width);
    }),
  ];
}

/** How long trips take while others are under way: what more of them at once may meet. */
export function concurrencyLines(levels: readonly ConcurrencyLevel[], { palette }: Page): string[] {
  if (levels.length < 2) return [];
  const rows = levels.map(({ from, to, time }) => [
    from === to ? grouped(from) : `${grouped(from)}–${grouped(to)}`,
    grouped(time.count),
    formatDuration(time.p50Ms),
    formatDuration(time.p95Ms),
  ]);
  return [
    palette.faint('trips at once on a device, and how long they take'),
    ...table([['at once', 'trips', 'p50', 'p95'], ...rows], ['right', 'right', 'right', 'right']),
  ];
}

/** The question that comes next, where a candidate was found and none was asked. */
export function batchingLines({ candidates }: RoundTrips, { palette }: Page): string[] {
  if (!candidates.some(({ kind }) => kind === 'verify')) return [];
  return [palette.faint('what would batching save? --what-if op, --what-if window=50ms, --what-if blocks')];
}

/** The recorded operations with their writes batched, now and then, and the snapshots that would race. */
export function whatIfLines(whatIf: WhatIf, page: Page): string[] {
  const { palette, width } = page;
  const { batching, byOperation, races, racesOmitted } = whatIf;
  const changed = byOperation.filter(({ verifiesNow, verifiesThen }) => verifiesNow > 0 || verifiesThen > 0);
  if (changed.length === 0)
    return wrap(`if batched (${batching}): no operation verifies a write, nothing changes`, width);
  const rows = changed.map((operation) => [
    nameOf(operation.op),
    grouped(operation.operations),
    `${grouped(operation.verifiesNow)} → ${grouped(operation.verifiesThen)}`,
    formatDuration(operation.wallNowMs),
    estimate(operation.wallThenMs),
    change(operation),
  ]);
  const lines = table(
    [['operation', 'ops', 'verifies', 'wall', 'then', ''], ...rows],
    ['left', 'right', 'right', 'right', 'right', 'right'],
  );
  const durable = changed.flatMap((operation) => durability(operation) ?? []);
  const { shown, rest } = limited(races, racesShown, page.all);
  const total = races.length + racesOmitted;
  return [
    palette.faint(`if writes were batched (${batching}), at best; seed ${whatIf.seed}`),
    ...lines,
    ...(durable.length === 0 ? [] : wrap(`a write is durable after: ${durable.join('; ')}`, width)),
    ...(total === 0
      ? []
      : [`${plural(total, 'snapshot')} must then wait for a batch; one that does not is a snapshot-race:`]),
    ...shown.flatMap(({ snapshot, effect, lateMs, at }) =>
      hang(
        '  ',
        `${printable(page.shorten(snapshot))} would go out ${formatDuration(lateMs)} before ${printable(page.shorten(effect))} is durable   ${printable(formatPlace(at))}`,
        width,
      ),
    ),
    ...(rest + racesOmitted === 0
      ? []
      : [palette.faint(`  … and ${grouped(rest + racesOmitted)} more${rest > 0 ? ' (--all)' : ''}`)]),
  ];
}

function change({ wallNowMs, wallThenMs }: WhatIfOperation): string {
  if (wallNowMs === 0) return '';
  const share = Math.round(((wallThenMs.value - wallNowMs) / wallNowMs) * 100);
  return share === 0 ? '±0 %' : `${share < 0 ? '−' : '+'}${Math.abs(share)} %`;
}

function durability({ op, durableNow, durableThen }: WhatIfOperation): string | undefined {
  if (durableNow === null || durableThen === null) return undefined;
  const now = formatDuration(durableNow.p50Ms);
  return `${nameOf(op)} ${now} → ${formatDuration(durableThen.p50Ms)} (at most ${formatDuration(durableThen.maxMs)})`;
}

/** A value and its interval: `219 ms [194, 281 ms]`. */
function estimate({ value, low, high }: Estimate): string {
  const [from = '', unit] = formatDuration(low).split(' ');
  const to = formatDuration(high);
  return `${formatDuration(value)} [${to.endsWith(` ${unit}`) ? from : formatDuration(low)}, ${to}]`;
}
