import type { ReportOptions } from '../report/reporter.ts';
import { type ColorChoice, wantsColor } from './color.ts';
import type { Operands } from './command.ts';
import type { Io } from './io.ts';
import { count, type GivenWords, oneOf, pathOrNone, paths, unlessNegated, type ValuesOf } from './option.ts';

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
  config: pathOrNone('add the checks, readers and mappings of this file, and not of replay.config.*'),
  'max-problems': count('list at most this many unreadable lines', { least: 0, usual: '10' }),
  color: oneOf('auto, always or never', ['auto', 'always', 'never'], { fallback: 'auto', negated: 'never' }),
};

/** The flag of the commands whose answers are kept for the next time. */
export const cacheOption = {
  cache: unlessNegated('read no more of a run than has changed since it was asked about; --no-cache reads it anew'),
};

/** The flag of the commands that read with several threads. */
export const workersOption = {
  workers: count('read with so many threads', {
    least: 1,
    usual: 'up to 4, where the machine has more than 2 processors',
  }),
};

/** What a project's config and the flags add to the tool, as a use case takes it; of mappings, the flags' go first. */
export async function additionsOf({ config, mapping = [] }: Pick<ValuesOf<typeof runOptions>, 'config' | 'mapping'>) {
  const { loadConfig } = await import('../config.ts');
  const additions = await loadConfig(config);
  const mappings = [...mapping, ...additions.mapping];
  return {
    mapping: mappings.length > 0 ? mappings : undefined,
    ...(additions.readers.length > 0 && { readers: additions.readers }),
    ...(additions.invariants.length > 0 && { invariants: additions.invariants }),
    ...(Object.keys(additions.budgets).length > 0 && { budgets: additions.budgets }),
  };
}

/** The names that `--check` takes: of the tool's own checks, and of those that the config adds. */
export async function checkNames({ config }: GivenWords): Promise<string[]> {
  const { invariants } = await import('../invariants/index.ts');
  const added = await additionsOf({
    config: typeof config === 'string' || config === false ? config : undefined,
    mapping: [],
  });
  return [...invariants, ...(added.invariants ?? [])].map(({ name }) => name);
}

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
  chosen: {
    readonly color: ColorChoice;
    readonly mapping: readonly string[] | undefined;
    readonly config: string | false | undefined;
  },
  runs: readonly string[],
  all: boolean,
): ReportOptions {
  return {
    width: Math.min(widest, Math.max(40, stdout.columns ?? widthWithoutTerminal)),
    color: wantsColor(chosen.color, env, stdout.isTerminal),
    all,
    paths: runs,
    flags: [
      ...(chosen.mapping ?? []).flatMap((file) => ['--mapping', file]),
      ...(typeof chosen.config === 'string' ? ['--config', chosen.config] : []),
      ...(chosen.config === false ? ['--no-config'] : []),
    ],
  };
}
