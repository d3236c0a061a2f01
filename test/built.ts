import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { root } from './source.ts';

/** The command as it is installed. */
export const bin = join(root, 'dist/bin.js');

/** What came of a child process. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Surroundings {
  readonly cwd?: string;
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const longestMs = 240_000;

/** What a test runner, npm or the user's shell may say about colours, modes and capture; a test says it itself. */
const notInherited = /^(?:npm_(?!config_)|INIT_CWD$|NODE_ENV$|VITEST|FORCE_COLOR$|NO_COLOR$|REPLAY_|UPDATE_GOLDEN$)/;

/** Runs a program to its end, without a terminal. One that does not end in minutes is ended, and throws. */
export function execute(
  program: string,
  args: readonly string[],
  { cwd = root, input = '', env = {} }: Surroundings = {},
): Ended {
  const inherited = Object.entries(process.env).filter(([name]) => !notInherited.test(name));
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    input,
    env: { ...Object.fromEntries(inherited), ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    timeout: longestMs,
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Runs the built command. */
export function replay(args: readonly string[], surroundings?: Surroundings): Ended {
  if (!existsSync(bin)) throw new Error(`${bin} is not there: npm run build`);
  return execute(process.execPath, [bin, ...args], surroundings);
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
