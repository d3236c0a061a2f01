import type { ReportOptions } from '../report/reporter.ts';
import { type ColorChoice, wantsColor } from './color.ts';
import type { Operands } from './command.ts';
import type { Io } from './io.ts';
import { count, oneOf, paths } from './option.ts';

/** The runs that a command reads. */
export const runOperands: Operands = {
  placeholder: '<run..>',
  describe: 'a folder, a file, a pattern, or - for standard input',
  least: 1,
  most: Number.POSITIVE_INFINITY,
};

/** The flags of every command that reads a run. */
export const runOptions = {
  mapping: paths('read other formats by the rules of this JSON file (repeat for several)'),
  'max-problems': count('list at most this many unreadable lines', { least: 0, usual: '10' }),
  color: oneOf('auto, always or never', ['auto', 'always', 'never'], { fallback: 'auto', negated: 'never' }),
};

/** Unreadable lines that are listed where nobody says how many. */
export const usualProblems = 10;

/** The flags of a command without which the ids of findings would be others: a run judged in part has other findings. */
export function findingFlagsOf({
  until,
  check,
}: {
  readonly until: string | undefined;
  readonly check: readonly string[] | undefined;
}): string[] {
  return [
    ...(until === undefined ? [] : ['--until', until]),
    ...(check === undefined ? [] : ['--check', check.join()]),
  ];
}

const widthWithoutTerminal = 80;
const widest = 120;

/** How a text is to look here. A pipe gets 80 columns, so that its text is the same on every machine; past 120 nobody reads. */
export function reportOptionsFor(
  { stdout, env }: Io,
  chosen: { readonly color: ColorChoice; readonly mapping: readonly string[] | undefined },
  runs: readonly string[],
  all: boolean,
): ReportOptions {
  return {
    width: Math.min(widest, Math.max(40, stdout.columns ?? widthWithoutTerminal)),
    color: wantsColor(chosen.color, env, stdout.isTerminal),
    all,
    paths: runs,
    flags: (chosen.mapping ?? []).flatMap((file) => ['--mapping', file]),
  };
}
