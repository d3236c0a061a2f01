import type { ReportOptions } from '../report/reporter.ts';
import { type ColorChoice, wantsColor } from './color.ts';
import type { Operands } from './command.ts';
import type { Io } from './io.ts';
import { count, oneOf, word } from './option.ts';

/** The runs that a command reads. */
export const runOperands: Operands = {
  placeholder: '<run..>',
  describe: 'a folder, a file, a pattern, or - for standard input',
  least: 1,
  most: Number.POSITIVE_INFINITY,
};

/** The flags of every command that reads a run. */
export const runOptions = {
  mapping: word('read other formats by the rules of this JSON file'),
  'max-problems': count('list at most this many unreadable lines', { least: 0, usual: '10' }),
  color: oneOf('auto, always or never', ['auto', 'always', 'never'], { fallback: 'auto', negated: 'never' }),
};

/** Unreadable lines that are listed where nobody says how many. */
export const usualProblems = 10;

const widthWithoutTerminal = 80;
const widest = 120;

/** How a text is to look here. A pipe gets 80 columns, so that its text is the same on every machine; past 120 nobody reads. */
export function reportOptionsFor(
  { stdout, env }: Io,
  chosen: { readonly color: ColorChoice; readonly mapping: string | undefined },
  paths: readonly string[],
  all: boolean,
): ReportOptions {
  return {
    width: Math.min(widest, Math.max(40, stdout.columns ?? widthWithoutTerminal)),
    color: wantsColor(chosen.color, env, stdout.isTerminal),
    all,
    paths,
    flags: chosen.mapping === undefined ? [] : ['--mapping', chosen.mapping],
  };
}
