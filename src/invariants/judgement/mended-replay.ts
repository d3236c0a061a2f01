import { type Amount, isZero, subtract, zero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import { type AnyProjection, Replayer } from '../../replay/projection.ts';
import { type CoinTotal, ledger, totals } from '../../replay/projections/ledger.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { lineKey, type Mend } from './mends.ts';
import type { Holding, Remedy } from './remedy.ts';

/** A history replayed with a fault mended: lines left out or put right, and what devices would have come to hold booked at the end of a phase. */
export class MendedReplay {
  readonly states: Replayer;
  /** What the ledger held where something else was shown, by coin; `null` where nothing was shown. */
  shown: readonly CoinTotal[] | null = null;
  readonly mend: Mend;
  private readonly due = new Map<string, Remedy[]>();

  /** `file`: the case as it was, which knows where each phase of a device ends. */
  constructor(
    file: CaseFile,
    mend: Mend,
    projections: readonly AnyProjection[],
    devicesOf: (identity: string) => number,
  ) {
    this.mend = mend;
    this.states = new Replayer(projections, devicesOf, true);
    for (const remedy of mend.remedies ?? []) {
      const end = lastLine(file, remedy);
      if (end) getOrCreate(this.due, lineKey(end), () => []).push(remedy);
    }
  }

  /** Takes the next event of the history as it was. */
  take(event: HistoryEvent): void {
    const due = this.due.size === 0 ? [] : (this.due.get(lineKey(event)) ?? []);
    const isOver = event.type === 'clear' || event.type === 'device.end';
    if (isOver) for (const remedy of due) this.book(remedy, event);
    if (!this.mend.without?.(event)) this.states.apply(this.mend.instead?.(event) ?? event);
    if (!isOver) for (const remedy of due) this.book(remedy, event);
    if (this.mend.shown && lineKey(event) === lineKey(this.mend.shown)) {
      this.shown = totals(this.coins(event.device) ?? new Map());
    }
  }

  private book({ device, effects, tokens }: Remedy, at: HistoryEvent): void {
    const { identity, incarnation, seq, time, run, mono, file, line, stream } = at;
    const header = { device, identity, incarnation, seq, time, opId: undefined, run, mono, file, line, stream };
    for (const { effect, origin, originSeq } of effects) {
      if (origin === null) continue;
      const own = { effect, origin, originSeq, action: 'applied', reason: undefined, headsOnly: undefined } as const;
      this.states.apply({ ...header, type: 'replication', ...own });
    }
    for (const [tokenId, holding] of tokens) {
      for (const { coin, delta } of this.differences(device, tokenId, holding)) {
        const balance: ReplayEvent<'balance'> = {
          ...header,
          ...{ type: 'balance', tokenId, coin, delta, effect: holding.effect, snapshot: undefined },
        };
        this.states.apply(balance);
      }
    }
  }

  /** What is missing to what the device should hold of a token. */
  private differences(device: string, tokenId: string, { coin, amount }: Holding): { coin: string; delta: Amount }[] {
    const held = [...(this.coins(device) ?? [])].filter(([, { tokens }]) => tokens.has(tokenId));
    const coins = new Set([...held.map(([name]) => name), ...(coin === null ? [] : [coin])]);
    return [...coins]
      .map((name) => {
        const target = name === coin ? amount : zero;
        return { coin: name, delta: subtract(target, this.coins(device)?.get(name)?.tokens.get(tokenId) ?? zero) };
      })
      .filter(({ delta }) => !isZero(delta));
  }

  private coins(device: string) {
    return this.states.read(ledger).get(device)?.coins;
  }
}

/** The line with which a phase of a device ends: the `clear` after it, or the last of all. */
function lastLine(file: CaseFile, { device, phase }: Remedy): HistoryEvent | undefined {
  const capture = file.captures.get(device);
  return file.chain(capture?.identity ?? '').phases(device)[phase]?.until?.event ?? capture?.last;
}
