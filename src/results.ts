import type { RoundTrips } from './results-round-trips.ts';

/** What a use case hands to a reporter: plain data, and all that a reporter may see. The shapes with stable keys are the contract's. */

/** Whether a promise was kept. Never a boolean: a log that cannot tell is a third answer. */
export type Verdict = 'held' | 'violated' | 'not-checked';

/** Every code that a finding may carry. */
export type FindingCode =
  | 'lost-update'
  | 'self-filtered'
  | 'not-applied'
  | 'duplicate-apply'
  | 'balance-missing'
  | 'class-dropped'
  | 'snapshot-race'
  | 'snapshot-omits'
  | 'stale-recovery'
  | 'ungrounded'
  | 'resurrected'
  | 'double-spend'
  | 'conservation'
  | 'balance-read'
  | 'masked'
  | 'not-durable'
  | 'undetermined'
  | 'seq-gap'
  | 'truncated'
  | 'torn-line'
  | 'missing-device'
  | 'foreign-file'
  | 'duplicate-file'
  | 'seq-conflict'
  | 'unknown-type'
  | 'round-trip-budget'
  | 'write-unverified'
  | 'retry-storm';

/** A code of the contract, or the word of an invariant that a user added. */
export type AnyCode = FindingCode | (string & {});

/** A place in a log: `line`, or `item` in a JSON document; from 1. `file` is relative to the run. */
export type Place = { readonly file: string; readonly line: number } | { readonly file: string; readonly item: number };

/** The event at which a promise broke. `time` is on the device's own clock, in milliseconds since the epoch. */
export type Moment = Place & {
  readonly device: string;
  readonly incarnation: number;
  readonly seq: number;
  readonly time: number | null;
};

/** A line of the story that a finding tells. `role` is a clause without a subject: `spends the token`. */
export type Evidence = Place & {
  readonly role: string;
  /** Marks the line at which the devices part. */
  readonly first?: true;
};

/** One device's side of a comparison. Amounts are exact decimal strings. */
export interface LedgerSide {
  readonly device: string;
  readonly incarnation: number;
  /** Where in the device's life the ledger stood so: `at the end`, `before clear`, `after recovery`, `as shown`. */
  readonly phase: string;
  readonly amount: string;
  readonly tokens: number;
}

/** A token that the two sides hold differently; `null` where a side does not hold it. */
export interface TokenDifference {
  readonly tokenId: string;
  readonly coin: string;
  readonly left: string | null;
  readonly right: string | null;
}

/** Two ledgers of one coin side by side, ordered by device. `delta` is right − left. */
export interface Difference {
  readonly left: LedgerSide;
  readonly right: LedgerSide;
  readonly delta: string;
  /** The tokens that differ, ordered by id; empty where the log names none. */
  readonly tokens: readonly TokenDifference[];
}

/** Which side is wrong, and by whose word. `device` is `null` where nobody can tell. */
export interface Blame {
  readonly device: string | null;
  readonly by: 'arbiter' | 'counterparty' | 'lineage' | 'conservation' | 'cannot-tell';
}

/** A stage of an effect's way from the device that writes it to the balances of another. */
export type Stage = 'written' | 'durable' | 'published' | 'sent' | 'received' | 'accepted' | 'applied' | 'visible';

/** The first stage of which a line shows that it failed; else the two between which it did, and the line that would decide. */
export type FailedStage =
  | { readonly at: Stage }
  | { readonly after: Stage; readonly before: Stage; readonly decides: string };

/** A promise that the observed system broke, or evidence that is missing, or a note. */
export interface Finding {
  /** `F1`, `F2`, … in the report's order. */
  readonly id: string;
  readonly code: AnyCode;
  readonly verdict: 'violated' | 'not-checked' | 'note';
  /** The name of the check that found it. */
  readonly check: string;
  readonly identity: string | null;
  readonly device: string | null;
  readonly coin: string | null;
  readonly tokenId: string | null;
  readonly effect: string | null;
  readonly opId: string | null;
  /** For `balance-read`: `rounding`, `unit` or `other`. */
  readonly detail: string | null;
  /** How far the effect came; `null` for what is about the logs. */
  readonly stage: FailedStage | null;
  readonly blame: Blame | null;
  readonly difference: Difference | null;
  /** One sentence that says what happened and why. */
  readonly message: string;
  readonly at: Moment | null;
  /** The story, in the order in which it happened. */
  readonly evidence: readonly Evidence[];
  /** How many other findings follow from this one. */
  readonly consequences: number;
  /** The finding that this one follows from; such findings are listed only where they are asked for. */
  readonly follows: string | null;
}

