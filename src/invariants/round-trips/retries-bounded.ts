import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import { kindOf } from '../../replay/operations/step.ts';
import type { Tally } from '../../replay/operations/tally.ts';
import { captures } from '../../replay/projections/captures.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { count } from '../evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Invariant, type Judgement } from '../invariant.ts';
import type { Budgets } from './budget.ts';
import { talliesFor } from './budgets-kept.ts';
import { inLogOrder, whatCouldHideTrips } from './log-order.ts';

/** No request is repeated past its limit; asked where there is a limit. */
export function retriesBounded({ tallies }: SettledOperations, budgets: Budgets): readonly Invariant[] {
  const limited = Object.entries(budgets).flatMap(([name, { retries }]) =>
    retries === undefined ? [] : [{ name, retries }],
  );
  if (limited.length === 0) return [];
  const invariant = defineInvariant({
    name: 'retries-bounded',
    promise: 'No request is repeated past its limit.',
    needs: [
      ['op.start', 'op.end'],
      ['verify', 'request'],
    ],
    isEssential: () => true,
    uses: [captures],
    judge: (file) =>
      limited.map(({ name, retries }) => judgeLimit(file, name, retries, talliesFor(name, tallies, budgets))),
  });
  return [invariant];
}

function judgeLimit(file: CaseFile, name: string, most: number, tallies: readonly Tally[]): Judgement {
  const subject = name;
  if (tallies.length === 0) return { subject, findings: [], unchecked: 'no operation of this name in this run' };
  const hidden = whatCouldHideTrips(file);
  const retries = tallies.reduce((sum, tally) => sum + tally.retries, 0);
  return {
    subject,
    findings: tallies.flatMap((tally) => storms(file, tally, most)),
    ...(hidden !== undefined && { unchecked: `${hidden}: there may be more retries than are counted` }),
    detail: count(retries, 'retry', 'retries'),
  };
}

/** One finding for each request past the limit: its last attempt stands for all of them. */
function storms(file: CaseFile, { mostAttempts, attempts, name }: Tally, most: number): FindingDraft[] {
  const requests = attempts.get(most + 2) ?? 0;
  const told = new Set<string>();
  const past = mostAttempts.filter(({ attempt }) => attempt - 1 > most);
  return past.flatMap(({ trip: { event }, instance }): FindingDraft[] => {
    const subject = event.type === 'verify' ? (event.effect ?? event.cid) : event.requestId;
    const { opId, device } = instance.operation;
    const request = [device, opId, kindOf(event), subject ?? ''].join('\n');
    if (told.has(request)) return [];
    told.add(request);
    const what = subject === undefined ? kindOf(event) : `${kindOf(event)} ${subject}`;
    const others = requests > 1 ? `; ${count(requests, `request of ${name}`, `requests of ${name}`)} go past it` : '';
    return [
      {
        code: 'retry-storm',
        verdict: 'violated',
        ...{ identity: file.captures.get(device)?.identity, device, opId },
        ...(event.type === 'verify' && event.effect !== undefined && { effect: event.effect }),
        at: inLogOrder(event, file),
        message: `${what} of ${opId} (${name}) on ${device} is repeated ${count(event.attempt - 1, 'time')}, its limit is ${most}${others}`,
        story: [{ event, role: `is attempt ${event.attempt} of ${what}` }],
      },
    ];
  });
}
