import { toMicroseconds } from '../../../base/intervals.ts';
import { queued } from '../../../base/queue.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import type { KeptLayout, KeptRows } from '../../../events/columns/kept-rows.ts';
import type { RowEvents } from '../../../events/columns/row-events.ts';
import { encodeText } from '../../../events/columns/texts.ts';
import { type ColumnPlan, cell } from '../../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../../events/event.ts';
import { addStep, newOperation, type Operation } from '../../operations/operation.ts';
import type { Step } from '../../operations/step.ts';
import type { Fold } from '../../projection.ts';
import { deviceOf, keepEnded, layOut, type Operations, operations } from '../../projections/operations.ts';
import type { GlanceLane } from '../glance-lane.ts';
import { flagged } from '../layout.ts';
import { DeviceRows } from './device-rows.ts';
import { type OperationCells, operationCells } from './layout.ts';
import { PackedOperation } from './packed-operation.ts';
import { PlainOperation } from './plain-operation.ts';
import { PlainTallies } from './plain-tallies.ts';

/** An operation of more lines is laid out: as many integers are no less than what is kept of events. */
const mostRows = 512;
/** The room of an operation that took more integers is not kept for another one. */
const mostRoom = 4 * 1024;

/**
 * Operations by the rows of their lines. A plain one is not nested, and its lines name it, from its start to its end, in one process and one file: it
 * is summed up in integers once it has been over for a while. An operation to which anything else happens is laid out: its rows become events, in their
 * order, and go the way of all events, as does every line of it that comes after.
 */
export class OperationRows {
  readonly #plan: ColumnPlan;
  readonly #fold: Fold;
  readonly #state: Operations;
  readonly #events: RowEvents;
  readonly #tallies: PlainTallies;
  readonly #cells: OperationCells;
  readonly #layout: KeptLayout;
  readonly #devices = new Map<GlanceLane, DeviceRows>();
  readonly #free: PlainOperation[] = [];

  /** `fold`: what takes events, the projection of operations among them; `events` makes them. */
  constructor(plan: ColumnPlan, layout: KeptLayout, fold: Fold, events: RowEvents) {
    this.#plan = plan;
    this.#fold = fold;
    this.#state = fold.read(operations);
    this.#events = events;
    this.#tallies = new PlainTallies(this.#state);
    this.#cells = operationCells(plan);
    this.#layout = layout;
  }

