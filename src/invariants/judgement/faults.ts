import type { ReplayEvent } from '../../events/event.ts';
import { delivery } from '../../replay/projections/delivery.ts';
import type { FailedStage, FindingCode, Stage } from '../../results.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import type { FindingDraft } from '../invariant.ts';
import {
  aboutTheCost,
  aboutTheLogs,
  appliedOnce,
  classBrought,
  effectApplied,
  effectBooked,
  ledgerShown,
  loserUnwritten,
  type Mend,
  type Mending,
  neverMoved,
  newestRecovered,
  rightTokenMoved,
  type Scene,
  snapshotCompleted,
  stayedSpent,
  unexplained,
  wronglyWritten,
} from './mends.ts';

/** A kind of fault: where on its way an effect failed by it, and how a history would go without it. */
interface Fault {
  /** `null` for what is about the logs, or about the cost. */
  readonly stage: Stage | null | ((scene: Scene) => FailedStage | null);
  readonly mend: Mending;
}

/** Every finding code. A new one does not compile without a line here; a new way to mend is a function in `mends.ts`. */
const faults: Readonly<Record<FindingCode, Fault>> = {
  'lost-update': { stage: onTheWay, mend: effectApplied },
  'self-filtered': { stage: 'accepted', mend: effectApplied },
  'not-applied': { stage: afterArrival, mend: effectApplied },
  'duplicate-apply': { stage: 'applied', mend: appliedOnce },
  'balance-missing': { stage: 'visible', mend: effectBooked },
  'class-dropped': { stage: inTheImport, mend: classBrought },
  'snapshot-race': { stage: 'published', mend: snapshotCompleted },
  'snapshot-omits': { stage: 'published', mend: snapshotCompleted },
  'stale-recovery': { stage: 'received', mend: newestRecovered },
  ungrounded: { stage: 'visible', mend: neverMoved },
  resurrected: { stage: 'visible', mend: stayedSpent },
  'double-spend': { stage: 'written', mend: loserUnwritten },
  conservation: { stage: 'written', mend: wronglyWritten },
  'balance-read': { stage: 'visible', mend: ledgerShown },
  masked: { stage: inTheLedger, mend: rightTokenMoved },
  'not-durable': { stage: 'durable', mend: ledgerShown },
  undetermined: { stage: inTheLedger, mend: unexplained },
  'seq-gap': { stage: null, mend: aboutTheLogs },
  truncated: { stage: null, mend: aboutTheLogs },
  'torn-line': { stage: null, mend: aboutTheLogs },
  'missing-device': { stage: null, mend: aboutTheLogs },
  'foreign-file': { stage: null, mend: aboutTheLogs },
  'duplicate-file': { stage: null, mend: aboutTheLogs },
  'seq-conflict': { stage: null, mend: aboutTheLogs },
  'unknown-type': { stage: null, mend: aboutTheLogs },
  'round-trip-budget': { stage: null, mend: aboutTheCost },
  'write-unverified': { stage: null, mend: aboutTheCost },
  'retry-storm': { stage: null, mend: aboutTheCost },
};

/** What an invariant of a user's found: it says by itself where an effect failed, and nobody knows how to mend it. */
const ofAnother: Fault = {
  stage: null,
  mend: () => 'only the contract’s own codes say what would be without the fault',
};

function faultOf({ code }: FindingDraft): Fault {
  return (faults as Readonly<Record<string, Fault>>)[code] ?? ofAnother;
}

/** Where on its way the effect of a finding failed; `null` for what is about the logs. */
export function stageOf(file: CaseFile, draft: FindingDraft): FailedStage | null {
  if (draft.stage) return draft.stage;
  const { stage } = faultOf(draft);
  return typeof stage === 'string' ? { at: stage } : (stage?.({ file, draft }) ?? null);
}

/** How the history would go without the fault; a sentence where nobody can say. */
export function mendOf(file: CaseFile, draft: FindingDraft): Mend | string {
  return faultOf(draft).mend({ file, draft });
}

function onTheWay({ file, draft: { device, effect, identity = '' } }: Scene): FailedStage {
  const durable = file.states
    .read(delivery)
    .get(identity)
    ?.effects.get(effect ?? '')?.durable;
  return {
    after: durable ? 'durable' : 'written',
    before: 'received',
    decides: `a replication line of ${device} that names ${effect}`,
  };
}

function afterArrival({ draft: { device, effect, at } }: Scene): FailedStage {
  const { action } = (at?.event ?? {}) as Partial<ReplayEvent<'replication'>>;
  if (action === 'skipped' || action === 'rejected') return { at: 'accepted' };
  return {
    after: 'received',
    before: 'applied',
    decides: `a replication line of ${device} that says whether ${effect} was skipped, rejected or applied`,
  };
}

function inTheImport({ file, draft: { at, identity = '' } }: Scene): FailedStage {
  const { snapshot = '' } = (at?.event ?? {}) as Partial<ReplayEvent<'import'>>;
  if (file.chain(identity).published(snapshot)?.event.contents) return { at: 'applied' };
  return { after: 'published', before: 'applied', decides: `a publish line of ${snapshot} that lists its contents` };
}

function inTheLedger({ draft: { effect, tokenId } }: Scene): FailedStage {
  if (effect !== undefined) return { at: 'visible' };
  return {
    after: 'written',
    before: 'visible',
    decides: `write and replication lines of the effects that moved ${tokenId}`,
  };
}
