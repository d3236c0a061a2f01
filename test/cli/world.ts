import { run } from '../../src/cli/main.ts';

/** What the world of a command is like; a pipe without variables where nothing is said. */
interface World {
  readonly env?: Readonly<Record<string, string>>;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly interrupted?: AbortSignal;
  /** What a command gets that takes the first interruption. */
  readonly stopped?: AbortSignal;
  readonly now?: () => number;
}

/** What came of a command. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. Arguments are split at blanks, but for what stands in an array. */
export async function replay(line: string | readonly string[], world: World = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const outputTo = (name: keyof typeof written) => ({
    isTerminal: world.terminal ?? false,
    columns: world.columns,
    write: async (text: string) => {
      written[name] += text;
    },
  });
  const code = await run(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, {
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    env: world.env ?? {},
    interrupted: world.interrupted ?? new AbortController().signal,
    takeInterruption: () => world.stopped ?? new AbortController().signal,
    now: world.now ?? (() => 0),
  });
  return { code, ...written };
}
