import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf as simulatedFiles } from './invariants/mutate.ts';
import { answerTo, filesOf, golden, samplesFolder } from './samples/golden.ts';
import { simulated } from './samples/simulated.ts';
import { simulate } from './simulator/index.ts';
import { tell } from './story/tell.ts';
import { findings, judge } from './story.ts';

const stories = new URL('./samples/', import.meta.url);
const told = namesOf(stories);
const catalogue = namesOf(new URL('./samples/catalogue/', import.meta.url));
/** Codes that another command finds, in `costs.test.ts`. */
const costs = namesOf(new URL('./samples/costs/', import.meta.url));
const notes = ['foreign-file', 'duplicate-file', 'unknown-type'];

/** Codes that are found, but not yet in front of what follows from them. */
const notYetFirst: readonly string[] = ['not-durable'];

describe.each(told)('the sample %s', (name) => {
  test('is what its story tells', async () => {
    const files = tell(readFileSync(new URL(`${name}.story`, stories), 'utf8'));
    expect(await filesOf(name, files)).toEqual(files);
  });
});

describe.each(Object.keys(simulated))('the sample %s', (name) => {
  test('is what our simulator plays', async () => {
    const files = simulatedFiles(simulate(simulated[name as keyof typeof simulated]));
    expect(await filesOf(name, files)).toEqual(files);
  });
});

describe.each([...new Set([...told, ...Object.keys(simulated), ...samplesBelow(samplesFolder)])])(
  'the sample %s',
  (name) => {
    test('gets its expected answer', async () => {
      const { text, json } = await answerTo(name);
      expect(text).toBe(await golden(name, 'text', text));
      expect(json).toBe(await golden(name, 'json', json));
    });
  },
);

describe.each(catalogue)('the catalogue’s %s', (code) => {
  const [run = '', innocent = ''] = readFileSync(new URL(`./catalogue/${code}.story`, stories), 'utf8').split(
    '=== innocent\n',
  );

  test.each([
    ['run', run],
    ['innocent', innocent],
  ])('has its %s, and its expected answer', async (kind, story) => {
    const name = join('catalogue', code, kind);
    const files = tell(story);
    expect(await filesOf(name, files)).toEqual(files);
    const { text, json } = await answerTo(name);
    expect(text).toBe(await golden(name, 'text', text));
    expect(json).toBe(await golden(name, 'json', json));
  });

  test('is found in the run, before anything else', async () => {
    const found = (await findings(run)).filter((finding) => !isEvidence(finding));
    const expected = isEvidence(code) ? await findings(run) : found;
    expect(expected.map((finding) => finding.split(' ')[0])).toContain(code);
    if (!isEvidence(code) && !notYetFirst.includes(code)) expect(found[0]).toMatch(new RegExp(`^${code}`));
  });

  test('is not found in its innocent twin', async () => {
    const [verdict, ...found] = await judge(innocent);
    expect(verdict).not.toBe('violated');
    expect(found.filter((finding) => finding.startsWith(code))).toEqual([]);
  });
});

test('the README speaks of every sample', () => {
  const readme = readFileSync(join(samplesFolder, 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name);
  expect(rows.sort()).toEqual([...samplesBelow(samplesFolder), ...catalogue, ...costs].sort());
});

/** Whether a finding is about the logs, not about the wallet. */
function isEvidence(finding: string): boolean {
  const [code = ''] = finding.split(' ');
  return notes.includes(code) || ['seq-gap', 'truncated', 'torn-line', 'missing-device'].includes(code);
}

function namesOf(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.story'))
    .map((name) => name.slice(0, -'.story'.length));
}

/** Every folder of a sample but the catalogue, also those that were written by hand. */
function samplesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['expected', 'catalogue'].includes(entry.name))
    .map(({ name }) => name);
}
