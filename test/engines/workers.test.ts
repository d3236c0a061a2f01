import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeLongLife } from '../../bench/wallet.ts';
import { type Ended, emptyFolder, replay } from '../built.ts';

// Threads read files in regions of 4 MB, and exist in the built command alone.
const megabyte = 2 ** 20;
const life = { until: { bytes: 20 * megabyte }, devices: 2, tokens: 50, seed: 1 };

const scratch = mkdtempSync(join(tmpdir(), 'replay-workers-'));
const folderOf = (name: string) => {
  const folder = join(scratch, name, 'long-life');
  mkdirSync(folder, { recursive: true });
  return folder;
};
const healthy = folderOf('healthy');
const divergent = folderOf('divergent');

beforeAll(async () => {
  await writeLongLife(healthy, life);
  await writeLongLife(divergent, { ...life, divergent: true });
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function ask(command: string, folder: string, workers: number, env: Readonly<Record<string, string>> = {}): Ended {
  return replay([command, folder, '--json', '--no-cache', '--workers', String(workers)], { env });
}

/** The same logs, compressed. */
function compressed(folder: string): string {
  const packed = join(emptyFolder(), 'long-life');
  mkdirSync(packed);
  for (const name of readdirSync(folder)) {
    writeFileSync(join(packed, `${name}.gz`), gzipSync(readFileSync(join(folder, name)), { level: 1 }));
  }
  return packed;
}

/** A report without what compressing files changes: their names, and how many bytes were read. */
function essence({ code, stdout }: Ended) {
  const report = JSON.parse(stdout.replaceAll('.ndjson.gz', '.ndjson'));
  return { code, ...report, input: { ...report.input, bytes: undefined } };
}

describe.each([
  { run: healthy, held: 'a healthy run', verdict: 'held', code: 0 },
  { run: divergent, held: 'a run with a fault', verdict: 'violated', code: 1 },
])('of $held', { timeout: 120_000 }, ({ run, verdict, code }) => {
  test('the report is the same bytes, however many threads read it, and in whichever lane', () => {
    const alone = ask('check-balances', run, 1);
    expect(alone).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(alone.stdout)).toMatchObject({ verdict, input: { files: 2, problems: [] } });
    for (const workers of [2, 7]) expect(ask('check-balances', run, workers)).toEqual(alone);
    for (const workers of [1, 3]) expect(ask('check-balances', run, workers, { REPLAY_SLOW: '1' })).toEqual(alone);
  });

  test('it is the same of compressed files, but for their bytes', () => {
    const packed = compressed(run);
    const plain = essence(ask('check-balances', run, 2));
    for (const workers of [1, 2]) expect(essence(ask('check-balances', packed, workers))).toEqual(plain);
  });

  test('and the same round trips are counted', () => {
    const alone = ask('round-trips', run, 1);
    expect(JSON.parse(alone.stdout).roundTrips.trips).toBeGreaterThan(10_000);
    for (const workers of [2, 7]) expect(ask('round-trips', run, workers)).toEqual(alone);
  });
});

test('as many threads are started as are asked for, and none where one is enough', { timeout: 60_000 }, () => {
  const threads = (workers: number) =>
    ask('check-balances', healthy, workers, { NODE_DEBUG: 'worker' }).stderr.match(/create new worker/g)?.length ?? 0;
  expect([1, 2, 5].map(threads)).toEqual([0, 2, 5]);
});

test('a line with a problem in the third region is reported where it stands', { timeout: 60_000 }, () => {
  const folder = join(emptyFolder(), 'long-life');
  mkdirSync(folder);
  const [name = ''] = readdirSync(healthy);
  const bytes = readFileSync(join(healthy, name));
  const at = bytes.indexOf('\n', 9 * megabyte) + 1;
  expect(at).toBeGreaterThan(9 * megabyte);
  writeFileSync(
    join(folder, name),
    Buffer.concat([bytes.subarray(0, at), Buffer.from('{"v":1}\n'), bytes.subarray(at)]),
  );
  const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
  const alone = ask('check-balances', folder, 1);
  expect(JSON.parse(alone.stdout).input.problems).toMatchObject([{ file: name, line }]);
  expect(ask('check-balances', folder, 3)).toEqual(alone);
});

test.each([
  ['ENOENT', 'no such file; it was there when the run was listed'],
  ['EACCES', 'no permission to read it'],
])('a file that threads cannot open has the usual error: %s', { timeout: 60_000 }, (code, sentence) => {
  // What each thread loads before anything else.
  const preload = join(emptyFolder(), 'preload.mjs');
  writeFileSync(
    preload,
    `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { isMainThread } from 'node:worker_threads';
    const { open } = fs.promises;
    if (!isMainThread) fs.promises.open = async (path, ...more) => {
      if (String(path).endsWith('bob-peer2.ndjson')) throw Object.assign(new Error('${code}'), { code: '${code}' });
      return open(path, ...more);
    };
    syncBuiltinESMExports();`,
  );
  const ended = ask('check-balances', healthy, 2, { NODE_OPTIONS: `--import=${preload}` });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(`replay: bob-peer2.ndjson: ${sentence}\n`);
});
