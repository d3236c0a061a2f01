import { rmSync } from 'node:fs';
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ReplayError } from '../base/errors.ts';
import type { Io } from './io.ts';

/**
 * Writes a file as a whole or not at all: what was there before stays until the new one is complete, also when the user
 * interrupts. What is no regular file, such as a pipe, is written in place. A file among `inputs`, the paths that are
 * read, is refused. Throws a `ReplayError` where nothing can be written.
 */
export async function writeOutput<Result>(
  path: string,
  inputs: readonly string[],
  { interrupted }: Pick<Io, 'interrupted'>,
  work: (write: (text: string) => Promise<void>) => Promise<Result>,
): Promise<Result> {
  const target = await realpath(path).catch(() => resolve(path));
  for (const input of inputs) await refuseInput(path, target, input);
  const there = await stat(target).catch(() => undefined);
  if (there?.isDirectory()) throw unwritable(path, { code: 'EISDIR' });
  const inPlace = there !== undefined && !there.isFile();
  const written = inPlace ? target : join(dirname(target), `.${basename(target)}.${process.pid}.partial`);
  const handle = await open(written, 'w').catch((error) => {
    throw unwritable(path, error);
  });
  const discard = () => rmSync(written, { force: true });
  if (!inPlace) interrupted.addEventListener('abort', discard);
  try {
    const result = await work((text) => append(handle, text, path));
    await handle.close();
    if (!inPlace) await rename(written, target);
    return result;
  } catch (error) {
    await handle.close().catch(() => {});
    if (!inPlace) await rm(written, { force: true });
    throw error;
  } finally {
    interrupted.removeEventListener('abort', discard);
  }
}

async function append(handle: FileHandle, text: string, path: string): Promise<void> {
  await handle.appendFile(text).catch((error) => {
    throw unwritable(path, error);
  });
}

/** A file in a run's folder would be one of its logs the next time, and one that is a log would be lost. */
async function refuseInput(path: string, target: string, input: string): Promise<void> {
  if (input === '-') return;
  const real = await realpath(input).catch(() => undefined);
  if (real === undefined) {
    const pattern = resolve(input).split(sep).join('/');
    const { default: picomatch } = await import('picomatch');
    if (!picomatch.isMatch(target.split(sep).join('/'), pattern)) return;
    throw new ReplayError(`${path}: ${input} names it as a log that is read`, 'name another file');
  }
  if (target === real) throw new ReplayError(`${path}: is the log that is read`, 'name another file');
  const below = relative(real, target);
  if (below.startsWith('..') || !(await stat(real)).isDirectory()) return;
  throw new ReplayError(`${path}: lies in ${input}, and would be read as a log of it`, 'name a file somewhere else');
}

const troubles: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such folder', 'make it first, or name another file'],
  ENOTDIR: ['there is no such folder', 'make it first, or name another file'],
  EACCES: ['no permission to write there', 'name another file'],
  EPERM: ['no permission to write there', 'name another file'],
  EROFS: ['no permission to write there', 'name another file'],
  EISDIR: ['is a folder, not a file', 'name a file in it'],
  ENOSPC: ['cannot be written: the disk is full', 'name a file on another disk'],
};

function unwritable(path: string, error: { code?: string; message?: string }): ReplayError {
  const [trouble, hint] = troubles[error.code ?? ''] ?? [`cannot be written: ${error.message}`, undefined];
  return new ReplayError(`${path}: ${trouble}`, hint, { cause: error });
}
