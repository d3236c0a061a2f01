import { type FollowOptions, followBalances, onePath } from '../follow.ts';
import type { Reporter, ReportOptions } from '../report/reporter.ts';
import type { RunReport } from '../results.ts';
import type { Io } from './io.ts';

/** How what is found early is printed. */
interface Style {
  readonly reporter: Reporter;
  readonly style: ReportOptions;
}

/**
 * Checks a run while it is written, and prints what is found as it comes, until the user interrupts: the first interruption ends
 * this and nothing else, so that the command can go on with the report of what is there.
 */
export async function follow(
  paths: readonly string[],
  asked: Pick<FollowOptions, 'mapping' | 'readers' | 'invariants' | 'devices' | 'coins' | 'checks' | 'all'>,
  { reporter, style }: Style,
  io: Io,
): Promise<void> {
  const path = onePath(paths);
  const print = (news: 'found' | 'taken-back') => async (report: RunReport) => {
    const text = reporter.printEarly?.(report, news, style);
    if (text) await io.stdout.write(text);
  };
  await followBalances({
    ...asked,
    path,
    stop: io.takeInterruption(),
    onFound: print('found'),
    onTakenBack: print('taken-back'),
    onBegun: (report) => io.stderr.write(remark(path, report)),
  });
}

function remark(path: string, report: RunReport | null): string {
  const seen = report ? `${report.run}: ${count(report.input.events, 'event')} so far` : `no log is in ${path} yet`;
  return `replay: following ${seen}; Ctrl-C ends with the verdict\n`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
