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

/** Runs a program to its end, without a terminal and with few variables. */
export function execute(
  program: string,
  args: readonly string[],
  { cwd = root, input = '', env = {} }: { cwd?: string; input?: string; env?: Record<string, string> } = {},
): Ended {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    input,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (error) throw error;
  return { code: status, stdout, stderr };
}

/** Runs the built command. */
export function replay(args: readonly string[], options?: Parameters<typeof execute>[2]): Ended {
  if (!existsSync(bin)) throw new Error(`${bin} is not there: npm run build`);
  return execute(process.execPath, [bin, ...args], options);
}

/** An empty folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
