import type { CheckResult, Finding, RunReport } from '../results.ts';
import { formatPlace, placeOf, printable, signed } from './format.ts';
import type { Reporter } from './reporter.ts';

/**
 * One line per finding, in columns that `cut` and `awk` can take apart, `-` where there is nothing to say:
 * run, id, verdict, code, identity, coin, device, difference, place. Nothing at all when all held; notes are left out.
 * Where nothing is violated, a check that was not made and has no finding to explain it has a line of its own: silence means that all held.
 */
export const quiet: Reporter = {
  name: 'quiet',
  description: 'one line per finding, and nothing when all held',
  print: (reports) =>
    reports
      .flatMap(linesOf)
      .map((line) => `${line}\n`)
      .join(''),
  printEarly: ({ run, findings }, news) =>
    findings
      .map((finding) => (news === 'found' ? findingLine(finding) : findingLine(finding, news)))
      .map((line) => `${printable(run)} ${line}\n`)
      .join(''),
};

function findingLine(finding: Finding, word: string = finding.verdict): string {
  const { id, code, identity, coin, device, difference } = finding;
  const place = placeOf(finding);
  return columns(
    id,
    word,
    code,
    identity,
    coin,
    device,
    difference && signed(difference.delta),
    place && formatPlace(place),
  );
}

function linesOf({ run, verdict, findings, checks }: RunReport): string[] {
  const lines = findings.filter((finding) => finding.verdict !== 'note').map((finding) => findingLine(finding));
  const unexplained = (check: CheckResult) =>
    check.verdict === 'not-checked' && !findings.some(({ check: name }) => name === check.name);
  if (verdict === 'not-checked') {
    lines.push(
      ...checks
        .filter(unexplained)
        .map(({ name, subject }) => columns(null, 'not-checked', name, subject, null, null, null, null)),
    );
  }
  if (verdict !== 'held' && lines.length === 0) lines.push(columns(null, verdict, null, null, null, null, null, null));
  return lines.map((line) => `${printable(run)} ${line}`);
}

function columns(...values: readonly (string | null)[]): string {
  return values.map((value) => (value === null || value === '' ? '-' : printable(value))).join(' ');
}
