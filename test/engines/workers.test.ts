import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeLongLife } from '../../bench/wallet.ts';
import { readMark } from '../../src/cache/run-mark.ts';
import type { GlanceMark } from '../../src/replay/glance/glance-run.ts';
import { type Ended, emptyFolder, replay } from '../built.ts';
import { upTo } from '../cache/growing.ts';
import { filesIn } from '../cache/remembered.ts';
import { tell } from '../story/tell.ts';
import { type Files, writeFiles } from '../story.ts';

// Threads read files in regions of 2 MB, and exist in the built command alone.
const megabyte = 2 ** 20;
const scratch = mkdtempSync(join(tmpdir(), 'replay-workers-'));
const folderOf = (name: string) => {
  const folder = join(scratch, name, 'long-life');
  mkdirSync(folder, { recursive: true });
  return folder;
};
const healthy = folderOf('healthy');
const divergent = folderOf('divergent');
const disputed = folderOf('disputed');

beforeAll(async () => {
  const life = { devices: 2, tokens: 50, seed: 1 };
  await writeLongLife(healthy, { ...life, until: { bytes: 11 * megabyte } });
  await writeLongLife(divergent, { ...life, until: { bytes: 9 * megabyte }, divergent: true });
  await writeLongLife(disputed, { ...life, until: { bytes: 28 * megabyte }, divergent: true });
  bookMore(join(disputed, 'bob-peer1.ndjson'), 3 * megabyte);
}, 120_000);
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Makes the first change that a device booked behind a place a larger one. */
function bookMore(path: string, place: number): void {
  const log = readFileSync(path, 'utf8');
  const at = log.indexOf('"delta":"', place);
  writeFileSync(path, log.slice(0, at) + log.slice(at).replace(/"delta":"-?/, '$&9'));
}

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

test.each([
  { run: 'healthy', folder: healthy, verdict: 'held', code: 0 },
  { run: 'divergent', folder: divergent, verdict: 'violated', code: 1 },
])(
  'the report on a $run run is the same bytes, however many threads read it, and in whichever lane',
  {
    timeout: 120_000,
  },
  ({ folder, verdict, code }) => {
    const alone = ask('check-balances', folder, 1);
    expect(alone).toMatchObject({ code, stderr: '' });
    expect(JSON.parse(alone.stdout)).toMatchObject({ verdict, input: { files: 2, problems: [] } });
    expect(ask('check-balances', folder, 2)).toEqual(alone);
    expect(ask('check-balances', folder, 7, { REPLAY_SLOW: '1' })).toEqual(alone);
    expect(ask('check-balances', folder, 2, { REPLAY_SLOW: 'plain' })).toEqual(alone);
  },
);

test('a thread goes on where little of what it reads is taken: parts of a run are read again that are far from each other', {
  timeout: 60_000,
}, () => {
  const alone = ask('check-balances', disputed, 1);
  expect(JSON.parse(alone.stdout).findings.length).toBeGreaterThan(1);
  expect(ask('check-balances', disputed, 2)).toEqual(alone);
});

test('it is the same in seven threads, and of compressed files but for their bytes', { timeout: 60_000 }, () => {
  const plain = ask('check-balances', healthy, 7);
  expect(essence(ask('check-balances', compressed(healthy), 2))).toEqual(essence(plain));
});

test('threads read only what is new in a run that has grown, from wherever that begins', {
  timeout: 60_000,
}, async () => {
  const cache = emptyFolder();
  const folder = join(emptyFolder(), 'long-life');
  const files = Object.fromEntries(filesIn(healthy).map((path) => [basename(path), readFileSync(path, 'utf8')]));
  const check = () =>
    replay(['check-balances', folder, '--json', '--workers', '3'], { env: { XDG_CACHE_HOME: cache } });
  /** How many lines each log had when it was last read to its end by lines that follow one another. */
  const linesKnown = () => {
    const kept = filesIn(join(cache, 'ledger-replay')).map((path) => readFileSync(path));
    const [mark] = kept.flatMap((bytes) => readMark(bytes.subarray(bytes.indexOf('\n') + 1)) ?? []);
    const known = mark?.state() as GlanceMark | undefined;
    return Object.fromEntries(known?.lines ?? []);
  };
  const linesIn = (logs: Files) =>
    Object.fromEntries(Object.entries(logs).map(([path, content]) => [path, content.split('\n').length - 1]));
  const before = upTo(files, 0.75);
  for (const logs of [before, files]) {
    await writeFiles(logs, folder);
    const { stdout, code } = ask('check-balances', folder, 1);
    expect(check()).toMatchObject({ stdout, code });
    expect(linesKnown()).toEqual(linesIn(logs));
  }
});

test('the same round trips are counted', { timeout: 60_000 }, () => {
  const alone = ask('round-trips', healthy, 1);
  expect(JSON.parse(alone.stdout).roundTrips.trips).toBeGreaterThan(5_000);
  expect(ask('round-trips', healthy, 3)).toEqual(alone);
});

test('as many threads are at it as are asked for, with the first', { timeout: 60_000 }, () => {
  const threads = (workers: number) =>
    ask('check-balances', healthy, workers, { NODE_DEBUG: 'worker' }).stderr.match(/create new worker/g)?.length ?? 0;
  expect([1, 2, 4].map(threads)).toEqual([0, 1, 3]);
});

test('a line with a problem in the third region is reported where it stands', { timeout: 60_000 }, () => {
  const folder = join(emptyFolder(), 'long-life');
  mkdirSync(folder);
  const idle = `${JSON.stringify({ level: 30, msg: 'x'.repeat(1000) })}\n`.repeat(9 * 1024);
  const peers = 'peer1 start\npeer1 balance T1 UCT 1\npeer1 end quiescent\npeer2 start\npeer2 balance T1 UCT 1';
  const { 'peer1.ndjson': log = '', 'peer2.ndjson': other = '' } = tell(`${peers}\npeer2 end quiescent`);
  writeFileSync(join(folder, 'peer1.ndjson'), `${log}${idle}{"v":1}\n`);
  writeFileSync(join(folder, 'peer2.ndjson'), other);
  const alone = ask('check-balances', folder, 1);
  expect(JSON.parse(alone.stdout).input.problems).toMatchObject([{ file: 'peer1.ndjson', line: 3 + 9 * 1024 + 1 }]);
  expect(ask('check-balances', folder, 3)).toEqual(alone);
});

test.each([
  ['ENOENT', 'no such file; it was there when the run was listed'],
  ['EACCES', 'no permission to read it'],
])('a file that threads cannot open has the usual error: %s', { timeout: 60_000 }, (code, sentence) => {
  const ended = ask('check-balances', healthy, 2, {
    NODE_OPTIONS: whereThreadsOpenTheSecondFile(`throw Object.assign(new Error('${code}'), { code: '${code}' })`),
  });
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(`replay: bob-peer2.ndjson: ${sentence}\n`);
});

test('a thread that falls over is a fault of ours, and ends the run', { timeout: 60_000 }, () => {
  const ended = ask('check-balances', healthy, 2, {
    NODE_OPTIONS: whereThreadsOpenTheSecondFile(
      `setImmediate(() => { throw new Error('fell over') }); return new Promise(() => {})`,
    ),
  });
  expect(ended).toMatchObject({ code: 70, stdout: '' });
  expect(ended.stderr).toMatch('fell over');
});

/** Makes each thread do something else in place of opening a file, before it loads anything of ours. */
function whereThreadsOpenTheSecondFile(happens: string): string {
  const preload = join(emptyFolder(), 'preload.mjs');
  writeFileSync(
    preload,
    `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { isMainThread } from 'node:worker_threads';
    const { open } = fs.promises;
    if (!isMainThread) fs.promises.open = async (path, ...more) => {
      if (String(path).endsWith('bob-peer2.ndjson')) { ${happens} }
      return open(path, ...more);
    };
    syncBuiltinESMExports();`,
  );
  return `--import=${preload}`;
}
