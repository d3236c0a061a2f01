import { hasName, newSeen, seeName } from '../../../base/seen.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { RowEvents } from '../../../events/columns/row-events.ts';
import type { LoggedEvent } from '../../../events/event.ts';
import type { Reading } from '../../history.ts';
import { Fold, type Projection, type States } from '../../projection.ts';
import { captures } from '../../projections/captures.ts';
import { clocks, countMessage } from '../../projections/clocks.ts';
import { ledger } from '../../projections/ledger.ts';
import { operations } from '../../projections/operations.ts';
import { verifications } from '../../projections/verifications.ts';
import { Beyond } from '../beyond.ts';
import type { NewLane } from '../log-lane.ts';
import { LogWalk, type LogWalkOptions } from '../log-walk.ts';
import { countTypes } from '../pass.ts';
import type { ColumnTape } from '../walk.ts';
import { LateIds } from './late-ids.ts';
import { operationWants, type RoundTripCells, roundTripCells } from './layout.ts';
import { LedgerSums } from './ledger-sums.ts';
import { type OperationLook, OperationRows } from './operation-rows.ts';
import { RoundTripLane } from './round-trip-lane.ts';
import { VerificationRows } from './verification-rows.ts';

/** What is asked about round trips, by rows: operations, verifies, what devices hold in the end, and when their messages came. */
export class RoundTripWalk extends LogWalk<RoundTripLane> {
  readonly #cells: RoundTripCells;
  readonly #look: OperationLook;
  readonly #fold: Fold;
  readonly #events: RowEvents;
  readonly #operations: OperationRows;
  readonly #verifications: VerificationRows;
  readonly #sums = new LedgerSums();
  readonly #published = newSeen();

  constructor(tapes: readonly ColumnTape[], options: LogWalkOptions, look: OperationLook) {
    super(tapes, options, new Map());
    const { plan, devicesOf } = options;
    this.#cells = roundTripCells(plan);
    this.#look = look;
    this.#fold = new Fold([operations, clocks], devicesOf);
    this.#events = new RowEvents(plan, operationWants);
    this.#operations = new OperationRows(plan, this.#fold, this.#events, look);
    this.#verifications = new VerificationRows(plan);
  }

  protected override newLane(lane: NewLane): RoundTripLane {
    return new RoundTripLane(lane);
  }

  protected override takeRow(batch: ColumnBatch, row: number, base: number, lane: RoundTripLane, kind: number): void {
    const { cells: all, words, times } = batch;
    const { operations: ofOperations, replication, balance } = this.#cells;
    if (kind === balance.kind) {
      const coin = all[base + balance.coin] as number;
      const token = all[base + balance.token] as number;
      this.#sums.move(lane.number, words, coin, token, all[base + balance.delta] as number);
    } else if (kind === replication.kind) this.#hear(batch, row, base, lane);
    else if (ofOperations.opId[kind] !== 0) {
      this.#operations.row(batch, row, lane);
      if (kind === ofOperations.write.kind) {
        const { effect, originSeq } = ofOperations.write;
        const id = words[all[base + effect] as number] as number;
        lane.depart(all[base + originSeq] as number, id, times[row] as number);
        this.#verifications.write(batch, row, lane);
      } else if (kind === ofOperations.verify.kind) this.#verifications.verify(batch, row, lane);
    }
  }

  #hear({ cells: all, words, times }: ColumnBatch, row: number, base: number, lane: RoundTripLane): void {
    const { effect, origin: originAt, originSeq } = this.#cells.replication;
    const origin = this.named(words, all[base + originAt] as number) as RoundTripLane;
    const id = words[all[base + effect] as number] as number;
    const arrived = times[row] as number;
    const left = origin.leftFor(lane, all[base + originSeq] as number, id, !Number.isNaN(arrived));
    if (!Number.isNaN(left)) countMessage(this.#fold.read(clocks).flights, origin.device, lane.device, arrived - left);
  }

  /** A snapshot is published before it is imported. */
  protected override mayTake(whole: LoggedEvent): boolean {
    return whole.type !== 'import' || hasName(this.#published, whole.snapshot);
  }

  protected override takeWhole(event: LoggedEvent, lane: RoundTripLane, isWanted: boolean): void {
    if (!isWanted) throw new Beyond('a line that fits no row');
    if (event.type === 'publish') {
      seeName(this.#published, event.snapshot);
      this.#operations.publish(event, lane);
    } else if (event.type === 'import') this.#fold.apply(event);
    else if (event.type === 'clear') this.#sums.clear(lane.number);
  }

  protected override leave(batch: ColumnBatch): void {
    this.#operations.leave(batch);
    this.#verifications.leave(batch);
  }

  /** All lines were seen. Returns another look, where this one learned from later lines how it should have taken earlier ones: then it says nothing about the run. */
  end(): OperationLook | undefined {
    this.#operations.finish();
    const { late } = this.#operations;
    if (!late.any) return undefined;
    // Who knows of some may learn of others, for what is kept depends on all. That is not to go on: the third look takes all lines as events.
    return { ...this.#look, known: this.#look.known.any ? new LateIds(0) : late };
  }

  /** Takes the types of all lines into account. */
  countTypes(reading: Reading): void {
    countTypes(reading, this.plan, [...this.lanes.values()], this.observed);
  }

  /** What the projections would hold that are asked about round trips. */
  states(): States {
    const lanes = [...this.lanes.values()];
    const others = new Map<unknown, unknown>([
      [captures, new Map(lanes.map((lane) => [lane.device, lane.capture(this.plan)]))],
      [ledger, new Map(lanes.map((lane) => [lane.device, this.#sums.of(lane.number)]))],
      [verifications, this.#verifications.state(this.#events)],
    ]);
    return this.#fold.over({ read: <State>(projection: Projection<State>) => others.get(projection) as State });
  }
}
