import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { KeptRows, type Links, linksIn } from '../../../events/columns/kept-rows.ts';
import type { RowEvents } from '../../../events/columns/row-events.ts';
import { textKey } from '../../../events/columns/texts.ts';
import type { ColumnPlan } from '../../../events/columns/wants.ts';
import type { ReplayEvent } from '../../../events/event.ts';
import {
  type Named,
  newVerifications,
  takeVerify,
  takeWrite,
  type VerificationState,
} from '../../projections/verifications.ts';
import type { GlanceLane } from '../glance-lane.ts';
import { flagged } from '../layout.ts';
import { type OperationCells, operationCells } from './layout.ts';

interface KeptWrite {
  readonly rows: KeptRows;
  identity: string;
}

/** Which writes were verified, by the rows of the lines: names are numbers that stand for them, and a write is an event only if it is left. */
export class VerificationRows {
  readonly #plan: ColumnPlan;
  readonly #links: Links;
  readonly #cells: OperationCells;
  readonly #state = newVerifications<KeptWrite>();
  readonly #free: KeptWrite[] = [];

  constructor(plan: ColumnPlan) {
    this.#plan = plan;
    this.#links = linksIn(plan);
    this.#cells = operationCells(plan);
  }

  write(batch: ColumnBatch, row: number, lane: GlanceLane): void {
    const kept = this.#free.pop() ?? { rows: new KeptRows(this.#plan, this.#links), identity: '' };
    kept.rows.keep(batch, row);
    kept.identity = lane.book.identity;
    const named = this.#named(batch, row, lane, this.#cells.write);
    if (!takeWrite(this.#state, named as Named & { effect: number }, kept)) this.#release(kept);
  }

  verify(batch: ColumnBatch, row: number, lane: GlanceLane): void {
    const ok = batch.cells[row * this.#plan.width + this.#cells.verify.ok] === flagged;
    const durable = takeVerify(this.#state, this.#named(batch, row, lane, this.#cells.verify), ok);
    if (durable) this.#release(durable);
  }

  /** What the projection of that name would hold. */
  state(events: RowEvents): VerificationState {
    const { devices, ...others } = this.#state;
    const eventOf = ({ rows, identity }: KeptWrite) =>
      events.event(rows.asBatch(), 0, identity) as ReplayEvent<'write'>;
    const made = [...devices].map(([device, { pending, ...more }]) => {
      const left = [...pending].map(([effect, each]) => [effect, { ...each, write: eventOf(each.write) }] as const);
      return [device, { ...more, pending: new Map(left) }] as const;
    });
    return { ...others, devices: new Map(made) };
  }

  #named(
    { cells, words }: ColumnBatch,
    row: number,
    { device }: GlanceLane,
    at: { effect: number; cid: number },
  ): Named {
    const base = row * this.#plan.width;
    const effect = cells[base + at.effect] as number;
    const cid = cells[base + at.cid] as number;
    return {
      device,
      effect: effect === 0 ? undefined : textKey(words, effect),
      cid: cid === 0 ? undefined : textKey(words, cid),
    };
  }

  #release(kept: KeptWrite): void {
    kept.rows.clear();
    this.#free.push(kept);
  }
}
