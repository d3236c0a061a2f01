import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ReplayError } from '../../../src/base/errors.ts';
import { findLogFiles, stemOf } from '../../../src/events/sources/files.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'replay-test-'));
  const files = [
    'run/b.log',
    'run/a.ndjson',
    'run/deep/er/c.log',
    'run/run.json',
    'run/totals.tsv',
    'run/.git/x.log',
    'run/node_modules/y.log',
    'odd [1]/z.log',
  ];
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), 'x');
  }
  mkdirSync(join(root, 'empty'));
});
afterAll(() => rmSync(root, { recursive: true }));

const paths = async (path: string) => (await findLogFiles(join(root, path))).map((file) => file.path);

test('a folder gives every file below it, ordered by path, relative to it, without its own companions', async () => {
  expect(await paths('run')).toEqual(['a.ndjson', 'b.log', 'deep/er/c.log']);
  expect(await paths('odd [1]')).toEqual(['z.log']);
  expect(await paths('empty')).toEqual([]);
});

test('a file is reported by its name, and a glob relative to the folder that it begins with', async () => {
  expect(await paths('run/deep/er/c.log')).toEqual(['c.log']);
  expect(await paths('run/**/*.log')).toEqual(['b.log', 'deep/er/c.log']);
  expect(await findLogFiles(join(root, 'run/a.ndjson'))).toEqual([
    { path: 'a.ndjson', location: join(root, 'run/a.ndjson'), bytes: 1 },
  ]);
});

test('a folder that links to itself ends', async () => {
  symlinkSync('..', join(root, 'run/deep/up'));
  expect((await paths('run')).filter((path) => path.startsWith('deep/er'))).toEqual(['deep/er/c.log']);
  rmSync(join(root, 'run/deep/up'));
});

test('a path that is not there is answered with what is', async () => {
  const error = await findLogFiles(join(root, 'rum')).catch((reason) => reason);
  expect(error).toBeInstanceOf(ReplayError);
  expect([error.message, error.hint]).toEqual([`${root}/rum: no such file or folder`, 'here: empty/ odd [1]/ run/']);
  expect((await findLogFiles(join(root, 'x/y')).catch((reason) => reason)).hint).toBe(
    `there is no folder ${root}/x either`,
  );
  expect((await findLogFiles(join(root, '*.zip')).catch((reason) => reason)).message).toBe(
    `${root}/*.zip: no file matches`,
  );
});

test('the stem of a path is its name without extensions', () => {
  expect(['a/bob-peer1.ndjson.gz', 'bob-peer1.log', 'noext', '.hidden', 'a.b.log'].map(stemOf)).toEqual([
    'bob-peer1',
    'bob-peer1',
    'noext',
    '.hidden',
    'a.b',
  ]);
});

test('standard input is kept until the process ends, and no longer', async () => {
  const real = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
  const listeners = new Set(process.listeners('exit'));
  Object.defineProperty(process, 'stdin', { value: Readable.from(['one\n', 'two\n']), configurable: true });
  const [file] = await findLogFiles('-').finally(() => Object.defineProperty(process, 'stdin', real));
  expect(file).toMatchObject({ path: 'stdin', bytes: 8 });
  expect(readFileSync(file?.location ?? '', 'utf8')).toBe('one\ntwo\n');
  for (const listener of process.listeners('exit')) if (!listeners.has(listener)) listener(0);
  expect(() => readFileSync(file?.location ?? '')).toThrow('ENOENT');
});
