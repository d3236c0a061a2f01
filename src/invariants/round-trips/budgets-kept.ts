import { grouped } from '../../base/grouped.ts';
import { countWhere } from '../../base/occurrences.ts';
import type { Instance } from '../../replay/operations/most.ts';
import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import type { Tally } from '../../replay/operations/tally.ts';
import { captures } from '../../replay/projections/captures.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { count } from '../evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Invariant, type Judgement } from '../invariant.ts';
import { anyOperation, type Budget, type Budgets } from './budget.ts';
import { inLogOrder, whatCouldHideTrips } from './log-order.ts';

/** No operation makes more round trips than its budget allows; asked where there is a budget. */
export function budgetsKept({ tallies }: SettledOperations, budgets: Budgets): readonly Invariant[] {
  const limited = Object.entries(budgets).filter(
    ([, { total, verify }]) => total !== undefined || verify !== undefined,
  );
  if (limited.length === 0) return [];
  const invariant = defineInvariant({
    name: 'budgets-kept',
    promise: 'No operation makes more round trips than its budget.',
    needs: [
      ['op.start', 'op.end'],
      ['verify', 'request'],
    ],
    isEssential: () => true,
    uses: [captures],
    judge: (file) => limited.map(([name, budget]) => judgeBudget(file, name, budget, tallies, budgets)),
  });
  return [invariant];
}

/** The operations that a budget is for. */
export function talliesFor(name: string, tallies: SettledOperations['tallies'], budgets: Budgets): readonly Tally[] {
  if (name !== anyOperation) return [tallies.get(name) ?? []].flat();
  return [...tallies.values()].filter((tally) => tally.name !== null && !Object.hasOwn(budgets, tally.name));
}

function judgeBudget(
  file: CaseFile,
  name: string,
  budget: Budget,
  tallies: SettledOperations['tallies'],
  budgets: Budgets,
): Judgement {
  const subject = name;
  const of = talliesFor(name, tallies, budgets);
  const operations = of.reduce((sum, tally) => sum + tally.operations, 0);
  if (operations === 0) return { subject, findings: [], unchecked: `no operation of this name in this run` };
  const findings = of.flatMap((tally) => [
    ...exceeding(file, tally, 'total', budget.total),
    ...exceeding(file, tally, 'verify', budget.verify),
  ]);
  const hidden = whatCouldHideTrips(file);
  return {
    subject,
    findings,
    ...(hidden !== undefined && { unchecked: `${hidden}: there may be more trips than are counted` }),
    detail: `${count(operations, 'operation')}, at most ${count(Math.max(...of.map(({ mostTrips }) => mostTrips[0]?.trips ?? 0)), 'round trip')}`,
  };
}

/** A finding for each of the worst operations past a limit; how many there are in all is said in the first. */
function exceeding(file: CaseFile, tally: Tally, limit: 'total' | 'verify', most: number | undefined): FindingDraft[] {
  if (most === undefined) return [];
  const [counts, worst, what] =
    limit === 'total' ? [tally.trips, tally.mostTrips, 'round trip'] : [tally.verifies, tally.mostVerifies, 'verify'];
  const past = countWhere(counts, (made) => made > most);
  const made = (instance: Instance) => (limit === 'total' ? instance.trips : instance.verifies);
  return worst
    .filter((instance) => made(instance) > most)
    .map((instance): FindingDraft => {
      const { operation, inferred, first, last } = instance;
      const { opId, device, name } = operation;
      const noun = count(made(instance), what, what === 'verify' ? 'verifies' : 'round trips');
      const guessed = inferred > 0 ? `, ${count(inferred, 'trip')} of them by inference` : '';
      const others = past > 1 ? `; ${grouped(past)} of ${count(tally.operations, `${name} operation`)} do` : '';
      return {
        code: 'round-trip-budget',
        verdict: 'violated',
        ...{ identity: file.captures.get(device)?.identity, device, opId },
        ...(first && { at: inLogOrder(first, file) }),
        message: `${opId} (${name}) on ${device} makes ${noun}${guessed}, its budget is ${most}${others}`,
        story: [
          ...(first ? [{ event: first, role: `begins ${name}` }] : []),
          ...(last && last !== first ? [{ event: last, role: `ends it, after ${noun}` }] : []),
        ],
      };
    });
}
