/**
 * Builds `dist`: declarations file by file, and the code as few files as need be. A command that loads hundreds of modules starts
 * three times as slowly; what a command does not use stays in a chunk that it does not load. Constants of modules must stay constants:
 * V8 works with what they are, where it looks up variables again and again.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const compiler = join(require.resolve('typescript/package.json'), '../bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

/** What lays help out measures it as reports are measured: the package for that loads the rules of all scripts, and every command waits for it. */
const ownWidths = {
  name: 'own widths',
  resolveId: (id) => (id === 'string-width' ? '\0own widths' : null),
  load: (id) =>
    id === '\0own widths'
      ? `export { widthOf as default } from ${JSON.stringify(join(root, 'src/report/table.ts'))};`
      : null,
};

/** It asks for picomatch by a `require` of its own, at once, for what nobody here uses: no package beside this one is loaded for that. */
const withoutGlobs = {
  name: 'without globs',
  transform(code, id) {
    if (!/fdir[\\/]dist[\\/]index\.mjs$/.test(id)) return null;
    const own = code.replace(/__require\.resolve\("picomatch"\);\s*pm = __require\("picomatch"\);/, '');
    if (own === code) throw new Error(`${id} asks for picomatch in another way`);
    return own;
  },
};

const bundle = await rolldown({
  // The last is a thread of its own.
  input: { bin: 'src/bin.ts', index: 'src/index.ts', 'segment-worker': 'src/engines/segment-worker.ts' },
  platform: 'node',
  transform: { target: 'node20.19' },
  // It starts threads from files of its own.
  external: ['pino'],
  // As ES modules only what is used is loaded; for Node the package offers itself in CommonJS alone, where that is all of it.
  resolve: { alias: { rxjs: join(require.resolve('rxjs/package.json'), '../dist/esm/index.js') } },
  plugins: [ownWidths, withoutGlobs],
  onLog(_, { message }) {
    throw new Error(message);
  },
});
await bundle.write({ dir: 'dist', format: 'esm', hashCharacters: 'base36' });
await bundle.close();
chmodSync('dist/bin.js', 0o755);
