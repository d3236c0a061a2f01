import { getOrCreate } from '../../../base/order.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { type KeptLayout, type KeptRow, KeptRows } from '../../../events/columns/kept-rows.ts';
import type { RowEvents } from '../../../events/columns/row-events.ts';
import type { ColumnPlan } from '../../../events/columns/wants.ts';
import type { ReplayEvent } from '../../../events/event.ts';
import {
  mostVerified,
  newVerifications,
  type VerificationState,
  verificationsOf,
} from '../../projections/verifications.ts';
import type { GlanceLane } from '../glance-lane.ts';
import { flagged } from '../layout.ts';
import { RowNumbers } from '../row-numbers.ts';
import { HeldNames, nameless, RecentNames } from './held-names.ts';
import { type OperationCells, operationCells } from './layout.ts';

/** A write that nobody verified yet. */
interface Pending {
  readonly by: DeviceWrites;
  /** Its place among the writes of its device, and among those that are pending. */
  readonly place: number;
  readonly slot: number;
  readonly effect: number;
  readonly cid: number;
  readonly row: KeptRow;
  /** The room of its row, where that is all that is in it. */
  readonly own: KeptRows | undefined;
  failed: number;
}

/** What a device wrote and verified. */
interface DeviceWrites {
  writes: number;
  nameless: number;
  /** In no order. One that is verified leaves a slot for another: a set would lay its table out again and again. */
  readonly pending: (Pending | undefined)[];
  readonly slots: RowNumbers;
  readonly strange: RecentNames;
}

/** Which writes were verified: what the projection of verifications does, by the rows of the lines. A write is an event only if it is left. */
export class VerificationRows {
  readonly #width: number;
  readonly #layout: KeptLayout;
  readonly #cells: OperationCells;
  readonly #names = new HeldNames();
  readonly #verified = new RecentNames(this.#names, mostVerified);
  readonly #devices = new Map<GlanceLane, DeviceWrites>();
  /** By the number of a name: the pending write that says it, the newest one. */
  readonly #writers: (Pending | undefined)[] = [];
  readonly #free: KeptRows[] = [];

  constructor(plan: ColumnPlan, layout: KeptLayout) {
    this.#width = plan.width;
    this.#layout = layout;
    this.#cells = operationCells(plan);
  }

  /** A device writes an effect. `kept`: the rows of which its own is the newest, where it is kept anyway. */
  write(batch: ColumnBatch, row: number, lane: GlanceLane, kept: KeptRows | undefined): void {
    const { cells, words } = batch;
    const base = row * this.#width;
    const effectAt = cells[base + this.#cells.write.effect] as number;
    const cidAt = cells[base + this.#cells.write.cid] as number;
    const by = this.#writesOf(lane);
    by.writes += 1;
    const known = this.#names.find(words, cidAt);
    if (known !== nameless) for (const { strange } of this.#devices.values()) strange.forget(known);
    if (this.#verified.has(known) || this.#verified.has(this.#names.find(words, effectAt))) return;
    const own = kept === undefined ? this.#keep(batch, row) : undefined;
    const effect = this.#names.hold(words, effectAt);
    const cid = this.#names.hold(words, cidAt);
    const lent = (kept ?? (own as KeptRows)).lendNewest();
    const pending = { by, place: by.writes, slot: by.slots.take(), effect, cid, row: lent, own, failed: 0 };
    by.pending[pending.slot] = pending;
    this.#writers[effect] = pending;
    if (cid !== nameless) this.#writers[cid] = pending;
  }

  /** A device verifies an effect, or some content. */
  verify({ cells, words }: ColumnBatch, row: number, lane: GlanceLane): void {
    const base = row * this.#width;
    const { effect, cid, ok } = this.#cells.verify;
    const effectAt = cells[base + effect] as number;
    const cidAt = cells[base + cid] as number;
    const isOk = cells[base + ok] === flagged;
    const by = this.#writesOf(lane);
    if (isOk && effectAt === 0 && cidAt === 0) by.nameless += 1;
    if (isOk && effectAt === 0 && cidAt !== 0 && !this.#writerAt(words, cidAt)) by.strange.remember(words, cidAt);
    if (!this.#verifyName(words, effectAt, isOk)) this.#verifyName(words, cidAt, isOk);
  }

  /** What the projection of that name would hold for whoever asks what is left. */
  state(events: RowEvents): VerificationState {
    const state = newVerifications();
    for (const [{ device, book }, { writes, nameless: ofNothing, pending, strange }] of this.#devices) {
      const of = verificationsOf(state, device);
      of.writes = writes;
      of.nameless = ofNothing;
      for (const name of strange.texts()) of.strange.names.add(name);
      const left = pending.filter((write) => write !== undefined);
      for (const { row: kept, failed } of left.sort((one, other) => one.place - other.place)) {
        const { batch, row } = kept.inBatch();
        const write = events.event(batch, row, book.identity) as ReplayEvent<'write'>;
        of.pending.set(write.effect, { write, failed });
      }
    }
    return state;
  }

  /** A verify says a name. Returns whether that is of a write that was not durable yet. */
  #verifyName(words: Int32Array, at: number, ok: boolean): boolean {
    if (at === 0) return false;
    const pending = this.#writerAt(words, at);
    if (ok) this.#verified.remember(words, at);
    if (pending && ok) this.#forget(pending);
    else if (pending) pending.failed += 1;
    return pending !== undefined;
  }

  #writerAt(words: Int32Array, at: number): Pending | undefined {
    const name = this.#names.find(words, at);
    return name === nameless ? undefined : this.#writers[name];
  }

  #forget(pending: Pending): void {
    const { by, slot, effect, cid, row, own } = pending;
    by.pending[slot] = undefined;
    by.slots.release(slot);
    row.giveBack();
    if (own) this.#free.push(own);
    this.#forgetName(effect);
    if (cid !== nameless) this.#forgetName(cid);
  }

  #forgetName(name: number): void {
    this.#writers[name] = undefined;
    this.#names.drop(name);
  }

  #keep(batch: ColumnBatch, row: number): KeptRows {
    const rows = this.#free.pop() ?? new KeptRows(this.#layout);
    rows.clear();
    rows.keep(batch, row);
    return rows;
  }

  #writesOf(lane: GlanceLane): DeviceWrites {
    return getOrCreate(this.#devices, lane, () => ({
      ...{ writes: 0, nameless: 0, pending: [], slots: new RowNumbers() },
      strange: new RecentNames(this.#names, mostVerified),
    }));
  }
}
