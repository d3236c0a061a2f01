import { toMicroseconds } from '../../../base/intervals.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { batchOf, type KeptLayout, keptLayout, type PackedRows } from '../../../events/columns/kept-rows.ts';
import type { RowEvents } from '../../../events/columns/row-events.ts';
import { encodeText } from '../../../events/columns/texts.ts';
import { type ColumnPlan, cell } from '../../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../../events/event.ts';
import { addStep, newOperation, type Operation } from '../../operations/operation.ts';
import type { Step } from '../../operations/step.ts';
import type { Fold } from '../../projection.ts';
import { deviceOf, keepFolded, type Operations, operations, tallyAtOnce } from '../../projections/operations.ts';
import { flagged } from '../layout.ts';
import type { LogLane } from '../log-lane.ts';
import { DeviceRows } from './device-rows.ts';
import { FoldedOperation } from './folded-operation.ts';
import { LateIds } from './late-ids.ts';
import { type OperationCells, operationCells } from './layout.ts';
import { PlainOperation } from './plain-operation.ts';
import { PlainTallies } from './plain-tallies.ts';

/** An operation of more lines is laid out: as many integers are no less than what is kept of events. */
const mostLines = 512;

/** What is known before a look. */
export interface OperationLook {
  /** Operations of which an earlier look learned that they are late. */
  readonly known: LateIds;
  /** Whether somebody will ask for the events of the operations that are sampled. */
  readonly unfoldsSampled: boolean;
}

/**
 * Operations by the rows of their lines. A plain one is not nested, and its lines name it, from its start to its end, in one process and one file: it
 * is summed up in integers as it ends. An operation to which anything else happens while it is under way is laid out: its rows become events, in their
 * order, and go the way of all events, as does every line of it that comes after. One to which something happens when it is over is late.
 */
export class OperationRows {
  /** The plain ones that were not to be summed up when they were, for something happened to them later. */
  readonly late = new LateIds();
  readonly #width: number;
  readonly #fold: Fold;
  readonly #state: Operations;
  readonly #events: RowEvents;
  readonly #tallies: PlainTallies;
  readonly #cells: OperationCells;
  readonly #layout: KeptLayout;
  readonly #known: LateIds;
  /** In the order of their first line here, and by the numbers of their lanes. */
  readonly #devices: DeviceRows[] = [];
  readonly #byLane: (DeviceRows | undefined)[] = [];
  readonly #free: PlainOperation[] = [];
  readonly #unfoldsSampled: boolean;

  /** `fold`: what takes events, the projection of operations among them; `events` makes them. `unfoldsSampled`: see `OperationLook`. */
  constructor(plan: ColumnPlan, fold: Fold, events: RowEvents, { known, unfoldsSampled }: OperationLook) {
    this.#width = plan.width;
    this.#fold = fold;
    this.#state = fold.read(operations);
    this.#events = events;
    this.#tallies = new PlainTallies(this.#state);
    this.#cells = operationCells(plan);
    this.#layout = keptLayout(plan, 'opId');
    this.#known = known;
    this.#unfoldsSampled = unfoldsSampled;
  }

