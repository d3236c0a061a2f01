import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importsOf, root, type SourceFile, sourceFiles } from './source.ts';

/** The layers of the house, each with the beginning of its paths; the longest wins. A new folder of `src` needs a line here. */
const layers = {
  base: 'base/',
  results: './results',
  'event types': 'events/types/',
  events: 'events/',
  columns: 'events/columns/',
  mapping: 'events/mapping/',
  sources: 'events/sources/',
  readers: 'events/readers/',
  recorder: 'events/recorder/',
  replay: 'replay/',
  projections: 'replay/projections/',
  glance: 'replay/glance/',
  engines: 'engines/',
  invariants: 'invariants/',
  cache: 'cache/',
  counters: 'counters/',
  'round trips': 'round-trips/',
  report: 'report/',
  exports: 'exports/',
  'use cases': './',
  door: './index.ts',
  cli: 'cli/',
  bin: './bin.ts',
} as const satisfies Readonly<Record<string, string>>;

type Layer = keyof typeof layers;

/** Which layers a layer may import beside itself. Nothing ever imports upwards: base <- events <- replay <- invariants <- use cases <- cli <- bin. */
const mayImport: Readonly<Record<Layer, readonly Layer[]>> = {
  base: [],
  results: [],
  'event types': ['events'],
  events: ['base', 'event types', 'mapping', 'columns'],
  columns: ['base', 'events'],
  mapping: ['base', 'events', 'event types'],
  sources: ['base', 'events', 'mapping'],
  readers: ['base', 'events', 'mapping', 'sources', 'columns'],
  recorder: ['base', 'events', 'event types'],
  replay: ['base', 'events', 'mapping', 'sources', 'readers', 'projections'],
  projections: ['base', 'events', 'replay'],
  // It stands in for a pass over a history where nothing is to be found.
  glance: ['base', 'events', 'columns', 'sources', 'replay', 'projections'],
  engines: ['base', 'events', 'columns', 'sources', 'readers', 'replay'],
  invariants: ['base', 'results', 'events', 'replay', 'projections'],
  // It reads the bytes of a run as its readers get them; where answers are kept is the caller's affair.
  cache: ['results', 'events', 'mapping', 'sources', 'replay'],
  counters: ['base', 'results', 'replay', 'projections'],
  'round trips': ['base', 'results', 'events', 'replay', 'projections'],
  report: ['base', 'results'],
  exports: ['base', 'events', 'replay'],
  'use cases': [
    'engines',
    'glance',
    'base',
    'results',
    'events',
    'event types',
    'mapping',
    'replay',
    'projections',
    'invariants',
    'cache',
    'round trips',
    'counters',
    'exports',
  ],
  door: [
    'base',
    'results',
    'events',
    'mapping',
    'readers',
    'recorder',
    'replay',
    'projections',
    'invariants',
    'cache',
    'use cases',
  ],
  cli: ['base', 'results', 'report', 'exports', 'invariants', 'cache', 'use cases'],
  bin: ['cli'],
};

/** Who may load what reaches out of the process. What is not named here (`node:util`, `node:path`, …) is pure. */
const mayLoad: Readonly<Record<string, readonly string[]>> = {
  'node:fs': ['events/sources/', 'events/recorder/', 'engines/', 'cli/'],
  'node:fs/promises': ['events/sources/', 'events/manifest.ts', 'events/mapping/parse-mapping.ts', 'cli/'],
  'node:os': ['events/sources/', 'events/recorder/', 'engines/'],
  'node:worker_threads': ['engines/'],
  'node:stream': ['events/sources/'],
  'node:stream/promises': ['events/sources/'],
  'node:timers/promises': ['events/sources/'],
  'node:zlib': ['events/sources/'],
  'node:async_hooks': ['events/recorder/'],
  'node:module': ['version.ts'],
  'node:buffer': [''],
  'node:crypto': [''],
  'node:path': [''],
  'node:url': [''],
  'node:util': [''],
  'node:v8': ['cache/'],
};

/** Who may ask for the time, the environment or the terminal. */
const mayTouchTheWorld = ['events/recorder/', 'events/sources/', 'cli/'];
const world =
  /\b(?:Date\.now|performance\.now|setTimeout|setInterval|Math\.random|console)\b|\bprocess\.(?!ts')|new Date\(\)/g;

const unfinished = /\b(?:TODO|FIXME|XXX|HACK)\b/;
const emptyNames = /(?:^|[-/])(?:utils?|helpers?|misc|manager)(?:[-.]|\/)/;
const longest = 300;

const files = sourceFiles();

describe('imports', () => {
  test('go one way', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ own, target }) => own && !isAllowed(layerOf(path), layerOf(target)))
        .map(({ target }) => `${path} (${layerOf(path)}) imports ${target} (${layerOf(target)})`),
    );
    expect(wrong).toEqual([]);
  });

  test('name files that are there', () => {
    const known = new Set(files.map(({ path }) => path));
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ own, target }) => own && !known.has(target) && target !== '../package.json')
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('make no circles, types aside', () => {
    expect(circles(files)).toEqual([]);
  });

  test('of what reaches out of the process stand where a run is opened, and in cli', () => {
    const wrong = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ target }) => target.startsWith('node:'))
        .filter(({ target }) => !(mayLoad[target] ?? []).some((beginning) => path.startsWith(beginning)))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('are found in whichever way they are written', () => {
    const text = [
      `import type { A } from './a.ts';`,
      `import { type B, b } from '../b.ts';`,
      `export {\n  c,\n} from 'c';`,
      `import './d.ts';`,
      `const { e } = await import('./e.ts');`,
      `// import { f } from './f.ts';`,
    ].join('\n');
    expect(importsOf('x/y.ts', text)).toEqual([
      { target: 'x/a.ts', own: true, typesOnly: true },
      { target: 'b.ts', own: true, typesOnly: false },
      { target: 'c', own: false, typesOnly: false },
      { target: 'x/e.ts', own: true, typesOnly: false },
      { target: 'x/d.ts', own: true, typesOnly: false },
    ]);
  });
});

