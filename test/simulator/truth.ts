import type { Features } from './features.ts';

/** What a judge may say of a run, or of one thing in it. */
export type Verdict = 'held' | 'violated' | 'not-checked';

/** One thing that was really wrong in the run, in the contract's words. */
export interface TruthFinding {
  readonly code: string;
  readonly verdict: 'violated' | 'not-checked' | 'note';
  readonly identity: string;
  /** The device whose fault it is, or whose log it is. */
  readonly device: string;
  readonly incarnation?: number;
  readonly seq?: number;
  readonly tokenId?: string;
  readonly effect?: string;
  readonly coin?: string;
  readonly detail?: string;
  readonly file?: string;
  readonly snapshot?: string;
  /** Every other device or effect that has a part in it. */
  readonly others?: readonly string[];
  /** Codes that may rightly appear beside it: what follows from it, or another name for it that the contract allows. */
  readonly mayAlso?: readonly string[];
  /** One sentence for whoever reads a failed test. */
  readonly story: string;
}

/** Whether the ledgers of an identity's devices have to agree at the end. */
export interface Agreement {
  readonly identity: string;
  readonly checkable: boolean;
  readonly reason?: string;
}

/** What a judge of the run should have found. */
export interface Truth {
  /** The verdicts on the whole run that are right. More than one where the contract leaves it open. */
  readonly verdicts: readonly Verdict[];
  readonly findings: readonly TruthFinding[];
  readonly agreement: readonly Agreement[];
  /** False where a fault was asked for that this run cannot host; `findings` then lacks it. */
  readonly hosted: boolean;
  readonly features: Features;
}
