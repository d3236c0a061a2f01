import type { RunReport } from '../results.ts';
import { formatMoment, printable, shellWord } from './format.ts';
import type { ReportOptions } from './reporter.ts';

/** The command that looks closer at this run. None where all held, and none for a run that came through a pipe and is gone. */
export function nextCommand(
  { run, findings, verdict }: RunReport,
  index: number,
  reports: number,
  { paths, flags }: ReportOptions,
): string | undefined {
  const path = pathOf(run, index, reports, paths);
  if (verdict === 'held' || path === undefined || paths.includes('-')) return undefined;
  const at = findings.find((finding) => finding.verdict === 'violated' && finding.at !== null)?.at;
  return replayCommand(at ? ['show', path, '--at', formatMoment(at), '--step'] : ['inspect', path], flags);
}

/** A command line of ours as it can be typed; none where a word holds what cannot be typed. */
export function replayCommand(words: readonly string[], flags: readonly string[]): string | undefined {
  const line = ['replay', ...words, ...flags].map(shellWord).join(' ');
  return line === printable(line) ? line : undefined;
}

/** The path that names a run on the command line; a run of a series lies in the folder that was named. */
function pathOf(run: string, index: number, reports: number, paths: readonly string[]): string | undefined {
  if (paths.length === reports) return paths[index];
  return paths.length === 1 ? `${paths[0]?.replace(/\/+$/, '')}/${run}` : undefined;
}