describe('files', () => {
  test('touch clocks and the process where a run is opened, and in cli', () => {
    const wrong = files
      .filter(({ path }) => !mayTouchTheWorld.some((beginning) => path.startsWith(beginning)))
      .flatMap(({ path, code }) => [...code.matchAll(world)].map(([word]) => `${path} uses ${word}`));
    expect(wrong).toEqual([]);
  });

  test('are named in kebab-case, after what they export', () => {
    const wrong = files
      .map(({ path }) => path)
      .filter((path) => !/^(?:[a-z0-9]+(?:-[a-z0-9]+)*[/.])+ts$/.test(path) || emptyNames.test(path));
    expect(wrong).toEqual([]);
  });

  test(`have at most ${longest} lines`, () => {
    const wrong = files
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > longest)
      .map(({ path, lines }) => `${path} has ${lines} lines: what is the second thing in it?`);
    expect(wrong).toEqual([]);
  });

  test('hold nothing unfinished', () => {
    expect(files.filter(({ text }) => unfinished.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('exports', () => {
  test('are named, one by one', () => {
    const wrong = files.flatMap(({ path, code }) =>
      [...code.matchAll(/^export (?:default\b|\*.*|type \*.*)/gm)].map(([found]) => `${path}: ${found}`),
    );
    // The results are all that a caller gets to see, so all of them go through the door.
    expect(wrong).toEqual([
      `index.ts: export type * from './results.ts';`,
      `index.ts: export type * from './results-round-trips.ts';`,
      `index.ts: export type * from './results-top.ts';`,
    ]);
  });

  test('each have a comment', () => {
    const declaration =
      /(?<before>^.*\n)?(?:^@\w+\n)?^export (?:declare |abstract |async )*(?:const|function\*?|class|interface|type|enum) (?<name>\w+)/gm;
    const wrong = files.flatMap(({ path, text }) =>
      [...text.matchAll(declaration)]
        .filter(({ groups }) => !groups?.before?.trimEnd().endsWith('*/'))
        .map(({ groups }) => `${path}: ${groups?.name}`),
    );
    expect(wrong).toEqual([]);
  });
});

describe('the map in src/README.md', () => {
  const map = readFileSync(join(root, 'src/README.md'), 'utf8');
  const drawn = [...filesOnMap(map)];

  test('has every file, once', () => {
    const paths = drawn.map(({ path }) => path);
    const missing = files.map(({ path }) => path).filter((path) => !paths.includes(path));
    const gone = paths.filter((path) => !files.some((file) => file.path === path));
    const twice = paths.filter((path, index) => paths.indexOf(path) !== index);
    expect({ missing, gone, twice }).toEqual({ missing: [], gone: [], twice: [] });
  });

  test('says what each is for', () => {
    expect(drawn.filter(({ words }) => words.trim().split(/\s+/).length < 3).map(({ path }) => path)).toEqual([]);
  });

  test('names folders that are there', () => {
    const folders = [...map.matchAll(/^#+ `(?<folder>[^`]+)\/`/gm)].map(({ groups }) => groups?.folder ?? '');
    expect(folders.filter((folder) => !existsSync(join(root, 'src', folder)))).toEqual([]);
  });
});

/** A heading names a folder, and an item a file in it: "### `base/`", "- `amount.ts`: exact decimal amounts". */
function* filesOnMap(map: string): Generator<{ path: string; words: string }> {
  let folder = '';
  for (const line of map.split('\n')) {
    if (line.startsWith('#')) folder = /^#+ `(?<folder>[^`]+\/)`/.exec(line)?.groups?.folder ?? '';
    const item = /^- `(?<file>[^`]+\.ts)`:(?<words>.*)$/.exec(line)?.groups;
    if (item) yield { path: `${folder}${item.file}`, words: item.words ?? '' };
  }
}

function layerOf(path: string): Layer | undefined {
  const rooted = path.includes('/') ? path : `./${path}`;
  return (Object.keys(layers) as Layer[])
    .filter((layer) => rooted.startsWith(layers[layer]))
    .sort((left, right) => layers[right].length - layers[left].length)[0];
}

function isAllowed(from: Layer | undefined, to: Layer | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  return from === to || mayImport[from].includes(to);
}

function circles(all: readonly SourceFile[]): readonly string[] {
  const importsByPath = new Map(
    all.map(({ path, imports }) => [
      path,
      imports.filter(({ own, typesOnly }) => own && !typesOnly).map(({ target }) => target),
    ]),
  );
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (done.has(path) || trail.includes(path)) return;
    for (const target of importsByPath.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of importsByPath.keys()) visit(path, []);
  return found;
}
