import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chance } from '../invariants/mutate.ts';
import { equivalents } from './equivalents.ts';
import { keyOf, type Mutant, mutantsOf } from './operators.ts';
import { type Outcome, root, Workbench } from './workbench.ts';

/** What is asked of a run. */
export interface ScoreOptions {
  /** How many mutants of each file, at most. */
  readonly perFile: number;
  readonly seed: number;
  readonly minutes: number;
  readonly jobs: number;
  /** Only files whose path has this in it. */
  readonly only: string;
  /** A report of an earlier run: only its survivors are tried. */
  readonly again: string | undefined;
}

interface Result {
  readonly mutant: Mutant;
  readonly outcome: Outcome;
}

/** What explains findings is tested by test/explain.test.ts, which is too slow to be asked of each mutant; round trips are another command's. */
const others = /judgement\/(?:causal-slice|counterfactual|mended-replay|mends|remedy)\.ts$|round-trips\//;

/** Tries mutants of every source file of the invariants, and prints how many of them the stories notice. */
export async function showScore(options: ScoreOptions): Promise<void> {
  const files = await sources(options.only);
  const queue = await sample(files, options);
  const total = queue.length;
  const results: Result[] = [];
  const deadline = Date.now() + options.minutes * 60_000;
  const work = () =>
    Workbench.use(async (bench) => {
      for (let mutant = queue.shift(); mutant && Date.now() < deadline; mutant = queue.shift()) {
        const outcome = await bench.outcome(mutant);
        results.push({ mutant, outcome });
        process.stderr.write(outcome === 'survived' ? `\n${describe(mutant)}\n` : '.');
      }
    });
  await Promise.all(Array.from({ length: options.jobs }, work));
  print(files, results, total);
}

async function sources(only: string): Promise<string[]> {
  const paths = await readdir(join(root, 'src/invariants'), { recursive: true });
  return paths
    .filter((path) => path.endsWith('.ts') && path.includes(only) && !others.test(path))
    .map((path) => join('src/invariants', path))
    .sort();
}

/** So many mutants of each file, one of each file in turn, so that an early end leaves none out. */
async function sample(files: readonly string[], { perFile, seed, again }: ScoreOptions): Promise<Mutant[]> {
  const before = again === undefined ? undefined : await survivorsIn(again);
  const lists = await Promise.all(
    files.map(async (file) => {
      const all = mutantsOf(file, await readFile(join(root, file), 'utf8')).filter(
        (mutant) => !equivalents.some((known) => keyOf(known) === keyOf(mutant)),
      );
      if (before) return all.filter((mutant) => before.has(keyOf(mutant)));
      return chance(seed, file).shuffled(all).slice(0, perFile);
    }),
  );
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => lists.flatMap((list) => list[turn] ?? [])).flat();
}

/** The survivors that a report lists, by file, operator and line; the line may have moved since. */
async function survivorsIn(report: string): Promise<Set<string>> {
  const lines = (await readFile(report, 'utf8')).split('\n');
  return new Set(lines.flatMap((line) => keyIn(line) ?? []));
}

function keyIn(line: string): string | undefined {
  const [, file, rest] = /^(src\/\S+):\d+: (.+) {2}→ {2}/.exec(line) ?? [];
  return file === undefined ? undefined : `${file}: ${rest}`;
}

function print(files: readonly string[], results: readonly Result[], total: number): void {
  console.log('| file | mutants | killed | score |\n| --- | ---: | ---: | ---: |');
  for (const file of files)
    row(
      file.replace('src/invariants/', ''),
      results.filter(({ mutant }) => mutant.file === file),
    );
  row('all', results);
  if (results.length < total) console.log(`\nThe time was up: ${results.length} of ${total} mutants were tried.`);
  const apart = equivalents.filter(({ file }) => files.includes(file)).length;
  console.log(
    `\n${apart} mutants are left out, because they change nothing that a report shows (equivalents.ts).\n\nSurvivors:`,
  );
  for (const { mutant, outcome } of results) if (outcome === 'survived') console.log(describe(mutant));
}

function row(name: string, of: readonly Result[]): void {
  if (of.length === 0) return;
  const killed = of.filter(({ outcome }) => outcome !== 'survived').length;
  console.log(`| ${name} | ${of.length} | ${killed} | ${Math.floor((100 * killed) / of.length)} % |`);
}

function describe(mutant: Mutant): string {
  return `${keyOf(mutant).replace(':', `:${mutant.line}:`)}  →  ${mutant.to}`;
}
