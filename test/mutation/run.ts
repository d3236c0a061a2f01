import { spawn } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chance } from '../invariants/mutate.ts';
import { type Mutant, mutantsOf } from './operators.ts';

/*
 * Mutation testing of the invariants: npm run mutants -- [--per-file 12] [--seed 1] [--minutes 10] [--jobs 2] [--only NAME]
 * Each mutant is one small change in a copy of the project, on which the stories run until the first of them fails.
 */
const { values } = parseArgs({
  options: {
    'per-file': { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
  },
});

const root = join(import.meta.dirname, '..', '..');
const copied = ['src', 'test', 'logs-sample', 'package.json', 'tsconfig.json'];
const mutantTimeoutMs = 60_000;
const deadline = Date.now() + Number(values.minutes) * 60_000;

/** One process, one thread, modules loaded once; laws, simulated runs and the brute-force judge take too long to be asked of each mutant. */
const config = `
export default {
  test: {
    include: ['test/invariants/*.test.ts', 'test/samples.test.ts'],
    exclude: ['test/invariants/{laws,forgetting,chunks,brute-force}.test.ts'],
    testNamePattern: /^(?!a clean run is not violated)/,
    testTimeout: 10_000, pool: 'threads', isolate: false, maxWorkers: 1, bail: 1,
  },
};
`;

type Outcome = 'killed' | 'survived' | 'timeout';

interface Result {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/** What explains findings is tested by test/explain.test.ts, which is too slow to be asked of each mutant. */
const explaining = /judgement\/(?:causal-slice|counterfactual|mended-replay|mends|remedy)\.ts$/;
const sources = (await readdir(join(root, 'src/invariants'), { recursive: true }))
  .filter((path) => path.endsWith('.ts') && path.includes(values.only) && !explaining.test(path))
  .map((path) => join('src/invariants', path))
  .sort();
const queue = await sample();
const results: Result[] = [];
await Promise.all(Array.from({ length: Number(values.jobs) }, work));
print();

/** So many mutants of each file, one of each file in turn, so that an early end leaves none out. */
async function sample(): Promise<Mutant[]> {
  const lists = await Promise.all(
    sources.map(async (file) => {
      const all = mutantsOf(file, await readFile(join(root, file), 'utf8'));
      return chance(Number(values.seed), file).shuffled(all).slice(0, Number(values['per-file']));
    }),
  );
  return Array.from({ length: Number(values['per-file']) }, (_, turn) =>
    lists.flatMap((list) => list[turn] ?? []),
  ).flat();
}

async function work(): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'replay-mutants-'));
  try {
    for (const path of copied) await cp(join(root, path), join(copy, path), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    await writeFile(join(copy, 'vitest.config.ts'), config);
    if ((await stories(copy)) !== 'survived') throw new Error('mutants: the stories fail without a mutant');
    for (let mutant = queue.shift(); mutant && Date.now() < deadline; mutant = queue.shift()) {
      const path = join(copy, mutant.file);
      const original = await readFile(path, 'utf8');
      await writeFile(path, mutant.content);
      const outcome = await stories(copy);
      results.push({ mutant, outcome });
      process.stderr.write(outcome === 'survived' ? `\n${describe(mutant)}\n` : '.');
      await writeFile(path, original);
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

function stories(copy: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [vitest, 'run', '--reporter=dot'], {
      cwd: copy,
      stdio: 'ignore',
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), mutantTimeoutMs);
    child.on('exit', (code) => {
      clearTimeout(timer);
      resolve(code === null ? 'timeout' : code === 0 ? 'survived' : 'killed');
    });
  });
}

function print(): void {
  const killed = (list: readonly Result[]) => list.filter(({ outcome }) => outcome !== 'survived').length;
  const percent = (list: readonly Result[]) => `${Math.round((100 * killed(list)) / list.length)} %`;
  console.log('| file | mutants | killed | score |\n| --- | ---: | ---: | ---: |');
  for (const file of sources) {
    const own = results.filter(({ mutant }) => mutant.file === file);
    if (own.length > 0)
      console.log(`| ${file.replace('src/invariants/', '')} | ${own.length} | ${killed(own)} | ${percent(own)} |`);
  }
  console.log(`| all | ${results.length} | ${killed(results)} | ${percent(results)} |\n\nSurvivors:`);
  for (const { mutant, outcome } of results) {
    if (outcome === 'survived') console.log(describe(mutant));
  }
}

function describe({ file, line, operator, from, to }: Mutant): string {
  return `${file}:${line}: ${operator}: ${from}  →  ${to}`;
}
