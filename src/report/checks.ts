import { grouped } from '../base/grouped.ts';
import type { CheckResult, Finding, Verdict } from '../results.ts';
import { printable } from './format.ts';
import { limited, type Page } from './page.ts';
import { marks, paintOf } from './palette.ts';
import { widthOf } from './table.ts';
import { hang } from './wrap.ts';

const subjectsShown = 6;
const order: readonly Verdict[] = ['violated', 'held', 'not-checked'];

/**
 * What else was asked of the run: a line per check and answer, shared by subjects that got the same one.
 * A violated check is left to the findings that tell of it; where they are not shown, it stands here.
 */
export function checkLines(checks: readonly CheckResult[], told: readonly Finding[], page: Page): string[] {
  const toldNames = new Set(told.map(({ check }) => check));
  const byAnswer = new Map<string, CheckResult[]>();
  for (const check of checks) {
    if (check.lacks !== null) continue;
    if (check.verdict === 'violated' && toldNames.has(check.name)) continue;
    const answer = JSON.stringify([check.verdict, check.name, check.reason, check.detail]);
    byAnswer.set(answer, [...(byAnswer.get(answer) ?? []), check]);
  }
  const answers = order.flatMap((verdict) => [...byAnswer.values()].filter(([check]) => check?.verdict === verdict));
  const column = Math.min(26, Math.max(0, ...answers.map(([check]) => widthOf(check?.name ?? ''))));
  return answers.flatMap((same) => answerLines(same, column, page));
}

/** Questions that the run has no lines for, by what it lacks: one entry for all that want the same. */
export function unaskedLines(checks: readonly CheckResult[], page: Page): string[] {
  const byLack = new Map<string, string[]>();
  for (const { name, lacks } of checks) {
    if (lacks === null) continue;
    const what = lacks.join(' and no ');
    byLack.set(what, [...(byLack.get(what) ?? []), name]);
  }
  const lead = `  ${page.palette.unknown(marks['not-checked'])} not asked`;
  const lines = [...byLack].flatMap(([what, names]) =>
    hang('      ', `no ${what} line: ${names.join(', ')}`, page.width),
  );
  return lines.length === 0 ? [] : [lead, ...lines];
}

function answerLines(same: readonly CheckResult[], column: number, page: Page): string[] {
  const [check] = same;
  if (check === undefined) return [];
  const { verdict, name, reason, detail } = check;
  const subjects = same.map(({ subject }) => subject).filter((subject) => subject !== null);
  const because = [verdictWord(verdict), reason ?? detail].filter((part) => part !== null).join(': ');
  const answer = subjectsOf(subjects, page) + (verdict === 'held' ? (detail ?? 'held') : because);
  const lead = `  ${marks[verdict]} ${name.padEnd(column)}  `;
  const [first = '', ...rest] = hang(lead, printable(page.shorten(answer)), page.width);
  return [`  ${paintOf(page.palette, verdict)(marks[verdict])}${first.slice(3)}`, ...rest];
}

function subjectsOf(subjects: readonly string[], page: Page): string {
  const { shown, rest } = limited(subjects, subjectsShown, page.all);
  const more = rest === 0 ? '' : `, … (${grouped(subjects.length)})`;
  return shown.length === 0 ? '' : `${shown.join(', ')}${more}: `;
}

/** How many of each verdict: `1 violated · 5 held · 1 not checked`. */
export function countsOf(verdicts: readonly Verdict[]): string {
  const parts = order
    .map((verdict) => ({ verdict, number: verdicts.filter((candidate) => candidate === verdict).length }))
    .filter(({ number }) => number > 0)
    .map(({ verdict, number }) => `${grouped(number)} ${verdictWord(verdict)}`);
  return parts.length === 0 ? 'nothing checked' : parts.join(' · ');
}

/** A verdict in prose. */
export function verdictWord(verdict: Verdict): string {
  return verdict === 'not-checked' ? 'not checked' : verdict;
}
