import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import type { Invariant } from '../invariant.ts';
import type { Budgets } from './budget.ts';
import { budgetsKept } from './budgets-kept.ts';
import { linesComplete } from './lines-complete.ts';
import { retriesBounded } from './retries-bounded.ts';
import { tripsCounted } from './trips-counted.ts';
import { writesVerified } from './writes-verified.ts';

/**
 * What must hold of the round trips of a run, by what its operations did. Budgets that nobody set are not asked for.
 */
export function roundTripInvariants(settled: SettledOperations, budgets: Budgets): readonly Invariant[] {
  return [
    linesComplete,
    tripsCounted(settled),
    writesVerified,
    ...budgetsKept(settled, budgets),
    ...retriesBounded(settled, budgets),
  ];
}
