import { ReplayError } from './base/errors.ts';
import { joinMappings, type Mapping } from './events/mapping/mapping.ts';
import { loadMapping } from './events/mapping/parse-mapping.ts';
import { openRuns, type Run } from './replay/run.ts';

/** How far the reading of the named paths has come. `totalBytes` is `null` where it cannot be known. */
export interface Progress {
  readonly bytes: number;
  readonly totalBytes: number | null;
}

/** What every command that reads runs is told. */
export interface RunOptions {
  /** Folders, files, globs, or `-` for standard input. */
  readonly paths: readonly string[];
  /** A mapping file, or several, that turn foreign lines into events. On a file, the rules of the first that names a line decide. */
  readonly mapping?: string | readonly string[] | undefined;
  /** How many problems a report lists for each file; the rest are counted. 10 where it is not given. */
  readonly maxProblems?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Every run that the paths name, in the order named, and where progress over all of them is told. */
export interface OpenedRuns {
  readonly runs: readonly Run[];
  readonly maxProblems: number;
  onBytes(bytes: number): void;
}

/** Opens the one run that the paths name. Throws a `ReplayError` where there are several, or none; `command` says who asks. */
export async function openOne(command: string, options: RunOptions): Promise<OpenedRuns & { readonly run: Run }> {
  const opened = await openAll(options);
  const [run, second] = opened.runs;
  if (run && !second) return { ...opened, run };
  const names = opened.runs.map(({ name }) => name).join(' ');
  throw new ReplayError(
    `${command}: expected one run, got ${opened.runs.length}`,
    names ? `name one of ${names}` : undefined,
  );
}

/** Opens the runs. Throws a `ReplayError` for a path with nothing at it and for a mapping that does not fit. */
export async function openAll({ paths, mapping, maxProblems = 10, onProgress }: RunOptions): Promise<OpenedRuns> {
  const compiled = await loadMappings([mapping ?? []].flat());
  const runs: Run[] = [];
  for (const path of paths) runs.push(...(await openRuns(path, compiled)));
  const totalBytes = runs.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  return {
    runs,
    maxProblems,
    onBytes(read) {
      bytes += read;
      onProgress?.({ bytes, totalBytes });
    },
  };
}

async function loadMappings(files: readonly string[]): Promise<Mapping | undefined> {
  const [only, ...others] = await Promise.all(files.map(loadMapping));
  return only && others.length > 0 ? joinMappings([only, ...others]) : only;
}
