import { formatAmount, parseAmount, subtract, zero } from '../../base/amount.ts';
import { byText } from '../../base/order.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import { happensBefore, type Mark } from '../../replay/mark.ts';
import type { CheckResult, Difference, Evidence, Finding, Moment, Place, Verdict } from '../../results.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { besideSibling } from '../evidence/side-by-side.ts';
import {
  type Comparison,
  type FindingDraft,
  type Invariant,
  type Judgement,
  lackingTypes,
  type StoryLine,
} from '../invariant.ts';
import { stageOf } from './faults.ts';

/** What the invariants say of a run. */
export interface Verdicts {
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  /** Ordered and numbered; a finding that follows from another names it. */
  readonly findings: readonly Finding[];
  /** What each finding was made of, in the same order. */
  readonly drafts: readonly FindingDraft[];
}

type CheckedDraft = FindingDraft & { readonly check: string };

/**
 * Asks each invariant, in the family's order, and puts the answers together. The run's verdict: violated by any check,
 * else not checked by any that was asked, else held. A question that the run has no lines for is listed and does not
 * count, unless it is essential; and that nothing is missing from a log makes nothing held by itself.
 */
export function judge(file: CaseFile, invariants: readonly Invariant[]): Verdicts {
  const checks: CheckResult[] = [];
  const drafts: CheckedDraft[] = [];
  const counting: Verdict[] = [];
  const supporting: Verdict[] = [];
  for (const invariant of invariants) {
    const { name, needs } = invariant;
    const lacking = lackingTypes(invariant, (type) => file.logs(type));
    if (lacking.length > 0) {
      const reason = `no ${lacking.join(' and no ')} line in this run`;
      checks.push({ name, subject: null, verdict: 'not-checked', reason, detail: null, lacks: lacking });
      if (invariant.isEssential?.(file)) counting.push('not-checked');
      continue;
    }
    for (const judgement of invariant.judge(file, drafts)) {
      const result = checkResult(name, judgement);
      checks.push(result);
      (needs.length > 0 ? counting : supporting).push(result.verdict);
      drafts.push(...judgement.findings.map((finding) => ({ ...finding, check: name })));
    }
  }
  const ordered = inOrder(drafts);
  return { verdict: overall(counting, supporting), checks, findings: report(file, ordered), drafts: ordered };
}

function overall(counting: readonly Verdict[], supporting: readonly Verdict[]): Verdict {
  const all = [...counting, ...supporting];
  if (all.includes('violated')) return 'violated';
  return counting.length === 0 || all.includes('not-checked') ? 'not-checked' : 'held';
}

function checkResult(name: string, { subject, findings, violated, unchecked, ...rest }: Judgement): CheckResult {
  const detail = rest.detail ?? null;
  const has = (verdict: FindingDraft['verdict']) => findings.find((finding) => finding.verdict === verdict);
  if (has('violated')) return { name, subject, verdict: 'violated', reason: null, detail, lacks: null };
  if (violated !== undefined) return { name, subject, verdict: 'violated', reason: violated, detail, lacks: null };
  const reason = unchecked ?? has('not-checked')?.message;
  return {
    name,
    subject,
    verdict: reason === undefined ? 'held' : 'not-checked',
    reason: reason ?? null,
    detail,
    lacks: null,
  };
}

function report(file: CaseFile, ordered: readonly CheckedDraft[]): Finding[] {
  const roots = ordered.map((draft, index) => ordered.slice(0, index).findIndex((earlier) => follows(draft, earlier)));
  const rootOf = (index: number): number => {
    const root = roots[index] as number;
    return root < 0 ? index : rootOf(root);
  };
  return ordered.map((draft, index) => ({
    id: `F${index + 1}`,
    code: draft.code,
    verdict: draft.verdict,
    check: draft.check,
    identity: draft.identity || null,
    device: draft.device ?? null,
    coin: draft.coin ?? null,
    tokenId: draft.tokenId ?? null,
    effect: draft.effect ?? null,
    opId: draft.opId ?? null,
    detail: draft.detail ?? null,
    stage: stageOf(file, draft),
    blame: draft.blame ?? null,
    difference: differenceOf(file, draft),
    message: draft.message,
    at: draft.at ? momentOf(draft.at.event) : null,
    evidence: (draft.story ?? []).map(evidenceOf),
    consequences: roots.filter((root, other) => root >= 0 && rootOf(other) === index).length,
    follows: rootOf(index) === index ? null : `F${rootOf(index) + 1}`,
  }));
}

/** By identity, then happens-before, then device, then line; what has no event of its own comes first. */
function inOrder(drafts: readonly CheckedDraft[]): CheckedDraft[] {
  const rest = drafts.toSorted(
    (left, right) =>
      byText(left.identity ?? '', right.identity ?? '') ||
      Number(left.at !== undefined) - Number(right.at !== undefined) ||
      byText(left.device ?? '', right.device ?? '') ||
      compareMarks(left.at, right.at) ||
      byText(left.code, right.code) ||
      byText(left.message, right.message),
  );
  const ordered: CheckedDraft[] = [];
  while (rest.length > 0) {
    const next = rest.findIndex((draft) => !rest.some((other) => precedes(other, draft)));
    ordered.push(...rest.splice(Math.max(next, 0), 1));
  }
  return ordered;
}

function compareMarks(left: Mark<HistoryEvent> | undefined, right: Mark<HistoryEvent> | undefined): number {
  return left && right ? left.position - right.position : 0;
}

function precedes(left: FindingDraft, right: FindingDraft): boolean {
  if (!left.at || !right.at || (left.identity ?? '') !== (right.identity ?? '')) return false;
  return happensBefore(left.at, right.at);
}

/** Whether a finding only says again what an earlier one broke: the same token on the same device, later. */
function follows(draft: FindingDraft, earlier: FindingDraft): boolean {
  if (draft.verdict !== 'violated' || earlier.verdict !== 'violated') return false;
  if (draft.identity !== earlier.identity) return false;
  if (draft.effect !== undefined && earlier.explains?.includes(draft.effect)) return true;
  if (draft.device !== earlier.device) return false;
  if (draft.code === 'balance-read' && earlier.code !== 'balance-read') return draft.coin === earlier.coin;
  return (draft.touches ?? []).some((tokenId) => earlier.touches?.includes(tokenId));
}

function differenceOf(
  file: CaseFile,
  { identity, device, coin, comparison, verdict }: FindingDraft,
): Difference | null {
  const found =
    comparison ??
    (verdict === 'violated' && identity && device !== undefined && coin !== undefined && file.logs('balance')
      ? besideSibling(file, identity, device, coin)
      : undefined);
  return found ? difference(found) : null;
}

function difference({ sides: [left, right], tokens }: Comparison): Difference {
  const delta = subtract(parseAmount(right.amount) ?? zero, parseAmount(left.amount) ?? zero);
  return { left, right, delta: formatAmount(delta), tokens };
}

function evidenceOf({ event, role, first }: StoryLine): Evidence {
  return { ...placeOf(event), role, ...(first === true && { first: true as const }) };
}

/** An event as a report names it. */
export function momentOf(event: HistoryEvent): Moment {
  const { device, incarnation, seq, time } = event;
  return { ...placeOf(event), device, incarnation, seq, time };
}

/** Where an event stands, as a report says it. */
export function placeOf({ file, line }: Pick<HistoryEvent, 'file' | 'line'>): Place {
  return file.unit === 'line' ? { file: file.path, line } : { file: file.path, item: line };
}
