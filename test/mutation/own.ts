import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownMutants } from './own-mutants.ts';
import { type Asked, laws, root, stories, Workbench } from './workbench.ts';

/** One file of laws at a time, so that each says for itself whether it notices. */
const lawFiles = ['laws', 'rewritten', 'forgetting', 'chunks', 'brute-force'];

/**
 * Shows of each invariant a mutant that its own stories notice and nobody else does: a table, and whether it is so of all.
 * `laws` asks those that cut across the invariants, too; what they notice is told, and is no fault.
 */
export async function showOwn(options: { only: string; laws: boolean }): Promise<boolean> {
  const asked = ownMutants.filter(({ invariant }) => invariant.includes(options.only));
  return Workbench.use(async (bench) => {
    console.log('| invariant | what is broken | its own stories | all others |\n| --- | --- | --- | --- |');
    let allOwn = true;
    for (const { invariant, from, to, breaks } of asked) {
      const file = `src/invariants/${invariant}.ts`;
      const mutant = { file, content: replaceOnce(await readFile(join(root, file), 'utf8'), from, to) };
      const own = `test/invariants/${invariant}.test.ts`;
      const noticed = await bench.outcome(mutant, { include: [own] });
      const others = await bench.outcome(mutant, { include: stories.include, exclude: [laws, own] });
      const lawful = options.laws ? await noticing(bench, mutant) : [];
      const told = others === 'survived' ? ['notice nothing', ...lawful].join('; ') : '**notice it, too**';
      console.log(`| ${invariant} | ${breaks} | ${noticed === 'killed' ? 'fail' : '**pass**'} | ${told} |`);
      allOwn &&= noticed === 'killed' && others === 'survived';
    }
    return allOwn;
  });
}

async function noticing(bench: Workbench, mutant: { file: string; content: string }): Promise<string[]> {
  const failing: string[] = [];
  for (const name of lawFiles) {
    const file: Asked = { include: [`test/invariants/${name}.test.ts`], slow: true };
    if ((await bench.outcome(mutant, file)) !== 'survived') failing.push(name);
  }
  return failing.length > 0 ? [`of the laws: ${failing.join(', ')}`] : [];
}

/** The text with one part of it replaced, which must be there once. */
export function replaceOnce(text: string, from: string, to: string): string {
  const places = text.split(from).length - 1;
  if (places !== 1) throw new Error(`mutants: expected once, found ${places} times: ${from}`);
  return text.replace(from, () => to);
}
