import { amountsConserved } from './amounts-conserved.ts';
import { balanceReads } from './balance-reads.ts';
import { durableStays } from './durable-stays.ts';
import { effectsDelivered } from './effects-delivered.ts';
import { effectsMoved } from './effects-moved.ts';
import type { Invariant } from './invariant.ts';
import { ledgersAgree } from './ledgers-agree.ts';
import { logComplete } from './log-complete.ts';
import { readingsAgree } from './readings-agree.ts';
import { recoveryFresh } from './recovery-fresh.ts';
import { snapshotsComplete } from './snapshots-complete.ts';
import { spentOnce } from './spent-once.ts';
import { supplyAgrees } from './supply-agrees.ts';
import { tokensGrounded } from './tokens-grounded.ts';

/** The family of invariants, causes before what they cause: each sees what those before it found. */
export const invariants: readonly Invariant[] = [
  logComplete,
  amountsConserved,
  spentOnce,
  snapshotsComplete,
  recoveryFresh,
  effectsDelivered,
  effectsMoved,
  tokensGrounded,
  durableStays,
  balanceReads,
  supplyAgrees,
  readingsAgree,
  ledgersAgree,
];
