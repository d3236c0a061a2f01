import type { Finding, RunReport } from '../../src/results.ts';
import type { SimulatedRun, TruthFinding } from '../simulator/index.ts';

/** What a judge's report says of the one thing that was wrong in a run; of a run without fault, the false violations alone. */
export interface Score {
  readonly seed: number;
  readonly found: boolean;
  /** Not found, and the report says that a start without an orderly end may have lost the lines that would show it. */
  readonly evidenceMayBeLost: boolean;
  readonly classified: boolean;
  readonly located: boolean;
  /** Violations that did not happen: of a class that neither is the fault nor follows from it. */
  readonly falseViolations: readonly Finding[];
  /** Whether the run's verdict is none of those that are right. */
  readonly wrongVerdict: boolean;
}

/** Holds a report against what is true of its run. */
export function score(seed: number, run: SimulatedRun, report: RunReport): Score {
  const { truth } = run;
  const [fault] = truth.findings;
  const right = new Set(truth.findings.flatMap(({ code, mayAlso = [] }) => [code, ...mayAlso]));
  const found = fault !== undefined && isFound(fault, report, right);
  const classified = fault === undefined ? [] : report.findings.filter((finding) => isOfClass(finding, fault));
  const evidenceMayBeLost = fault?.verdict === 'violated' && !found && isWithheld(run, report);
  return {
    seed,
    found,
    evidenceMayBeLost,
    classified: classified.length > 0,
    located: fault !== undefined && classified.some((finding) => isAtPlace(finding, fault, run)),
    falseViolations: report.findings.filter(({ verdict, code }) => verdict === 'violated' && !right.has(code)),
    wrongVerdict: !truth.verdicts.includes(report.verdict) && !evidenceMayBeLost,
  };
}

/** A violation is found where one is reported that the fault explains; everything else has to be named. */
function isFound(fault: TruthFinding, report: RunReport, right: ReadonlySet<string>): boolean {
  if (fault.verdict !== 'violated') return report.findings.some((finding) => isOfClass(finding, fault));
  return report.findings.some(({ verdict, code }) => verdict === 'violated' && right.has(code));
}

function isOfClass({ code, verdict }: Finding, fault: TruthFinding): boolean {
  return code === fault.code && verdict === fault.verdict;
}

/** The device is named, and of token and effect whatever the fault has: one of them at least, and none of them wrongly. */
function isAtPlace(finding: Finding, fault: TruthFinding, run: SimulatedRun): boolean {
  const named = [isRightToken(finding, fault), isRightEffect(finding, fault)].filter((right) => right !== undefined);
  const something = fault.tokenId ?? fault.effect;
  return (
    isRightDevice(finding, fault, run) && !named.includes(false) && (something === undefined || named.includes(true))
  );
}

/** No device is the right answer only where nobody can know it, and for notes, which are about files. */
function isRightDevice({ device }: Finding, fault: TruthFinding, run: SimulatedRun): boolean {
  if (device !== null) return device === fault.device;
  return fault.verdict === 'note' || !canBeKnown(fault, run);
}

/** Balances without causes accuse nobody; nor do two spends without an arbiter, or a line torn before it says whose it is. */
function canBeKnown({ code, detail, device, file }: TruthFinding, { truth, files }: SimulatedRun): boolean {
  if (code === 'undetermined' || code === 'masked') return false;
  if (code === 'double-spend') return detail !== 'no arbiter';
  if (code !== 'torn-line' || truth.features.layout !== 'merged') return true;
  const torn =
    files
      .find(({ name }) => name === file)
      ?.content.split('\n')
      .at(-1) ?? '';
  return torn.includes(`"device":"${device}"`);
}

/** Effects of a class, dropped together, go by its name; which of them a finding names as an example is all the same. */
function isOfDroppedClass({ detail }: Finding, fault: TruthFinding): boolean {
  return fault.code === 'class-dropped' && detail === fault.detail;
}

function isRightToken(finding: Finding, fault: TruthFinding): boolean | undefined {
  const { tokenId, difference } = finding;
  if (fault.tokenId === undefined) return undefined;
  if (tokenId === fault.tokenId || isOfDroppedClass(finding, fault)) return true;
  if (difference?.tokens.some((token) => token.tokenId === fault.tokenId)) return true;
  return tokenId === null ? undefined : false;
}

function isRightEffect(finding: Finding, fault: TruthFinding): boolean | undefined {
  const { effect } = finding;
  if (fault.effect === undefined) return undefined;
  if (effect === fault.effect || fault.others?.includes(effect ?? '') || isOfDroppedClass(finding, fault)) return true;
  return effect === null ? undefined : false;
}

/** With a file for each start, lines that a crash lost cannot be told from lines that were never written. */
function isWithheld({ truth }: SimulatedRun, { checks }: RunReport): boolean {
  if (truth.features.layout !== 'per-incarnation' || !truth.features.restarts) return false;
  return checks.some(({ reason }) => /stopped without device\.end|a hole could hide/.test(reason ?? ''));
}
