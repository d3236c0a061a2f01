import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invariants } from '../../src/invariants/index.ts';
import { equivalents } from './equivalents.ts';
import { keyOf, mutantsOf } from './operators.ts';
import { replaceOnce } from './own.ts';
import { ownMutants } from './own-mutants.ts';
import { root } from './workbench.ts';

const source = (file: string) => readFileSync(join(root, file), 'utf8');

test('every invariant has a mutant of its own, in the order of the family', () => {
  expect(ownMutants.map(({ invariant }) => invariant)).toEqual(invariants.map(({ name }) => name));
});

test.each(ownMutants)('the mutant of $invariant changes one place of its source', ({ invariant, from, to }) => {
  const text = source(`src/invariants/${invariant}.ts`);
  expect(replaceOnce(text, from, to)).not.toBe(text);
});

test('what is known to change nothing is still a mutant, and is named once', () => {
  const files = [...new Set(equivalents.map(({ file }) => file))];
  const keys = new Set(files.flatMap((file) => mutantsOf(file, source(file)).map(keyOf)));
  expect(equivalents.map(keyOf).filter((key) => !keys.has(key))).toEqual([]);
  expect(new Set(equivalents.map(keyOf)).size).toBe(equivalents.length);
});
