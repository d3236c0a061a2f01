import { ReplayError } from './base/errors.ts';
import { joinMappings, type Mapping } from './events/mapping/mapping.ts';
import type { LogReader } from './events/reader.ts';
import type { Invariant } from './invariants/invariant.ts';
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
  /**
   * A mapping or several, each as its file or as `loadMapping` gives it, that turn foreign lines into events. The first that
   * names a line decides.
   */
  readonly mapping?: string | Mapping | readonly (string | Mapping)[] | undefined;
  /** Readers of other formats, asked before those of the tool. */
  readonly readers?: readonly LogReader[] | undefined;
  /** Invariants of your own, asked after those of the tool. */
  readonly invariants?: readonly Invariant[] | undefined;
  /** How many problems a report lists for each file; the rest are counted. 10 where it is not given. */
  readonly maxProblems?: number | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Told of a path or a run that cannot be read while others can. Where it is not given, or nothing can, it is thrown. */
  readonly onRefused?: ((error: ReplayError) => void) | undefined;
}

/** Every run that the paths name, in the order named, and where progress over all of them is told. */
export interface OpenedRuns {
  readonly runs: readonly Run[];
  readonly maxProblems: number;
  /** Told of bytes that were read; of as many less than none where they are read once more. */
  onBytes(bytes: number): void;
  /** Asks each run, and has the answers in the order of the runs. One that cannot be read takes no answer from the others. */
  askEach<Answer>(ask: (run: Run) => Promise<Answer>): Promise<Answer[]>;
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
export async function openAll(options: RunOptions): Promise<OpenedRuns> {
  const { paths, mapping, readers, maxProblems = 10, onProgress, onRefused } = options;
  const compiled = await compileMappings([mapping ?? []].flat());
  const runs = (await each(paths, (path) => openRuns(path, compiled, readers), onRefused)).flat();
  const totalBytes = runs.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);
  let bytes = 0;
  return {
    runs,
    maxProblems,
    onBytes(read) {
      bytes += read;
      onProgress?.({ bytes, totalBytes });
    },
    askEach: (ask) => each(runs, ask, onRefused),
  };
}

/** The outcomes of those that can be had. Where some cannot, `onRefused` is told why; without it, or where none can, it is thrown. */
async function each<Item, Outcome>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Outcome>,
  onRefused: RunOptions['onRefused'],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const refused: ReplayError[] = [];
  for (const item of items) {
    try {
      outcomes.push(await ask(item));
    } catch (error) {
      if (!onRefused || !(error instanceof ReplayError)) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (first && outcomes.length === 0) throw first;
  for (const error of refused) onRefused?.(error);
  return outcomes;
}

/** Mappings as one; `undefined` where there is none. Throws a `ReplayError` for one that does not fit. */
export async function compileMappings(mappings: readonly (string | Mapping)[]): Promise<Mapping | undefined> {
  if (mappings.length === 0) return undefined;
  const { loadMapping } = await import('./events/mapping/parse-mapping.ts');
  const compiled = mappings.map((mapping) => (typeof mapping === 'string' ? loadMapping(mapping) : mapping));
  const [only, ...others] = await Promise.all(compiled);
  return only && others.length > 0 ? joinMappings([only, ...others]) : only;
}
