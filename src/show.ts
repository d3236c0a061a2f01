import { formatAmount } from './base/amount.ts';
import { ReplayError } from './base/errors.ts';
import { byText, sortedEntries } from './base/order.ts';
import { describeEvent } from './events/describe.ts';
import { chooseChecks, examineRun } from './examine.ts';
import { findingOf, isFindingId } from './finding-by-id.ts';
import type { Invariant } from './invariants/invariant.ts';
import { momentOf } from './invariants/judgement/judge.ts';
import type { HistoryEvent } from './replay/causal-order.ts';
import { parsePoint } from './replay/cut.ts';
import { type Ledger, ledger, totals } from './replay/projections/ledger.ts';
import { findCut, onePass } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import { type Change, TimeTravel } from './replay/time-travel.ts';
import type { CutView, DeviceAtCut, Step } from './results.ts';
import { openOne, type RunOptions } from './run-options.ts';

/** What `showCut` is asked. */
export interface ShowOptions extends RunOptions {
  /** The point: `device:incarnation:seq`, an ISO time, or a finding such as `F1`. */
  readonly at: string;
  /** How many events on either side of the cut are shown with what they changed; 0 where it is not given. */
  readonly steps?: number | undefined;
  /** Only these devices. */
  readonly devices?: readonly string[] | undefined;
}

type Ledgers = Map<string, Ledger>;

/**
 * Every device's ledger at a consistent cut: the causal past of an event, or of the one at which a finding was seen, or all
 * that was logged by a time.
 * Throws a `ReplayError` where the path names no run or several, and where there is no such point.
 */
export async function showCut({ at: asked, steps = 0, devices = [], ...options }: ShowOptions): Promise<CutView> {
  const { run, maxProblems, onBytes } = await openOne('show', options);
  const at = isFindingId(asked)
    ? await pointOf(run, asked, chooseChecks(undefined, options.invariants), maxProblems)
    : asked;
  const point = parsePoint(at);
  const cut = await findCut(run, at, { maxProblems });
  const wanted = (device: string) => devices.length === 0 || devices.includes(device);
  const stepsThrough = (event: HistoryEvent) =>
    wanted(event.device) && event.stream === undefined && (point.kind === 'time' || event.device === point.device);
  const { result } = await onePass(run, { maxProblems, onBytes }, () => {
    const within = cut();
    const travel = new TimeTravel<Ledgers>(ledger, steps);
    const last = new Map<string, HistoryEvent>();
    const seen = new Map<string, string>();
    const later: HistoryEvent[] = [];
    return {
      result: { travel, last, seen, later },
      take(event) {
        if (event.stream !== undefined) return;
        seen.set(event.device, event.identity);
        if (!within.includes(event)) {
          if (later.length < steps && stepsThrough(event)) later.push(event);
          return;
        }
        last.set(event.device, event);
        if (stepsThrough(event)) travel.take(event);
        else travel.settle(event);
      },
    };
  });
  const { travel, last, seen, later } = result;
  const state = travel.state();
  return {
    run: run.name,
    at,
    devices: sortedEntries(seen)
      .filter(([device]) => wanted(device))
      .map(([device, identity]) => deviceAtCut(device, identity, last.get(device), state.get(device))),
    steps: travel.changes(later).map((change) => step(change, later.includes(change.event) ? 'after' : 'before')),
  };
}

/** Where a finding was seen, as a point: its event; for a line of an observer, which stands in no device's sequence, its time. */
async function pointOf(run: Run, id: string, invariants: readonly Invariant[], maxProblems: number): Promise<string> {
  const { verdicts } = await examineRun(run, invariants, { maxProblems, retainsAll: true });
  const { finding, draft } = findingOf(verdicts, id, run.name);
  const event = draft.at?.event;
  if (!event || (event.stream !== undefined && event.time === null)) {
    throw new ReplayError(
      `--at: ${finding.id} (${finding.code}) was seen at no point of the run`,
      `replay explain ${run.name} ${finding.id} says what it is about`,
    );
  }
  return event.stream === undefined
    ? `${event.device}:${event.incarnation}:${event.seq}`
    : new Date(Math.ceil(event.time ?? 0)).toISOString();
}

function deviceAtCut(
  device: string,
  identity: string,
  last: HistoryEvent | undefined,
  held: Ledger | undefined,
): DeviceAtCut {
  const coins = held?.coins ?? (new Map() as Ledger['coins']);
  return {
    device,
    identity,
    at: last ? momentOf(last) : null,
    balances: totals(coins).map(({ coin, amount, tokens }) => ({ coin, amount: formatAmount(amount), tokens })),
    tokens: sortedEntries(coins).flatMap(([coin, { tokens }]) =>
      sortedEntries(tokens).map(([tokenId, amount]) => ({ tokenId, coin, amount: formatAmount(amount) })),
    ),
  };
}

function step({ event, before, after, patches }: Change<Ledgers>, side: Step['side']): Step {
  const { device } = event;
  const [from, to] = [before.get(device)?.coins, after.get(device)?.coins];
  const coins = patches.length === 0 ? [] : [...new Set([...(from?.keys() ?? []), ...(to?.keys() ?? [])])].sort(byText);
  const changes = coins.flatMap((coin) => {
    const [held, holds] = [from?.get(coin)?.tokens, to?.get(coin)?.tokens];
    if (held === holds) return [];
    const ids = [...new Set([...(held?.keys() ?? []), ...(holds?.keys() ?? [])])].sort(byText);
    return ids
      .filter((tokenId) => held?.get(tokenId) !== holds?.get(tokenId))
      .map((tokenId) => ({ tokenId, coin, before: text(held?.get(tokenId)), after: text(holds?.get(tokenId)) }));
  });
  return { at: momentOf(event), type: event.type, summary: describeEvent(event), changes, side };
}

function text(amount: Parameters<typeof formatAmount>[0] | undefined): string | null {
  return amount ? formatAmount(amount) : null;
}
