/** When to colour, as `--color` takes it. */
export type ColorChoice = 'auto' | 'always' | 'never';

/**
 * Whether to colour. `--color` decides; where it says `auto`, `FORCE_COLOR` does, then `NO_COLOR`, then whether a terminal that can is there.
 * An empty variable counts as absent.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  const forced = env.FORCE_COLOR;
  if (forced) return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR) return false;
  return isTerminal && env.TERM !== 'dumb';
}
