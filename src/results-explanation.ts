import type { Balance, Finding, Place } from './results.ts';

/** What a device holds of one coin. */
export type Held = Pick<Balance, 'amount' | 'tokens'>;

/** What a line did to the ledger of its device; equal on both sides for a line that only shows it. */
export interface LedgerChange {
  readonly coin: string;
  readonly before: Held;
  readonly after: Held;
}

/** One line of a finding's causal slice. */
export type SliceLine = Place & {
  readonly device: string;
  readonly incarnation: number;
  readonly seq: number;
  /** The line's own clock, in milliseconds since the epoch. */
  readonly time: number | null;
  /** A clause without a subject: `applies e17`. */
  readonly role: string;
  /** Whether the finding itself names the line; the others bear on its effect, its tokens, or its snapshot. */
  readonly evidence: boolean;
  /** Marks the line at which the devices part. */
  readonly first?: true;
  readonly changes: readonly LedgerChange[];
};

/** What would be, had the fault not been: computed by replaying the run without it. */
export interface Counterfactual {
  /** One sentence: `had bob-peer2 applied e17, both would hold 99.999999999989 UCT in 1 token`; or why nobody can say. */
  readonly sentence: string;
  /** Whether the devices would then agree, or still differ; whether no ledger would be different; or nobody can say. */
  readonly outcome: 'agree' | 'differ' | 'unmoved' | 'none';
  /** What each device of the identity would hold in the end. */
  readonly ledgers: readonly (Balance & { readonly device: string })[];
  /** By id: violations of the identity that the replay no longer finds, and those that it finds all the same. */
  readonly gone: readonly string[];
  readonly remaining: readonly string[];
}

/** The answer to `replay explain`: one finding, every line that bears on it, and what would be without it. */
export interface Explanation {
  readonly run: string;
  readonly finding: Finding;
  /** Causes before what they cause. */
  readonly lines: readonly SliceLine[];
  /** Lines that bear on it and are not listed, because there are too many. */
  readonly linesOmitted: number;
  readonly counterfactual: Counterfactual;
}
