import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { glob, isDynamicPattern } from 'tinyglobby';
import { ReplayError } from '../../base/errors.ts';
import { byText } from '../../base/order.ts';

/** A file of a run. `path` is how it is reported, with `/`; `location` is where it lies. */
export interface LogFile {
  readonly path: string;
  readonly location: string;
  readonly bytes: number;
}

/** Files that belong to a run and are no logs: the manifest, totals that the harness worked out, a config of this tool. */
const companions = /^(?:run\.json|totals\.tsv|summary-metrics\.json|replay\.config\.\w+)$/;

/**
 * The files that a path on the command line names, ordered by path: everything below a folder but what begins with a dot, `node_modules` and
 * the run's own companions; a file; what a glob matches; or standard input, named `-`. An empty folder gives an empty list.
 */
export async function findLogFiles(path: string): Promise<LogFile[]> {
  if (path === '-') return [await spool(process.stdin, 'stdin')];
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return list('**/*', path);
  if (found?.isFile()) return [{ path: basename(path), location: resolve(path), bytes: found.size }];
  if (found) return [await spoolPath(path)];
  const pattern = path.replaceAll('\\', '/');
  if (!isDynamicPattern(pattern)) throw await noSuchPath(path);
  const folder = staticPart(pattern);
  const files = await list(pattern.slice(folder === '.' ? 0 : folder.length + 1).replace(/^\/+/, ''), folder || '/');
  if (files.length === 0) throw new ReplayError(`${path}: no file matches`, 'quote the pattern, or name the folder');
  return files;
}

/** The path without its last extension (and `.gz` or `.zst` behind it) and without its folders: the device, where nothing else names it. */
export function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(gz|zst)$/i, '');
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

async function list(pattern: string, folder: string): Promise<LogFile[]> {
  const paths = await glob(pattern, { cwd: folder, dot: false, ignore: ['**/node_modules/**'], onlyFiles: true });
  const files = await Promise.all(
    paths
      .filter((path) => !companions.test(basename(path)))
      .sort(byText)
      .map(async (path) => {
        const location = resolve(folder, path);
        return { path, location, bytes: (await stat(location).catch(() => undefined))?.size ?? 0 };
      }),
  );
  return files;
}

function staticPart(pattern: string): string {
  const segments = pattern.split('/');
  const dynamic = segments.findIndex((segment) => isDynamicPattern(segment));
  return dynamic === 0 ? '.' : segments.slice(0, dynamic).join('/');
}

async function spoolPath(path: string): Promise<LogFile> {
  const { createReadStream } = await import('node:fs');
  return spool(createReadStream(path), basename(path));
}

/** Copies a stream that can be read only once into a temporary file, which is removed when the process ends. */
async function spool(stream: NodeJS.ReadableStream, path: string): Promise<LogFile> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const location = join(folder, 'input');
  await pipeline(stream, createWriteStream(location));
  return { path, location, bytes: (await stat(location)).size };
}

const neighboursShown = 8;

async function noSuchPath(path: string): Promise<ReplayError> {
  const folder = dirname(path);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return new ReplayError(`${path}: no such file or folder`, `there is no folder ${folder} either`);
  const names = entries
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort(byText);
  const shown = names.slice(0, neighboursShown).join(' ') + (names.length > neighboursShown ? ' …' : '');
  return new ReplayError(`${path}: no such file or folder`, shown === '' ? undefined : `here: ${shown}`);
}
