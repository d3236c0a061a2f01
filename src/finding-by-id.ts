import { ReplayError } from './base/errors.ts';
import type { FindingDraft } from './invariants/invariant.ts';
import type { Verdicts } from './invariants/judgement/judge.ts';
import type { Finding } from './results.ts';

/** Whether a word names a finding of a report: `F1`. */
export function isFindingId(word: string): boolean {
  return /^f[1-9]\d*$/i.test(word);
}

/** The finding of that id, and what it was made of. Throws a `ReplayError` that says which ids there are. */
export function findingOf(
  { findings, drafts }: Pick<Verdicts, 'findings' | 'drafts'>,
  id: string,
  run: string,
): { readonly finding: Finding; readonly draft: FindingDraft } {
  const index = findings.findIndex((finding) => finding.id === id.toUpperCase());
  const [finding, draft] = [findings[index], drafts[index]];
  if (finding && draft) return { finding, draft };
  throw new ReplayError(
    `${id}: no such finding in ${run}`,
    findings.length === 0 ? 'nothing was found there' : `findings there: ${idsOf(findings)}`,
  );
}

/** The ids with their codes, as many as can be taken in. */
function idsOf(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 12).map((finding) => `${finding.id} ${finding.code}`);
  const more = findings.length - shown.length;
  return `${shown.join(', ')}${more === 0 ? '' : `, and ${more} more up to ${findings.at(-1)?.id}`}`;
}
