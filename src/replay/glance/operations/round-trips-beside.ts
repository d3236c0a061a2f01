import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { RowEvents } from '../../../events/columns/row-events.ts';
import { type ColumnPlan, cell } from '../../../events/columns/wants.ts';
import type { LoggedEvent } from '../../../events/event.ts';
import { Fold, type Projection, type States } from '../../projection.ts';
import { operations } from '../../projections/operations.ts';
import { verifications } from '../../projections/verifications.ts';
import { Beyond } from '../beyond.ts';
import type { GlanceLane } from '../glance-lane.ts';
import type { CompanionLook, LookBeside } from '../glance-run.ts';
import { LateIds } from './late-ids.ts';
import { type OperationCells, operationCells, operationWants } from './layout.ts';
import { type OperationLook, OperationRows } from './operation-rows.ts';
import { VerificationRows } from './verification-rows.ts';

/**
 * A look at operations and their round trips: what the projections `operations` and `verifications` would hold. `unfoldsSampled`: whether
 * the operations that are sampled will be asked for their events.
 */
export function roundTripsBeside({ unfoldsSampled }: { readonly unfoldsSampled: boolean }): LookBeside {
  return lookKnowing({ known: new LateIds(), unfoldsSampled });
}

function lookKnowing(look: OperationLook): LookBeside {
  return {
    wants: operationWants,
    begin: (plan, devicesOf) => new RoundTripRows(plan, new Fold([operations], devicesOf), look),
  };
}

class RoundTripRows implements CompanionLook {
  readonly #width: number;
  readonly #fold: Fold;
  readonly #events: RowEvents;
  readonly #cells: OperationCells;
  readonly #look: OperationLook;
  readonly #operations: OperationRows;
  readonly #verifications: VerificationRows;

  constructor(plan: ColumnPlan, fold: Fold, look: OperationLook) {
    this.#width = plan.width;
    this.#fold = fold;
    this.#events = new RowEvents(plan, operationWants);
    this.#cells = operationCells(plan);
    this.#look = look;
    this.#operations = new OperationRows(plan, fold, this.#events, look);
    this.#verifications = new VerificationRows(plan);
  }

  takes(kind: number): boolean {
    return this.#events.makes(kind);
  }

  row(batch: ColumnBatch, row: number, lane: GlanceLane): void {
    const kind = batch.cells[row * this.#width + cell.kind];
    this.#operations.row(batch, row, lane);
    if (kind === this.#cells.write.kind) this.#verifications.write(batch, row, lane);
    else if (kind === this.#cells.verify.kind) this.#verifications.verify(batch, row, lane);
  }

  event(event: LoggedEvent, lane: GlanceLane): void {
    if (event.type === 'publish') this.#operations.publish(event, lane);
    else if (event.type in operationWants) throw new Beyond('a line that fits no row');
  }

  leave(batch: ColumnBatch): void {
    this.#operations.leave(batch);
    this.#verifications.leave(batch);
  }

  end(): LookBeside | undefined {
    this.#operations.finish();
    const { late } = this.#operations;
    if (!late.any) return undefined;
    // Who knows of some may learn of others, for what is kept depends on all. That is not to go on: the third look takes all lines as events.
    return lookKnowing({ ...this.#look, known: this.#look.known.any ? new LateIds(0) : late });
  }

  over(others: States): States {
    const verified = this.#verifications.state(this.#events);
    const states = this.#fold.over(others);
    return {
      read: <State>(projection: Projection<State>) =>
        (projection as unknown) === verifications ? (verified as State) : states.read(projection),
    };
  }
}
