import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { keptLayout } from '../../../events/columns/kept-rows.ts';
import { RowEvents } from '../../../events/columns/row-events.ts';
import { type ColumnPlan, cell } from '../../../events/columns/wants.ts';
import type { LoggedEvent } from '../../../events/event.ts';
import { Fold, type Projection, type States } from '../../projection.ts';
import { operations } from '../../projections/operations.ts';
import { verifications } from '../../projections/verifications.ts';
import { Beyond } from '../beyond.ts';
import type { Companion } from '../glance.ts';
import type { GlanceLane } from '../glance-lane.ts';
import type { LookBeside } from '../glance-run.ts';
import { type OperationCells, operationCells, operationWants } from './layout.ts';
import { OperationRows } from './operation-rows.ts';
import { VerificationRows } from './verification-rows.ts';

/** A look at operations and their round trips: what the projections `operations` and `verifications` would hold. */
export const roundTripsBeside: LookBeside = {
  wants: operationWants,
  begin: (plan, devicesOf) => new RoundTripRows(plan, new Fold([operations], devicesOf)),
};

class RoundTripRows implements Companion {
  readonly #width: number;
  readonly #fold: Fold;
  readonly #events: RowEvents;
  readonly #cells: OperationCells;
  readonly #operations: OperationRows;
  readonly #verifications: VerificationRows;

  constructor(plan: ColumnPlan, fold: Fold) {
    this.#width = plan.width;
    this.#fold = fold;
    this.#events = new RowEvents(plan, operationWants);
    this.#cells = operationCells(plan);
    const layout = keptLayout(plan, 'opId');
    this.#operations = new OperationRows(plan, layout, fold, this.#events);
    this.#verifications = new VerificationRows(plan, layout);
  }

  takes(kind: number): boolean {
    return this.#events.makes(kind);
  }

  row(batch: ColumnBatch, row: number, lane: GlanceLane): void {
    const kind = batch.cells[row * this.#width + cell.kind];
    const kept = this.#operations.row(batch, row, lane);
    if (kind === this.#cells.write.kind) this.#verifications.write(batch, row, lane, kept);
    else if (kind === this.#cells.verify.kind) this.#verifications.verify(batch, row, lane);
  }

  event(event: LoggedEvent, lane: GlanceLane): void {
    if (event.type === 'publish') this.#operations.publish(event, lane);
    else if (event.type in operationWants) throw new Beyond('a line that fits no row');
  }

  over(others: States): States {
    this.#operations.finish();
    const verified = this.#verifications.state(this.#events);
    const states = this.#fold.over(others);
    return {
      read: <State>(projection: Projection<State>) =>
        (projection as unknown) === verifications ? (verified as State) : states.read(projection),
    };
  }
}
