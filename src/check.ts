import { type AnswerCache, recallFrom } from './cache/answer-cache.ts';
import type { GlanceMark } from './replay/glance/glance-run.ts';
import type { Finding, RunReport } from './results.ts';
import { openAll, type RunOptions } from './run-options.ts';
import { tool } from './version.ts';

export type { Progress, RunOptions } from './run-options.ts';

/** What `checkBalances` is asked. */
export interface CheckOptions extends RunOptions {
  /** Only findings about these devices; what concerns no single device stays. */
  readonly devices?: readonly string[] | undefined;
  /** Only findings about these coins; what concerns no single coin stays. */
  readonly coins?: readonly string[] | undefined;
  /** The names of the checks to ask; all where it is not given. */
  readonly checks?: readonly string[] | undefined;
  /** Judge the run up to a point: `device:incarnation:seq` or an ISO time. What is under way there is pending. */
  readonly until?: string | undefined;
  /** List findings that follow from others, too. */
  readonly all?: boolean | undefined;
  /** Keep every effect in memory from the start; else what is settled is forgotten, and read again only in a dispute. */
  readonly retainAll?: boolean | undefined;
  /** How many threads read a large run; as many as the machine has, up to four, where it is not given. The answer is the same. */
  readonly workers?: number | undefined;
  /** Where answers are kept for the next time; nothing is kept where it is not given. */
  readonly cache?: AnswerCache | undefined;
}

/**
 * Rebuilds each device's ledger and says where the devices of an identity part: one report per run, in the order named.
 * Throws a `ReplayError` for what the caller can mend: a wrong path, an unknown check, a mapping that does not fit.
 */
export async function checkBalances(options: CheckOptions): Promise<readonly RunReport[]> {
  const { checks = [], invariants: own, until, retainAll = false, workers, maxProblems: listed } = options;
  // Whoever asks again does not wait for what judges.
  const examination = () => import('./examine.ts');
  // A name that no check has is refused before anything is read.
  if (checks.length > 0) (await examination()).chooseChecks(checks, own);
  const question = { tool, use: 'check-balances', checks, until, retainAll, maxProblems: listed };
  const recall = await recallFrom<GlanceMark>(options, question, { tool, use: 'glance' });
  const { askEach, maxProblems, onBytes } = await openAll(options);
  return askEach(async (run) => {
    const report = await recall(run, onBytes, async (course) => {
      const { chooseChecks, judgeRun } = await examination();
      return judgeRun(run, chooseChecks(checks, own), { until, retainAll, workers, course, maxProblems, onBytes });
    });
    return { ...report, findings: report.findings.filter((finding) => isWanted(finding, options)) };
  });
}

/** Whether a finding is about what was asked for; what follows from others only where all is. */
export function isWanted(
  { device, coin, follows }: Finding,
  { devices: wanted = [], coins = [], all = false }: Pick<CheckOptions, 'devices' | 'coins' | 'all'>,
): boolean {
  if (follows !== null && !all) return false;
  if (wanted.length > 0 && device !== null && !wanted.includes(device)) return false;
  return coins.length === 0 || coin === null || coins.includes(coin);
}
