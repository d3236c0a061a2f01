import type { ExitCode } from './exit-codes.ts';
import type { Io } from './io.ts';
import type { Option, ValuesOf } from './option.ts';

/** The words of a command that are no flags. */
export interface Operands {
  /** As the usage line has it: `<run..>`. */
  readonly placeholder: string;
  readonly describe: string;
  readonly least: number;
  readonly most: number;
  readonly choices?: readonly string[];
}

/** One member of the family of commands. What it needs to do its work, it imports when it is run: start-up stays quick. */
export interface Command {
  readonly name: string;
  /** Shorter words for the same. */
  readonly aliases?: readonly string[];
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What it does, what it prints and what its exit codes mean, for its own help. */
  readonly description: string;
  readonly examples: readonly (readonly [command: string, meaning: string])[];
  readonly operands: Operands;
  readonly options: Readonly<Record<string, Option>>;
  /** Does the work; `options` by name, as their `parse` made them. */
  readonly run: (operands: readonly string[], options: Readonly<Record<string, unknown>>, io: Io) => Promise<ExitCode>;
}

/** Declares a command. The types of what `run` gets follow from `options`. */
export function defineCommand<const Options extends Readonly<Record<string, Option>>>(
  command: Omit<Command, 'options' | 'run'> & {
    readonly options: Options;
    readonly run: (operands: readonly string[], options: ValuesOf<Options>, io: Io) => Promise<ExitCode>;
  },
): Command {
  return command as unknown as Command;
}