  /** Takes a line that is a row. */
  row(batch: ColumnBatch, row: number, lane: LogLane): void {
    const { cells: all, words } = batch;
    const base = row * this.#width;
    const kind = all[base + cell.kind] as number;
    const of = this.#enter(lane, all[base + cell.incarnation] as number);
    if (of.batch !== batch) of.take(batch);
    const opId = all[base + (this.#cells.opId[kind] as number)] as number;
    const operation = opId === 0 ? undefined : of.find(words, opId);
    if (operation && this.#goOn(of, operation, batch, row)) return;
    if (opId !== 0 && !operation && this.#begin(of, opId, batch, row)) return;
    if (opId === 0) this.#layOutOpen(of);
    else this.#layOutId(of, words, opId);
    if (kind === this.#cells.start.kind) {
      const parent = all[base + this.#cells.start.parentOpId] as number;
      if (parent !== 0) this.#layOutId(of, words, parent);
    }
    of.expectRoom();
    this.#fold.apply(this.#events.event(batch, row, of.identity));
  }

  /** Takes a snapshot, which is never a row. */
  publish(event: ReplayEvent<'publish'>, lane: LogLane): void {
    const of = this.#enter(lane, event.incarnation);
    if (event.opId === undefined) this.#layOutOpen(of);
    else this.#layOutId(of, encodeText(event.opId), 0);
    of.expectRoom();
    this.#fold.apply(event);
  }

  /** A batch is over. */
  leave(batch: ColumnBatch): void {
    for (const of of this.#devices) if (of.batch === batch) of.leave(batch);
  }

  /** Ends the look: lays out what is still under way, and puts the sums of the others with theirs. */
  finish(): void {
    for (const of of this.#devices) {
      this.#layOutOpen(of);
      of.laidOut.foldedSteps.push(...of.stepsLately());
      // What is done for an operation of another device counts there.
      for (const { opId, start, end } of of.laidOut.byId.values()) {
        if (start === null && end === null)
          for (const other of this.#devices) this.#expectNotOver(other, encodeText(opId), 0);
      }
    }
    this.#tallies.finish();
  }

  /** The operations of a device in one of its processes: those of an earlier one went down with it. */
  #enter(lane: LogLane, incarnation: number): DeviceRows {
    const of = this.#byLane[lane.number] ?? this.#enrol(lane);
    if (of.incarnation !== incarnation) {
      this.#layOutOpen(of);
      of.incarnation = incarnation;
    }
    return of;
  }

  #enrol({ device, identity, number }: LogLane): DeviceRows {
    const folding = { verify: this.#tallies.verify, unfold: (rows: PackedRows) => this.#unfold(rows, identity) };
    const of = new DeviceRows(device, identity, deviceOf(this.#state, device), folding, this.#known);
    this.#devices.push(of);
    this.#byLane[number] = of;
    return of;
  }

  /** Begins a plain operation, where the line is the start of one. */
  #begin(of: DeviceRows, opId: number, batch: ColumnBatch, row: number): boolean {
    const { cells: all, words } = batch;
    const base = row * this.#width;
    const { start } = this.#cells;
    if (all[base + cell.kind] !== start.kind || all[base + start.parentOpId] !== 0) return false;
    if (of.isLaidOut(words, opId) || of.isOver(words, opId)) return false;
    const operation = this.#free.pop() ?? new PlainOperation(this.#layout);
    const number = of.add(words, opId, operation);
    if (number < 0) return false;
    operation.begin(number, of.incarnation, batch, row);
    of.expectRoom();
    return true;
  }

  /** Takes another line of an operation. Returns whether it still is a plain one with it. */
  #goOn(of: DeviceRows, operation: PlainOperation, batch: ColumnBatch, row: number): boolean {
    const kind = batch.cells[row * this.#width + cell.kind];
    if (operation.lines >= mostLines || !operation.goesOn(batch, row)) return false;
    const { write, verify, request, end } = this.#cells;
    if (kind === write.kind) operation.addWrite(batch.times[row] as number);
    else if (kind === end.kind) return this.#end(of, operation, batch, row);
    else if (kind === verify.kind) {
      if (!this.#addTrip(operation, verify, this.#tallies.verify, batch, row)) return false;
    } else if (kind === request.kind) {
      const word = this.#tallies.kindAt(batch.words, batch.cells[row * this.#width + request.word] as number);
      // A request that calls itself a verify is counted with them, and is none.
      if (word === this.#tallies.verify || !this.#addTrip(operation, request, word, batch, row)) return false;
    } else return false;
    operation.addLine(row);
    return true;
  }

  #addTrip(
    operation: PlainOperation,
    { attempt, durationMs }: OperationCells['verify' | 'request'],
    kind: number,
    { cells: all, numbers, times }: ColumnBatch,
    row: number,
  ): boolean {
    const base = row * this.#width;
    const durationUs = toMicroseconds(numbers[all[base + durationMs] as number] as number);
    if (kind < 0 || !Number.isSafeInteger(durationUs)) return false;
    operation.addTrip(kind, all[base + attempt] as number, durationUs, times[row] as number);
    return true;
  }

  #end(of: DeviceRows, operation: PlainOperation, batch: ColumnBatch, row: number): boolean {
    const { cells: all, words, numbers, times } = batch;
    const base = row * this.#width;
    const { op, ok, durationMs } = this.#cells.end;
    const durationUs = toMicroseconds(numbers[all[base + durationMs] as number] as number);
    const name = this.#tallies.nameAt(words, all[base + op] as number);
    if (name < 0 || !Number.isSafeInteger(durationUs) || operation.beganAt(batch, row)) return false;
    operation.addLine(row);
    operation.end(name, all[base + ok] === flagged, durationUs, times[row] as number);
    this.#sumUp(of, operation);
    of.end(operation, words, all[base + (this.#cells.opId[this.#cells.end.kind] as number)] as number);
    // All lines but the first and the last are steps.
    keepFolded(this.#state, of.laidOut, operation.lines - 1);
    if (operation.isSmall) this.#free.push(operation);
    return true;
  }

  #sumUp(of: DeviceRows, operation: PlainOperation): void {
    const tallies = this.#tallies;
    const { figures } = operation;
    tallies.complete(figures);
    if (tallies.mayRepeat()) {
      tallyAtOnce(this.#state, of.folding.unfold(operation.rows(of.batch)));
      return;
    }
    tallies.sumUp(figures);
    const rank = of.rankOf(operation);
    const isNamed = tallies.mayName(figures);
    if (!isNamed && !tallies.maySample(figures, rank)) return;
    const rows = isNamed || this.#unfoldsSampled ? operation.rows(of.batch) : undefined;
    tallies.keep(figures, new FoldedOperation(figures, rows, of.folding), { rank, isNamed });
  }

  /** An operation that ended, by itself, with its events. */
  #unfold(rows: PackedRows, identity: string): Operation {
    const events = this.#eventsOf(rows, identity);
    const [start, ...steps] = events.slice(0, -1) as [ReplayEvent<'op.start'>, ...Step['event'][]];
    const end = events.at(-1) as ReplayEvent<'op.end'>;
    const unfolded = newOperation(end.device, end.opId as string);
    Object.assign(unfolded, { start, end, name: end.op });
    for (const event of steps) addStep(unfolded, { event, inferred: false });
    return unfolded;
  }

  #layOutOpen(of: DeviceRows): void {
    for (const operation of of.open()) this.#layOut(of, operation);
  }

  /** From now on there is no plain operation of an id. */
  #layOutId(of: DeviceRows, words: Int32Array, id: number): void {
    const operation = of.find(words, id);
    if (operation) this.#layOut(of, operation);
    else this.#expectNotOver(of, words, id);
    of.expectLaidOut(words[id] as number);
  }

  #expectNotOver(of: DeviceRows, words: Int32Array, id: number): void {
    if (of.isOver(words, id)) this.late.add(words[id] as number);
  }

  #layOut(of: DeviceRows, operation: PlainOperation): void {
    const events = this.#eventsOf(operation.rows(of.batch), of.identity);
    of.layOut(operation);
    if (operation.isSmall) this.#free.push(operation);
    for (const event of events) this.#fold.apply(event);
  }

  #eventsOf(rows: PackedRows, identity: string): LoggedEvent[] {
    const batch = batchOf(this.#layout, rows);
    return Array.from({ length: rows.rows }, (_, row) => this.#events.event(batch, row, identity));
  }
}
