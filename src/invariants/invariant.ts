import type { EventName } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import type { AnyProjection } from '../replay/projection.ts';
import type { AnyCode, Blame, FailedStage, LedgerSide, TokenDifference } from '../results.ts';
import type { CaseFile } from './evidence/case-file.ts';

/** One line of the story that a finding tells. `role` is a clause without a subject: `spends the token`. */
export interface StoryLine {
  readonly event: HistoryEvent;
  readonly role: string;
  /** The line at which the devices part. */
  readonly first?: boolean;
}

/** What two devices hold of one coin, as a finding compares them. */
export interface Comparison {
  readonly sides: readonly [LedgerSide, LedgerSide];
  readonly tokens: readonly TokenDifference[];
}

/** A finding as an invariant makes it: the report numbers, orders and folds them. What is left out is `null` there. */
export interface FindingDraft {
  readonly code: AnyCode;
  readonly verdict: 'violated' | 'not-checked' | 'note';
  readonly message: string;
  readonly identity?: string | undefined;
  readonly device?: string | undefined;
  readonly coin?: string | undefined;
  readonly tokenId?: string | undefined;
  readonly effect?: string | undefined;
  readonly opId?: string | undefined;
  readonly detail?: string | undefined;
  /** Where on its way the effect failed; what is usual for the code where nothing is said. */
  readonly stage?: FailedStage | undefined;
  readonly blame?: Blame | undefined;
  readonly comparison?: Comparison | undefined;
  /** The event at which it went wrong; it decides the order of findings. */
  readonly at?: Mark<HistoryEvent> | undefined;
  readonly story?: readonly StoryLine[] | undefined;
  /** Every token whose balance this may have changed: what later findings about them follow from. */
  readonly touches?: readonly string[] | undefined;
  /** The effects whose failure to arrive this explains. */
  readonly explains?: readonly string[] | undefined;
}

/** An invariant's answer for one subject: violated by a finding or `violated`, else not checked where `unchecked` says why, else held. */
export interface Judgement {
  /** An identity, or `null` for the run as a whole. */
  readonly subject: string | null;
  readonly findings: readonly FindingDraft[];
  /** How the promise is broken by what other invariants found, in a sentence. */
  readonly violated?: string | undefined;
  /** What evidence is missing, in a sentence that names the line which would decide. */
  readonly unchecked?: string | undefined;
  /** What was looked at: `1,204 transfers of 6 coins`. */
  readonly detail?: string | undefined;
}

/** A promise that every run of the observed system must keep. */
export interface Invariant {
  /** Its file's name, and the word that `--check` takes. */
  readonly name: string;
  /** The promise in one sentence. */
  readonly promise: string;
  /** What a run must log for the question to be asked: each of these types, or any one of a list of them. */
  readonly needs: readonly (EventName | readonly EventName[])[];
  /** Whether a run is not checked where this cannot be asked of it. Without it, the question is merely listed as not asked. */
  readonly isEssential?: (file: CaseFile) => boolean;
  /** The projections that it reads. */
  readonly uses: readonly AnyProjection[];
  /** Gives an answer for each subject that it concerns. `earlier`: what the invariants before it in the family found. */
  judge(file: CaseFile, earlier: readonly FindingDraft[]): readonly Judgement[];
}

/** The event types that an invariant needs and a run does not log; one of several that would do is named by all of them. */
export function lackingTypes(
  { needs }: Pick<Invariant, 'needs'>,
  logs: (type: EventName) => boolean,
): readonly string[] {
  return needs
    .map((need) => (typeof need === 'string' ? [need] : need))
    .filter((anyOf) => !anyOf.some(logs))
    .map((anyOf) => anyOf.join(' or '));
}

/** Declares an invariant. */
export function defineInvariant(invariant: Invariant): Invariant {
  return invariant;
}
