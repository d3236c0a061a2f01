import { balanceMissing } from './balance-missing.ts';
import { balanceRead } from './balance-read.ts';
import { classDropped } from './class-dropped.ts';
import { conservation } from './conservation.ts';
import { doubleSpend } from './double-spend.ts';
import { duplicateApply } from './duplicate-apply.ts';
import { duplicateFile } from './duplicate-file.ts';
import { foreignFile } from './foreign-file.ts';
import { lostUpdate } from './lost-update.ts';
import { masked } from './masked.ts';
import { missingDevice } from './missing-device.ts';
import { notApplied } from './not-applied.ts';
import { notDurable } from './not-durable.ts';
import { resurrected } from './resurrected.ts';
import { selfFiltered } from './self-filtered.ts';
import { seqConflict } from './seq-conflict.ts';
import { seqGap } from './seq-gap.ts';
import { snapshotOmits } from './snapshot-omits.ts';
import { snapshotRace } from './snapshot-race.ts';
import { staleRecovery } from './stale-recovery.ts';
import { tornLine } from './torn-line.ts';
import { truncated } from './truncated.ts';
import { undetermined } from './undetermined.ts';
import { ungrounded } from './ungrounded.ts';
import { unknownType } from './unknown-type.ts';

/** Every fault that can be asked for, in the order of the contract's table. */
export const faults = [
  lostUpdate,
  selfFiltered,
  notApplied,
  duplicateApply,
  balanceMissing,
  classDropped,
  snapshotRace,
  snapshotOmits,
  staleRecovery,
  ungrounded,
  resurrected,
  doubleSpend,
  conservation,
  balanceRead,
  masked,
  notDurable,
  undetermined,
  seqGap,
  truncated,
  tornLine,
  missingDevice,
  foreignFile,
  duplicateFile,
  seqConflict,
  unknownType,
] as const;

/** The name of a fault: the finding code that a judge should give it. */
export type FaultName = (typeof faults)[number]['name'];

/** The names of all faults. */
export const faultNames: readonly FaultName[] = faults.map(({ name }) => name);
