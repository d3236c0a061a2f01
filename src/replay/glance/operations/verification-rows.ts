import { Lately } from '../../../base/lately.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { batchOf, type KeptLayout, KeptRows, keptLayout, type PackedRows } from '../../../events/columns/kept-rows.ts';
import type { RowEvents } from '../../../events/columns/row-events.ts';
import { secondHash } from '../../../events/columns/texts.ts';
import type { ColumnPlan } from '../../../events/columns/wants.ts';
import type { ReplayEvent } from '../../../events/event.ts';
import {
  mostVerified,
  newVerifications,
  type VerificationState,
  verificationsOf,
} from '../../projections/verifications.ts';
import { Beyond } from '../beyond.ts';
import { flagged } from '../layout.ts';
import type { LogLane } from '../log-lane.ts';
import { RowNumbers } from '../row-numbers.ts';
import { HeldNames, nameless, RecentNames } from './held-names.ts';
import { type OperationCells, operationCells } from './layout.ts';

/** A write that nobody verified yet. */
interface Pending {
  by: DeviceWrites;
  /** Its place among the writes of its device, and among those that are pending. */
  place: number;
  slot: number;
  effect: number;
  cid: number;
  /** Its row in the batch that is at hand on its device; -1 once that is over, and it is by itself. */
  row: number;
  kept: PackedRows | undefined;
  failed: number;
}

/** What a device wrote and verified. */
interface DeviceWrites {
  readonly lane: LogLane;
  writes: number;
  nameless: number;
  /** In no order. One that is verified leaves a slot for another: a set would lay its table out again and again. */
  readonly pending: (Pending | undefined)[];
  readonly slots: RowNumbers;
  readonly strange: RecentNames;
  /** The batch that is at hand, and what was pending in it: some of these are not any more, or are another write's by now, of this device or of another. */
  batch: ColumnBatch | undefined;
  readonly here: Pending[];
}

/** Which writes were verified: what the projection of verifications does, by the rows of the lines. A write is an event only if it is left. */
export class VerificationRows {
  readonly #width: number;
  readonly #layout: KeptLayout;
  readonly #cells: OperationCells;
  readonly #names = new HeldNames();
  /** Effects and contents that were verified. */
  readonly #verified = new Lately();
  /** In the order of their first line here, and by the numbers of their lanes. */
  readonly #devices: DeviceWrites[] = [];
  readonly #byLane: (DeviceWrites | undefined)[] = [];
  /** By the number of a name: the pending write that says it, the newest one. */
  readonly #writers: (Pending | undefined)[] = [];
  readonly #free: Pending[] = [];
  readonly #keeping: KeptRows;

  constructor(plan: ColumnPlan) {
    this.#width = plan.width;
    this.#layout = keptLayout(plan, 'opId');
    this.#cells = operationCells(plan);
    this.#keeping = new KeptRows(this.#layout);
  }

  /** A device writes an effect. */
  write(batch: ColumnBatch, row: number, lane: LogLane): void {
    const { cells, words } = batch;
    const base = row * this.#width;
    const effectAt = cells[base + this.#cells.write.effect] as number;
    const cidAt = cells[base + this.#cells.write.cid] as number;
    const by = this.#writesOf(lane);
    by.writes += 1;
    const known = this.#names.find(words, cidAt);
    if (known !== nameless) for (const { strange } of this.#devices) strange.forget(known);
    if (this.#wasVerified(words, effectAt) || (cidAt !== 0 && this.#wasVerified(words, cidAt))) return;
    const effect = this.#names.hold(words, effectAt);
    if (this.#writers[effect]) throw new Beyond('an effect that is written twice');
    const cid = this.#names.hold(words, cidAt);
    const slot = by.slots.take();
    const pending = this.#free.pop() ?? newPending(by);
    pending.by = by;
    pending.place = by.writes;
    pending.slot = slot;
    pending.effect = effect;
    pending.cid = cid;
    pending.row = row;
    pending.kept = undefined;
    pending.failed = 0;
    by.pending[slot] = pending;
    by.here.push(pending);
    by.batch = batch;
    this.#writers[effect] = pending;
    if (cid !== nameless) this.#writers[cid] = pending;
  }

  /** A batch is over: what is pending of it is taken over. */
  leave(batch: ColumnBatch): void {
    for (const by of this.#devices) {
      if (by.batch !== batch) continue;
      for (const pending of by.here) {
        if (pending.by !== by || pending.row < 0) continue;
        pending.kept = this.#pack(batch, pending.row);
        pending.row = -1;
      }
      by.here.length = 0;
      by.batch = undefined;
    }
  }

  /** A device verifies an effect, or some content. */
  verify({ cells, words }: ColumnBatch, row: number, lane: LogLane): void {
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
    for (const { lane, writes, nameless: ofNothing, pending, strange } of this.#devices) {
      const of = verificationsOf(state, lane.device);
      of.writes = writes;
      of.nameless = ofNothing;
      for (const name of strange.texts()) of.strange.names.add(name);
      const left = pending.filter((write) => write !== undefined);
      for (const { kept, failed } of left.sort((one, other) => one.place - other.place)) {
        const batch = batchOf(this.#layout, kept as PackedRows);
        const write = events.event(batch, 0, lane.identity) as ReplayEvent<'write'>;
        of.pending.set(write.effect, { write, failed });
      }
    }
    return state;
  }

  /** A verify says a name. Returns whether that is of a write that was not durable yet. */
  #verifyName(words: Int32Array, at: number, ok: boolean): boolean {
    if (at === 0) return false;
    const pending = this.#writerAt(words, at);
    if (ok && !this.#wasVerified(words, at)) {
      this.#verified.add(words[at] as number, secondHash(words, at));
      if (this.#verified.size > mostVerified) this.#verified.forgetOldest();
    }
    if (pending && ok) this.#forget(pending);
    else if (pending) pending.failed += 1;
    return pending !== undefined;
  }

  #wasVerified(words: Int32Array, at: number): boolean {
    return this.#verified.has(words[at] as number, secondHash(words, at));
  }

  #writerAt(words: Int32Array, at: number): Pending | undefined {
    const name = this.#names.find(words, at);
    return name === nameless ? undefined : this.#writers[name];
  }

  #forget(pending: Pending): void {
    const { by, slot, effect, cid } = pending;
    by.pending[slot] = undefined;
    by.slots.release(slot);
    pending.row = -1;
    this.#free.push(pending);
    this.#forgetName(effect);
    if (cid !== nameless) this.#forgetName(cid);
  }

  #forgetName(name: number): void {
    this.#writers[name] = undefined;
    this.#names.drop(name);
  }

  #pack(batch: ColumnBatch, row: number): PackedRows {
    this.#keeping.clear();
    this.#keeping.keep(batch, row);
    return this.#keeping.pack();
  }

  #writesOf(lane: LogLane): DeviceWrites {
    return this.#byLane[lane.number] ?? this.#enrol(lane);
  }

  #enrol(lane: LogLane): DeviceWrites {
    const by: DeviceWrites = {
      ...{ lane, writes: 0, nameless: 0, pending: [], slots: new RowNumbers(), batch: undefined, here: [] },
      strange: new RecentNames(this.#names, mostVerified),
    };
    this.#devices.push(by);
    this.#byLane[lane.number] = by;
    return by;
  }
}

function newPending(by: DeviceWrites): Pending {
  return {
    ...{ by, place: 0, slot: 0, effect: 0, cid: 0 },
    ...{ row: -1, kept: undefined, failed: 0 },
  };
}