  /** Takes a line that is a row. Returns the rows among which it is kept, as the newest one; `undefined` where it is not. */
  row(batch: ColumnBatch, row: number, lane: GlanceLane): KeptRows | undefined {
    const { cells: all, words } = batch;
    const base = row * this.#plan.width;
    const kind = all[base + cell.kind] as number;
    const of = this.#enter(lane, all[base + cell.incarnation] as number);
    const opId = all[base + (this.#cells.opId[kind] as number)] as number;
    const operation = opId === 0 ? undefined : of.find(words, opId);
    if (operation && this.#goOn(of, operation, batch, row)) return operation.rows;
    if (opId !== 0 && !operation && this.#begin(of, opId, batch, row)) return undefined;
    if (opId === 0) this.#layOutOpen(of);
    else this.#layOutId(of, words, opId);
    if (kind === this.#cells.start.kind) {
      const parent = all[base + this.#cells.start.parentOpId] as number;
      if (parent !== 0) this.#layOutId(of, words, parent);
    }
    of.expectRoom();
    this.#fold.apply(this.#events.event(batch, row, of.identity));
    return undefined;
  }

  /** Takes a snapshot, which is never a row. */
  publish(event: ReplayEvent<'publish'>, lane: GlanceLane): void {
    const of = this.#enter(lane, event.incarnation);
    if (event.opId === undefined) this.#layOutOpen(of);
    else this.#layOutId(of, encodeText(event.opId), 0);
    of.expectRoom();
    this.#fold.apply(event);
  }

  /** Lays out what is left at the end of all lines. */
  finish(): void {
    for (const of of this.#devices.values()) {
      for (const { operation } of queued(of.laidOut.ended)) {
        if (operation instanceof PackedOperation) this.#layOut(of, of.unpacked(operation));
        else if (operation instanceof PlainOperation) this.#layOut(of, operation);
      }
      this.#layOutOpen(of);
    }
  }

  /** The operations of a device in one of its processes: those of an earlier one went down with it. */
  #enter(lane: GlanceLane, incarnation: number): DeviceRows {
    let of = this.#devices.get(lane);
    if (of === undefined) {
      of = new DeviceRows(lane.device, lane.book.identity, deviceOf(this.#state, lane.device), this);
      this.#devices.set(lane, of);
    }
    if (of.incarnation !== incarnation) this.#layOutOpen(of);
    of.incarnation = incarnation;
    return of;
  }

  /** Begins a plain operation, where the line is the start of one. */
  #begin(of: DeviceRows, opId: number, batch: ColumnBatch, row: number): boolean {
    const { cells: all, words } = batch;
    const base = row * this.#plan.width;
    const { start } = this.#cells;
    if (all[base + cell.kind] !== start.kind || all[base + start.parentOpId] !== 0) return false;
    if (of.isLaidOut(words, opId)) return false;
    const operation = this.spare();
    const number = of.add(words, opId, operation);
    if (number < 0) return false;
    operation.begin(of, number, of.incarnation);
    operation.rows.keep(batch, row);
    of.expectRoom();
    return true;
  }

  /** Takes another line of an operation. Returns whether it still is a plain one with it. */
  #goOn(of: DeviceRows, operation: PlainOperation, batch: ColumnBatch, row: number): boolean {
    const { rows, ended } = operation;
    const base = row * this.#plan.width;
    const kind = batch.cells[base + cell.kind];
    if (ended || rows.rows >= mostRows || !rows.goesOn(batch, row)) return false;
    const { write, verify, request, end } = this.#cells;
    if (kind === write.kind) operation.addWrite();
    else if (kind === end.kind) return this.#end(of, operation, batch, row);
    else if (kind === verify.kind) {
      if (!this.#addTrip(operation, verify, this.#tallies.verify, batch, row)) return false;
    } else if (kind === request.kind) {
      const word = this.#tallies.kindAt(batch.words, batch.cells[base + request.word] as number);
      // A request that calls itself a verify is counted with them, and is none.
      if (word === this.#tallies.verify || !this.#addTrip(operation, request, word, batch, row)) return false;
    } else return false;
    rows.keep(batch, row);
    return true;
  }

  #addTrip(
    operation: PlainOperation,
    { attempt, durationMs }: OperationCells['verify' | 'request'],
    kind: number,
    { cells: all, numbers, times }: ColumnBatch,
    row: number,
  ): boolean {
    const base = row * this.#plan.width;
    const durationUs = toMicroseconds(numbers[all[base + durationMs] as number] as number);
    if (kind < 0 || !Number.isFinite(durationUs)) return false;
    operation.addTrip(kind, all[base + attempt] as number, durationUs, times[row] as number);
    return true;
  }

  #end(of: DeviceRows, operation: PlainOperation, batch: ColumnBatch, row: number): boolean {
    const { cells: all, words, numbers, times } = batch;
    const base = row * this.#plan.width;
    const { op, ok, durationMs } = this.#cells.end;
    const durationUs = toMicroseconds(numbers[all[base + durationMs] as number] as number);
    const name = this.#tallies.nameAt(words, all[base + op] as number);
    if (name < 0 || !Number.isFinite(durationUs)) return false;
    operation.rows.keep(batch, row);
    const ended = operation.end(name, all[base + ok] === flagged, durationUs, times[row] as number);
    operation.rank = of.rankOf(operation);
    of.end();
    // One that is not named or sampled by now is not later: the others only become more.
    const isKept = this.#tallies.mayName(operation.figures) || this.#tallies.maySample(operation);
    keepEnded(this.#state, of.laidOut, isKept ? ended : of.pack(operation, ended));
    return true;
  }

  /** Sums up an operation that will not change any more, or lays it out. */
  close(operation: PlainOperation): Operation | null {
    const of = operation.device as DeviceRows;
    if (this.#tallies.mayName(operation.figures)) return this.#layOut(of, operation);
    this.#tallies.sumUp(operation.figures, 0);
    of.remove(operation);
    if (!this.#tallies.sample(operation)) this.release(operation);
    return null;
  }

  sumUpPacked(numbers: Float64Array, at: number): void {
    this.#tallies.sumUp(numbers, at);
  }

  /** An operation that ended, by itself, with its events. */
  unfold(operation: PlainOperation): Operation {
    const events = this.#eventsOf(operation);
    const [start, ...steps] = events.slice(0, -1) as [ReplayEvent<'op.start'>, ...Step['event'][]];
    const end = events.at(-1) as ReplayEvent<'op.end'>;
    const unfolded = newOperation(end.device, end.opId as string);
    Object.assign(unfolded, { start, end, name: end.op });
    for (const event of steps) addStep(unfolded, { event, inferred: false });
    return unfolded;
  }

  /** A plain operation that is not in use. */
  spare(): PlainOperation {
    return this.#free.pop() ?? new PlainOperation(this, this.#layout);
  }

  release(operation: PlainOperation): void {
    if (operation.rows.room <= mostRoom) this.#free.push(operation);
  }

  #layOutOpen(of: DeviceRows): void {
    for (const operation of of.open()) this.#layOut(of, operation);
  }

  /** From now on there is no plain operation of an id. */
  #layOutId(of: DeviceRows, words: Int32Array, id: number): void {
    const operation = of.find(words, id);
    if (operation) this.#layOut(of, operation);
    of.expectLaidOut(words[id] as number);
  }

  #layOut(of: DeviceRows, operation: PlainOperation): Operation | null {
    const { ended } = operation;
    const laidOut = ended && layOut(this.#state, ended, this.unfold(operation));
    const events = ended ? [] : this.#eventsOf(operation);
    of.layOut(operation);
    this.release(operation);
    for (const event of events) this.#fold.apply(event);
    return laidOut;
  }

  #eventsOf({ rows, device }: PlainOperation): LoggedEvent[] {
    const batch = rows.asBatch();
    const { identity } = device as DeviceRows;
    return Array.from({ length: rows.rows }, (_, row) => this.#events.event(batch, row, identity));
  }
}
