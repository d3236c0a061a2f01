/**
 * Builds `dist`: declarations file by file, and the code as few files as need be. A command that loads hundreds of modules starts
 * three times as slowly; what a command does not use stays in a chunk that it does not load.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
process.chdir(root);
rmSync('dist', { recursive: true, force: true });

const compiler = join(require.resolve('typescript/package.json'), '../bin/tsc');
const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--emitDeclarationOnly'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(status ?? 1);

/** Packages in CommonJS ask for Node's own modules by `require`. */
const giveRequire =
  "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);\n";

/** What lays help out measures it as reports are measured: the package for that loads the rules of all scripts, and every command waits for it. */
const ownWidths = {
  name: 'own widths',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'own' }));
    onLoad({ filter: /^string-width$/, namespace: 'own' }, () => ({
      contents: "export { widthOf as default } from './src/report/table.ts';",
      resolveDir: root,
    }));
  },
};

/** It asks for picomatch by a `require` of its own, at once, for what nobody here uses: no package beside this one is loaded for that. */
const withoutGlobs = {
  name: 'without globs',
  setup({ onLoad }) {
    onLoad({ filter: /fdir\/dist\/index\.mjs$/ }, ({ path }) => {
      const code = readFileSync(path, 'utf8');
      const contents = code.replace(/__require\.resolve\("picomatch"\);\s*pm = __require\("picomatch"\);/, '');
      if (contents === code) throw new Error(`${path} asks for picomatch in another way`);
      return { contents };
    });
  },
};

const { metafile } = await build({
  // The last is a thread of its own.
  entryPoints: { bin: 'src/bin.ts', index: 'src/index.ts', 'segment-worker': 'src/engines/segment-worker.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  chunkNames: '[name]-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // It starts threads from files of its own.
  external: ['pino'],
  // As ES modules only what is used is loaded; for Node the package offers itself in CommonJS alone, where that is all of it.
  alias: { rxjs: join(require.resolve('rxjs/package.json'), '../dist/esm/index.js') },
  banner: { js: giveRequire },
  plugins: [ownWidths, withoutGlobs],
  metafile: true,
  logLevel: 'warning',
});
// To make a `require` takes its time in each file: most do without.
for (const file of Object.keys(metafile.outputs)) {
  const [first, code] = readFileSync(file, 'utf8').split(giveRequire);
  if (!/\brequire\b/.test(code)) writeFileSync(file, first + code);
}
chmodSync('dist/bin.js', 0o755);
