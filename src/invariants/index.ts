import { balanceReads } from './balance-reads.ts';
import { effectsDelivered } from './effects-delivered.ts';
import { effectsMoved } from './effects-moved.ts';
import type { Invariant } from './invariant.ts';
import { ledgersAgree } from './ledgers-agree.ts';
import { logComplete } from './log-complete.ts';

/** The family of invariants, causes before what they cause: each sees what those before it found. */
export const invariants: readonly Invariant[] = [
  logComplete,
  effectsDelivered,
  effectsMoved,
  balanceReads,
  ledgersAgree,
];
