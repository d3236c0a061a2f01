import { ReplayError } from './base/errors.ts';
import { type CheckOptions, isWanted } from './check.ts';
import { chooseChecks, needsWhatWasForgotten, projectionsFor } from './examine.ts';
import type { Invariant } from './invariants/invariant.ts';
import { judge } from './invariants/judgement/judge.ts';
import { StartAnew } from './replay/live-merge.ts';
import { type LiveRun, openLiveRun } from './replay/live-run.ts';
import { Replayer } from './replay/projection.ts';
import type { Finding, RunReport } from './results.ts';
import { compileMappings } from './run-options.ts';
import { openCase, reportOn } from './run-report.ts';

/** How much of the time may go into judging, where there is much to judge. */
const largestShare = 1 / 2;

/** What `followBalances` is asked, and whom it tells. What it tells is awaited before it reads on. */
export interface FollowOptions
  extends Pick<CheckOptions, 'mapping' | 'readers' | 'invariants' | 'devices' | 'coins' | 'checks' | 'all'> {
  /** The folder, file or glob of one run. */
  readonly path: string;
  /** Aborted when it is enough. */
  readonly stop: AbortSignal;
  /**
   * Told of violations that are new, in a report of the run as it is now that holds these alone. They have no id yet, and nobody knows
   * what will follow from them.
   */
  onFound(report: RunReport): Promise<void> | void;
  /** Told of violations that were told before and that lines which came later explain otherwise: rare, see the documentation. */
  onTakenBack?(report: RunReport): Promise<void> | void;
  /** Told once, when all that was there from the start was read and judged; `null` where no log is there yet. */
  onBegun?(report: RunReport | null): Promise<void> | void;
}

/**
 * Checks a run that is being written, until `stop` is aborted: each time that its logs have grown it is judged as at a cut, so that what is under way is
 * pending, and a violation is told once. What is missing is not told: it may still come. For the verdict ask `checkBalances` afterwards.
 * Memory is bounded as there, until something is in dispute: from then on all of the run is kept.
 */
export async function followBalances(options: FollowOptions): Promise<void> {
  const { path, mapping, readers, stop } = options;
  const asked = chooseChecks(options.checks, options.invariants);
  const run = await openLiveRun(path, {
    mapping: await compileMappings([mapping ?? []].flat()),
    readers,
    maxProblems: 0,
  });
  const follower = new Follower(run, asked, options);
  try {
    while (!stop.aborted) {
      await follower.pass().catch((error: unknown) => run.learnFrom(error, stop));
    }
  } finally {
    await run.close();
  }
}

class Follower {
  private readonly run: LiveRun;
  private readonly asked: readonly Invariant[];
  private readonly options: FollowOptions;
  /** Violations that were told and still hold, by what they are about. */
  private readonly told = new Map<string, { readonly finding: Finding; readonly pass: number }>();
  private passes = 0;
  private retainsAll = false;
  private hasBegun = false;

  constructor(run: LiveRun, asked: readonly Invariant[], options: FollowOptions) {
    this.run = run;
    this.asked = asked;
    this.options = options;
  }

  /** Follows the run from its start, until it is enough or the run must be read anew. */
  async pass(): Promise<void> {
    const { run, asked, retainsAll } = this;
    const { stop } = this.options;
    this.passes++;
    await run.begin();
    const states = new Replayer(projectionsFor(asked), run.devices.countOf, retainsAll);
    let isJudged = false;
    let judgeAt = 0;
    while (!stop.aborted) {
      if (await run.readOn((event) => states.apply(event), stop)) isJudged = false;
      if (stop.aborted) return;
      const began = run.clock();
      if (!isJudged && began >= judgeAt) {
        await this.judge(states);
        isJudged = true;
        judgeAt = began + (run.clock() - began) / largestShare;
      }
      await run.pause(stop);
    }
  }

  private async judge(states: Replayer): Promise<void> {
    const { now } = this.run;
    if (!now) return this.begun(null);
    const file = openCase(now.run, now.reading, states, true);
    const verdicts = judge(file, this.asked);
    const violations = verdicts.findings.filter(({ verdict }) => verdict === 'violated');
    // What is missing makes nothing worth keeping: it is not told before the end.
    if (!this.retainsAll && needsWhatWasForgotten(file, violations.length > 0)) {
      this.retainsAll = true;
      throw new StartAnew('dispute');
    }
    const report = (findings: readonly Finding[]): RunReport => ({
      ...reportOn(now.run, now.reading, file, verdicts),
      findings: findings.map((finding) => ({ ...finding, id: '', follows: null, consequences: 0 })),
    });
    await this.tell(violations, report);
    await this.begun(report([]));
  }

  private async tell(
    violations: readonly Finding[],
    report: (findings: readonly Finding[]) => RunReport,
  ): Promise<void> {
    const { onFound, onTakenBack } = this.options;
    const { told, passes: pass } = this;
    const here = new Map(violations.map((finding) => [aboutOf(finding), finding]));
    // Where logs were lost, nothing follows from a finding's absence in a pass that never had it.
    const back = [...told].filter(([about, last]) => !here.has(about) && (last.pass === pass || !this.run.hasLost));
    for (const [about] of back) told.delete(about);
    const found = violations.filter((finding) => isWanted(finding, this.options) && !told.has(aboutOf(finding)));
    for (const finding of found) told.set(aboutOf(finding), { finding, pass });
    for (const [about, finding] of here) if (told.has(about)) told.set(about, { finding, pass });
    if (back.length > 0) await onTakenBack?.(report(back.map(([, { finding }]) => finding)));
    if (found.length > 0) await onFound(report(found));
  }

  private async begun(report: RunReport | null): Promise<void> {
    if (this.hasBegun) return;
    this.hasBegun = true;
    await this.options.onBegun?.(report);
  }
}

/** What a violation is about, which stays the same while a log grows, whatever else is found. */
function aboutOf({ code, identity, device, coin, tokenId, effect, opId, detail, at }: Finding): string {
  const place = at && [at.device, at.incarnation, at.seq];
  return JSON.stringify([code, identity, device, coin, tokenId, effect, opId, detail, place]);
}

/** The path of the one run that can be followed. Throws a `ReplayError` where there are several. */
export function onePath(paths: readonly string[]): string {
  const [path, ...others] = paths;
  if (path !== undefined && others.length === 0) return path;
  throw new ReplayError(`--follow: expected one run, got ${paths.length}`, 'follow each in a terminal of its own');
}
