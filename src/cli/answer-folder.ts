import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AnswerCache } from '../cache/answer-cache.ts';
import type { Io } from './io.ts';

/** What a folder of answers may come to. */
export interface Bounds {
  readonly leastBytes: number;
  readonly mostAnswers: number;
  readonly mostBytes: number;
}

/** Under 8 MB a run is checked in less than a quarter of a second. What is known at the end of a run takes 6 MB for 1 GB, and 50 MB where 100,000 tokens live. */
const usualBounds: Bounds = { leastBytes: 8e6, mostAnswers: 64, mostBytes: 256e6 };

/**
 * The answers that are kept for this user: none where they are not wanted, where the environment doubts the fast lane or names no folder, and
 * where the tool runs from its source, which may change at any time.
 */
export function answersFor({ env }: Pick<Io, 'env'>, wanted: boolean): AnswerCache | undefined {
  const folder = cacheFolder(env, process.platform);
  const code = fileURLToPath(import.meta.url);
  if (!wanted || env.REPLAY_SLOW || folder === undefined || extname(code) !== '.js') return undefined;
  return openAnswers(folder, async () => digestOfCode(dirname(code)));
}

/** The folder for what can be made again, as the platform has it; `undefined` where the environment names none. */
export function cacheFolder(env: Io['env'], platform: string): string | undefined {
  const { XDG_CACHE_HOME: chosen, HOME: home, LOCALAPPDATA: local } = env;
  // By its specification, a path that is not absolute is no path.
  if (chosen && isAbsolute(chosen)) return join(chosen, 'ledger-replay');
  if (platform === 'win32') return local && join(local, 'ledger-replay', 'Cache');
  return home && join(home, platform === 'darwin' ? 'Library/Caches' : '.cache', 'ledger-replay');
}

/**
 * Answers in a folder, a file each, as readable to others as the logs of a wallet should be: not at all. A file is written whole or not, so
 * that processes need not know of each other; one that is not what was written is no answer, and is replaced. `code` makes answers of
 * another build other answers; it is asked once, before the work, so that a build that ends meanwhile gets no answer of this one. Where the
 * folder cannot be used, nothing is kept, and nothing is said: it is only slower.
 */
export function openAnswers(folder: string, code: () => Promise<string>, bounds: Bounds = usualBounds): AnswerCache {
  let build: Promise<string> | undefined;
  const nameOf = async (key: string) => {
    build ??= code();
    return digestOf([`${await build} ${key}`]);
  };
  return {
    leastBytes: bounds.leastBytes,
    async find(key) {
      try {
        const name = await nameOf(key);
        if (!(await isOurs(folder))) return undefined;
        const path = join(folder, name + extension);
        const there = await lstat(path);
        if (!there.isFile() || there.size > bounds.mostBytes) return undefined;
        const answer = unseal(name, await readFile(path));
        if (answer !== undefined) await touch(path);
        return answer;
      } catch {
        return undefined;
      }
    },
    async keep(key, pieces) {
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const name = await nameOf(key);
        const sealed = [sealOf(name, pieces), ...pieces];
        if (!(await isOurs(folder)) || bytesIn(sealed) > bounds.mostBytes) return;
        await writeWhole(join(folder, name + extension), sealed);
        await makeRoom(folder, name + extension, bounds);
      } catch {
        // The next time is as slow as this one.
      }
    },
  };
}

const extension = '.answer';
const answerName = /^[0-9a-f]{64}\.answer$/;
const partialName = /^[0-9a-f]{64}\.answer\.\d+-\d+\.partial$/;

/** What a killed process left half-written is nobody's after an hour. */
const abandonedMs = 3_600_000;

/** Its own name and the digest of what follows stand before an answer, so that no other text passes for it. */
function sealOf(name: string, pieces: readonly Uint8Array[]): Buffer {
  return Buffer.from(`ledger-replay answer 1 ${name} ${digestOf(pieces)}\n`);
}

function unseal(name: string, sealed: Buffer): Uint8Array | undefined {
  const begin = sealed.indexOf('\n') + 1;
  const answer = sealed.subarray(begin);
  return sealOf(name, [answer]).equals(sealed.subarray(0, begin)) ? answer : undefined;
}

function bytesIn(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

/** In a folder that others can write to, anybody could leave an answer that says what he likes. */
async function isOurs(folder: string): Promise<boolean> {
  const { uid, mode } = await stat(folder);
  const user = process.getuid?.();
  return user === undefined || (uid === user && (mode & 0o022) === 0);
}

/** An answer that was used is as young as one that was written. */
async function touch(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch(() => {});
}

let written = 0;

async function writeWhole(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const partial = `${path}.${process.pid}-${written++}.partial`;
  try {
    const handle = await open(partial, 'wx', 0o600);
    try {
      const { bytesWritten } = await handle.writev(pieces);
      if (bytesWritten < bytesIn(pieces)) throw new Error(`${partial}: no room for all of it`);
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Takes away the oldest answers that there is no room for, but never `newest`. Files that are not of this cache stay. */
async function makeRoom(folder: string, newest: string, { mostAnswers, mostBytes }: Bounds): Promise<void> {
  const named = await readdir(folder);
  const files = await Promise.all(
    named.map(async (name) => {
      const there = await lstat(join(folder, name)).catch(() => undefined);
      return {
        name,
        bytes: there?.size ?? 0,
        time: name === newest ? Number.POSITIVE_INFINITY : (there?.mtimeMs ?? 0),
      };
    }),
  );
  const answers = files.filter(({ name }) => answerName.test(name)).sort((left, right) => right.time - left.time);
  let bytes = 0;
  const excess = answers.filter((file, index) => {
    bytes += file.bytes;
    return index >= mostAnswers || bytes > mostBytes;
  });
  const abandoned = files.filter(({ name, time }) => partialName.test(name) && time < Date.now() - abandonedMs);
  for (const { name } of [...excess, ...abandoned]) await rm(join(folder, name), { force: true });
}

/** A digest of the code in a folder: two builds of one version are two tools. Read at once, which for many small files is much the quickest. */
function digestOfCode(folder: string): string {
  const names = readdirSync(folder).filter((name) => extname(name) === '.js');
  const texts = names.sort().map((name) => readFileSync(join(folder, name)));
  return digestOf(texts.flatMap((text, index) => [`${names[index]} ${text.length}\n`, text]));
}

function digestOf(pieces: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
