import { dirname, extname, isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lilconfig } from 'lilconfig';
import { ReplayError } from './base/errors.ts';
import { type MappingFunction, mappingOf } from './events/mapping/function-mapping.ts';
import type { Mapping } from './events/mapping/mapping.ts';
import type { LogReader } from './events/reader.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { Budgets } from './invariants/round-trips/budget.ts';

/** What a project adds to the tool: what `replay.config.*` exports. Projections come with the invariants that use them. */
export interface Config {
  /** Asked after the tool's own, in this order. */
  readonly invariants?: readonly Invariant[];
  /** Asked before the tool's own, in this order. */
  readonly readers?: readonly LogReader[];
  /** Each a path from the config's folder, the content of such a file, or a function. Those of the command line go first. */
  readonly mappings?: readonly (string | Readonly<Record<string, unknown>> | MappingFunction)[];
  /** What operations may cost, by their names: `{ pay: { verify: 1, total: 4, retries: 3 } }`. Limits of the command line win. */
  readonly roundTrips?: Budgets;
}

/** Declares a config; for its types alone. */
export function defineConfig(config: Config): Config {
  return config;
}

/** A config as the use cases take it: `checkBalances({ paths, ...(await loadConfig()) })`. */
export interface Additions {
  readonly mapping: readonly Mapping[];
  readonly readers: readonly LogReader[];
  readonly invariants: readonly Invariant[];
  readonly budgets: Budgets;
}

const nothing: Additions = { mapping: [], readers: [], invariants: [], budgets: {} };
const extensions = ['.json', '.js', '.mjs', '.cjs', '.ts', '.mts'];

/**
 * Reads the config: of a file, of none (`false`), or, where nothing is said, the nearest `replay.config.*` from a folder
 * upwards, if there is one. Throws a `ReplayError` that names file and key for one that does not fit.
 */
export async function loadConfig(choice?: string | false, from = '.'): Promise<Additions> {
  if (choice === false) return nothing;
  const searcher = lilconfig('replay', {
    searchPlaces: extensions.map((extension) => `replay.config${extension}`),
    loaders: Object.fromEntries(extensions.map((extension) => [extension, load])),
    ignoreEmptySearchPlaces: false,
    cache: false,
  });
  if (choice !== undefined && !extensions.includes(extname(choice))) {
    throw new ReplayError(`${choice}: no config by its name`, `a config ends in ${extensions.join(', ')}`);
  }
  const found = await (choice === undefined ? searcher.search(resolve(from)) : searcher.load(choice).catch(refuse));
  if (found === null) return nothing;
  const file = shownPath(found.filepath);
  if (found.isEmpty) throw new ReplayError(`${file}: the file is empty`, 'replay --no-config does without it');
  const [{ checkConfig }, { guardConfig }] = await Promise.all([
    import('./config-shape.ts'),
    import('./config-guard.ts'),
  ]);
  const {
    invariants = [],
    readers = [],
    mappings = [],
    roundTrips = {},
  } = guardConfig(file, checkConfig(file, found.config));
  const folder = dirname(found.filepath);
  const compiled = await Promise.all(mappings.map((mapping, index) => compile(mapping, index, file, folder)));
  return { mapping: compiled, readers, invariants, budgets: roundTrips };

  function refuse(error: NodeJS.ErrnoException): never {
    if (error instanceof ReplayError) throw error;
    const why = error.code === 'ENOENT' ? 'no such config' : `cannot be read: ${error.message}`;
    throw new ReplayError(`${choice}: ${why}`, undefined, { cause: error });
  }
}

type ConfiguredMapping = NonNullable<Config['mappings']>[number];

async function compile(mapping: ConfiguredMapping, index: number, file: string, folder: string): Promise<Mapping> {
  const place = `${file}: mappings[${index}]`;
  if (typeof mapping === 'function') return mappingOf(place, mapping);
  const { loadMapping, parseMapping } = await import('./events/mapping/parse-mapping.ts');
  return typeof mapping === 'string'
    ? loadMapping(shownPath(resolve(folder, mapping)))
    : parseMapping(JSON.stringify(mapping), place);
}

async function load(path: string, content: string): Promise<unknown> {
  const file = shownPath(path);
  if (extname(path) === '.json') {
    const { parseJson } = await import('./events/mapping/parse-mapping.ts');
    return parseJson(content, file, 'a config in JSON');
  }
  const module = await import(pathToFileURL(path).href).catch((error) => failToLoad(file, error));
  if ('default' in module) return module.default;
  throw new ReplayError(`${file}: exports no config`, 'begin it with: export default { invariants: [ … ] }');
}

function failToLoad(file: string, error: unknown): never {
  const { code, message, stack = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    const hint = 'Node 22.18 and later can; here, name it .mjs, or set NODE_OPTIONS="--import tsx"';
    throw new ReplayError(`${file}: this Node does not read TypeScript`, hint, { cause: error });
  }
  throw new ReplayError(`${file}: cannot be loaded: ${message}`, wayOut(), { cause: error });

  function wayOut(): string | undefined {
    if (code === 'ERR_MODULE_NOT_FOUND') return 'is it there, or installed where the config can find it?';
    const [, place] = /^(file:.*:\d+)\n|\n\s+at (file:.*)/.exec(stack)?.filter(Boolean) ?? [];
    if (place !== undefined) return `at ${place}`;
    // Of a text that is not JavaScript, Node tells the place to nobody but itself.
    return error instanceof SyntaxError ? `node --check ${file} says where` : undefined;
  }
}

/** As the user would name it: from the working directory, where it lies below. */
function shownPath(path: string): string {
  const below = relative('', path);
  return below.startsWith('..') || isAbsolute(below) ? path : below;
}
