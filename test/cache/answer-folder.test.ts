import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answersFor, type Bounds, cacheFolder, openAnswers } from '../../src/cli/answer-folder.ts';
import { emptyFolder } from '../built.ts';
import { bytesOf, filesIn, textOf } from './remembered.ts';

const room: Bounds = { leastBytes: 0, mostAnswers: 4, mostBytes: 10_000 };

/** Answers that are texts, in a folder, as a build of the tool sees them. */
function answersOf(folder: string, code: () => Promise<string>) {
  const answers = openAnswers(folder, code, room);
  return {
    keep: (key: string, answer: string) => answers.keep(key, [bytesOf(answer)]),
    find: async (key: string) => {
      const answer = await answers.find(key);
      return answer && textOf(answer);
    },
  };
}

const answersIn = (folder: string, build = 'one build') => answersOf(folder, async () => build);

const newFolder = () => join(emptyFolder(), 'cache', 'ledger-replay');

describe('an answer', () => {
  test('is there for the next process, and for nobody else', async () => {
    const folder = newFolder();
    await answersIn(folder).keep('key', '{"answer":1}');
    expect(await answersIn(folder).find('key')).toBe('{"answer":1}');
    expect(await answersIn(folder).find('another key')).toBeUndefined();
    const [file = ''] = filesIn(folder);
    if (process.platform === 'win32') return;
    expect([folder, dirname(folder), file].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o600]);
  });

  test('of another build is none', async () => {
    const folder = newFolder();
    await answersIn(folder).keep('key', 'answer');
    expect(await answersIn(folder, 'another build').find('key')).toBeUndefined();
  });

  test('is of the build that was there when it was looked for, whatever was built meanwhile', async () => {
    const folder = newFolder();
    let build = 'one build';
    const answers = answersOf(folder, async () => build);
    await answers.find('key');
    build = 'another build';
    await answers.keep('key', 'answer');
    expect(await answersIn(folder, 'another build').find('key')).toBeUndefined();
    expect(await answersIn(folder, 'one build').find('key')).toBe('answer');
  });

  test.each<[string, (text: string) => string]>([
    ['cut short', (text) => text.slice(0, -1)],
    ['changed', (text) => text.replace('held', 'hold')],
    ['of no format', () => '{"verdict":"held"}'],
    ['empty', () => ''],
  ])('that is %s is none, and is replaced', async (_what, spoil) => {
    const folder = newFolder();
    const answers = answersIn(folder);
    await answers.keep('key', 'held');
    const [file = ''] = filesIn(folder);
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    expect(await answers.find('key')).toBeUndefined();
    await answers.keep('key', 'held');
    expect(await answers.find('key')).toBe('held');
  });

  test('under the name of another is none', async () => {
    const folder = newFolder();
    const answers = answersIn(folder);
    await answers.keep('one', 'of one');
    const [one = ''] = filesIn(folder);
    await answers.keep('two', 'of two');
    const two = filesIn(folder).find((path) => path !== one) ?? '';
    writeFileSync(two, readFileSync(one));
    expect(await answers.find('two')).toBeUndefined();
  });

  test('is not looked for behind what is no file', async () => {
    const folder = newFolder();
    const answers = answersIn(folder);
    await answers.keep('key', 'answer');
    const [file = ''] = filesIn(folder);
    const elsewhere = newFolder();
    mkdirSync(join(elsewhere, basename(file)), { recursive: true, mode: 0o700 });
    expect(await answersIn(elsewhere).find('key')).toBeUndefined();
    await answersIn(elsewhere).keep('key', 'answer');
    expect(filesIn(elsewhere).map((path) => basename(path))).toEqual([basename(file)]);
  });
});

