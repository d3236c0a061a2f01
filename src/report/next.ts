import type { RunReport } from '../results.ts';
import { formatMoment, printable, shellWord } from './format.ts';
import type { ReportOptions } from './reporter.ts';

/** The commands that look closer at this run. None where all held, and none for a run that came through a pipe and is gone. */
export function nextCommands(
  { run, findings, verdict }: RunReport,
  index: number,
  reports: number,
  { paths, flags, findingFlags = [] }: ReportOptions,
): readonly string[] {
  const path = pathOf(run, index, reports, paths);
  if (verdict === 'held' || path === undefined || paths.includes('-')) return [];
  const first = findings.find((finding) => finding.verdict === 'violated');
  if (first === undefined) return typed(['inspect', path], flags);
  const { id, at } = first;
  const point = at === null || findingFlags.length === 0 ? id : formatMoment(at);
  return [
    ...typed(['explain', path, id, ...findingFlags], flags),
    ...(at === null ? [] : typed(['show', path, '--at', point, '--step'], flags)),
  ];
}

/** The command that shows where a promise about round trips broke. None where all held, and none for a run that is gone. */
export function nextAfterCount(
  { run, findings }: RunReport,
  index: number,
  reports: number,
  { paths, flags }: ReportOptions,
): readonly string[] {
  const path = pathOf(run, index, reports, paths);
  const at = findings.find((finding) => finding.verdict === 'violated')?.at ?? null;
  if (at === null || path === undefined || paths.includes('-')) return [];
  return typed(['show', path, '--at', formatMoment(at), '--step'], flags);
}

function typed(words: readonly string[], flags: readonly string[]): string[] {
  const command = replayCommand(words, flags);
  return command === undefined ? [] : [command];
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