/** One check's answer for one subject: an identity, or the run. `reason` says why it is not checked. */
export interface CheckResult {
  readonly name: string;
  readonly subject: string | null;
  readonly verdict: Verdict;
  readonly reason: string | null;
  /** What was looked at, for the reader of a held check: `1,204 transfers of 6 coins`. */
  readonly detail: string | null;
  /** Types of lines that the run does not have at all, so that the question could not be asked; `null` where it was. */
  readonly lacks: readonly string[] | null;
}

/** A line that could not be read. */
export type ReportedProblem = Place & { readonly reason: string };

/** A coin's balance on one device at the end of its log. */
export interface Balance {
  readonly coin: string;
  readonly amount: string;
  readonly tokens: number;
}

/** One device of the run. `complete`: nothing in its log is missing, cut off or unreadable. */
export interface DeviceSummary {
  readonly device: string;
  readonly identity: string;
  readonly incarnations: number;
  readonly events: number;
  readonly complete: boolean;
  readonly balances: readonly Balance[];
}

/** What is known of one device's clock against another's: `device = reference + offsetMs ± errorMs`. */
export interface ClockBound {
  readonly device: string;
  readonly reference: string;
  readonly offsetMs: number;
  /** Half the width of the interval; `null` where messages went one way only, so that one bound is missing. */
  readonly errorMs: number | null;
  /** How many messages between the two bound the offset. */
  readonly pairs: number;
}

/** What was read of a run. */
export interface InputSummary {
  readonly files: number;
  readonly bytes: number;
  readonly events: number;
  readonly problems: readonly ReportedProblem[];
  /** Problems beyond the number that was asked for: counted, not listed. */
  readonly problemsOmitted: number;
  readonly skipped: number;
}

/** The tool that made a report. */
export interface ToolVersion {
  readonly name: 'ledger-replay';
  readonly version: string;
}

/** The answer to `replay check-balances` for one run. */
export interface RunReport {
  readonly schema: 1;
  readonly tool: ToolVersion;
  readonly run: string;
  readonly verdict: Verdict;
  readonly input: InputSummary;
  readonly devices: readonly DeviceSummary[];
  readonly clocks: readonly ClockBound[];
  readonly checks: readonly CheckResult[];
  readonly findings: readonly Finding[];
  /** Filled by the command that counts round trips. */
  readonly roundTrips: RoundTrips | null;
}

/** What one file of a run turned out to be. */
export interface FileSummary {
  readonly file: string;
  readonly format: string;
  readonly bytes: number;
  readonly events: number;
  readonly skipped: number;
  readonly problems: number;
  readonly devices: readonly string[];
}

/** One incarnation of a device as it was captured. `gaps` are inclusive ranges of missing `seq`. */
export interface IncarnationSummary {
  readonly device: string;
  readonly identity: string;
  readonly incarnation: number;
  readonly events: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** How the log of the incarnation ends. */
  readonly end: 'quiescent' | 'orderly' | 'none';
}

/** Whether a check can be asked of this run, and which lines it lacks. */
export interface CheckAvailability {
  readonly name: string;
  readonly promise: string;
  readonly possible: boolean;
  readonly missing: readonly string[];
}

/** The answer to `replay inspect`. */
export interface Inspection {
  readonly run: string;
  readonly input: InputSummary;
  readonly files: readonly FileSummary[];
  readonly incarnations: readonly IncarnationSummary[];
  /** Event types with their number, most frequent first. */
  readonly types: readonly { readonly type: string; readonly events: number }[];
  readonly clocks: readonly ClockBound[];
  readonly checks: readonly CheckAvailability[];
}

/** A token in a device's ledger. */
export interface TokenBalance {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: string;
}

/** One device at a consistent cut. */
export interface DeviceAtCut {
  readonly device: string;
  readonly identity: string;
  /** The last event of the device inside the cut; `null` where the cut begins before its log. */
  readonly at: Moment | null;
  readonly balances: readonly Balance[];
  readonly tokens: readonly TokenBalance[];
}

/** One event beside the cut, and what it changed in the ledger of its device. */
export interface Step {
  readonly at: Moment;
  readonly type: string;
  /** The event in one line, e.g. `e17 applied, origin bob-peer1`. */
  readonly summary: string;
  readonly changes: readonly {
    readonly tokenId: string;
    readonly coin: string;
    readonly before: string | null;
    readonly after: string | null;
  }[];
  readonly side: 'before' | 'after';
}

/** The answer to `replay show --at`. */
export interface CutView {
  readonly run: string;
  /** The cut as it was understood, e.g. `bob-peer2:2:97` or a time. */
  readonly at: string;
  readonly devices: readonly DeviceAtCut[];
  /** Present where steps were asked for. */
  readonly steps: readonly Step[];
}