describe('the folder', () => {
  /** Keeps an answer and makes it this many minutes old. */
  async function keepOld(folder: string, key: string, minutes: number, answer = key): Promise<void> {
    const before = filesIn(folder);
    await answersIn(folder).keep(key, answer);
    const file = filesIn(folder).find((path) => !before.includes(path)) ?? '';
    const time = statSync(file).mtimeMs / 1000 - minutes * 60;
    utimesSync(file, time, time);
  }

  const left = async (folder: string, keys: readonly string[]) => {
    const found = await Promise.all(keys.map((key) => answersIn(folder).find(key)));
    return keys.filter((_, index) => found[index] !== undefined);
  };

  test('holds so many answers, and those that were used last', async () => {
    const folder = newFolder();
    await keepOld(folder, 'a', 50);
    await keepOld(folder, 'b', 40);
    await keepOld(folder, 'c', 30);
    await keepOld(folder, 'd', 20);
    await answersIn(folder).find('a');
    await answersIn(folder).keep('e', 'e');
    expect(await left(folder, ['a', 'b', 'c', 'd', 'e'])).toEqual(['a', 'c', 'd', 'e']);
  });

  test('holds so many bytes', async () => {
    const folder = newFolder();
    await keepOld(folder, 'a', 50, 'a'.repeat(4000));
    await keepOld(folder, 'b', 40, 'b'.repeat(4000));
    await answersIn(folder).keep('c', 'c'.repeat(4000));
    await answersIn(folder).keep('too large', 'x'.repeat(10_000));
    expect(await left(folder, ['a', 'b', 'c', 'too large'])).toEqual(['b', 'c']);
  });

  test('loses what killed processes left behind, and nothing that is not the cache’s', async () => {
    const folder = newFolder();
    await keepOld(folder, 'a', 0);
    const [answer = ''] = filesIn(folder);
    const partials = [`${answer}.7-0.partial`, `${answer}.8-0.partial`];
    const foreign = join(folder, 'notes.txt');
    for (const path of [...partials, foreign]) writeFileSync(path, 'x');
    for (const path of [partials[0] ?? '', foreign]) utimesSync(path, 1, 1);
    await answersIn(folder).keep('b', 'b');
    expect(filesIn(folder)).not.toContain(partials[0]);
    expect(filesIn(folder)).toEqual(expect.arrayContaining([answer, partials[1], foreign]));
  });

  test('that cannot be made costs nothing but time', async () => {
    const file = join(emptyFolder(), 'file');
    writeFileSync(file, '');
    const answers = answersIn(join(file, 'ledger-replay'));
    await answers.keep('key', 'answer');
    expect(await answers.find('key')).toBeUndefined();
  });

  test.skipIf(process.platform === 'win32')('that others can write to is not used', async () => {
    const folder = newFolder();
    await answersIn(folder).keep('key', 'answer');
    chmodSync(folder, 0o777);
    expect(await answersIn(folder).find('key')).toBeUndefined();
    await answersIn(folder).keep('other', 'answer');
    expect(filesIn(folder)).toHaveLength(1);
  });

  test('takes many answers at once', async () => {
    const folder = newFolder();
    const keys = Array.from({ length: 12 }, (_, index) => `${index % 3}`);
    await Promise.all(keys.map((key) => answersIn(folder).keep(key, key)));
    expect(await Promise.all(['0', '1', '2'].map((key) => answersIn(folder).find(key)))).toEqual(['0', '1', '2']);
    expect(readdirSync(folder)).toHaveLength(3);
  });

  test.each([
    [{ XDG_CACHE_HOME: '/cache', HOME: '/home/bob' }, 'linux', '/cache/ledger-replay'],
    [{ XDG_CACHE_HOME: 'cache', HOME: '/home/bob' }, 'linux', '/home/bob/.cache/ledger-replay'],
    [{ HOME: '/Users/bob' }, 'darwin', '/Users/bob/Library/Caches/ledger-replay'],
    [{ LOCALAPPDATA: '/Local' }, 'win32', '/Local/ledger-replay/Cache'],
    [{}, 'linux', undefined],
    [{}, 'win32', undefined],
  ])('of %j on %s', (env, platform, folder) => {
    expect(cacheFolder(env, platform)).toBe(folder && join(folder));
  });

  test('is none where the tool runs from its source', () => {
    expect(answersFor({ env: { HOME: emptyFolder() } }, true)).toBeUndefined();
  });
});
