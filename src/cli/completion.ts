import type { Command } from './command.ts';

/** The help of `replay completion`, for which yargs has none. */
export const completionHelp = `Usage: replay completion

Prints a script for the shell that $SHELL names (bash, zsh or fish). With it, the
tab key completes commands, flags, the names of checks and of reporters.

Examples:
  # for bash
  replay completion >> ~/.bashrc
  # for zsh
  replay completion >> ~/.zshrc
`;

/** yargs' completion, but for one thing: where a path may stand and no flag is begun, the shell completes paths by itself. */
export function completer(commands: readonly Command[]) {
  return (
    current: string,
    argv: { readonly _: readonly (string | number)[] },
    usual: (onCompleted: (error: Error | null, completions?: string[]) => void) => void,
    done: (completions: string[]) => void,
  ): void => {
    const command = commands.find(({ name }) => argv._.includes(name));
    usual((_error, completions = []) => {
      const flagless = completions.filter((word) =>
        current.startsWith('-') ? !/^--.(:|$)/.test(word) : !word.startsWith('-'),
      );
      done(
        command === undefined
          ? flagless
          : [...flagless, ...(current.startsWith('-') ? [] : (command.operands.choices ?? []))],
      );
    });
  };
}

/** The choices of a command's options, for those that have any; a config that does not fit is not complained of here. */
export async function choicesOf({ options }: Command): Promise<Record<string, string[]>> {
  const entries = Object.entries(options).map(
    async ([name, { choices }]) => [name, await choices?.({}).catch(() => undefined)] as const,
  );
  const known = await Promise.all(entries);
  return Object.fromEntries(known.flatMap(([name, values]) => (values ? [[name, [...values]]] : [])));
}
