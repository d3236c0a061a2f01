import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib, { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { findLogFiles } from '../../../src/events/sources/files.ts';
import { openSource } from '../../../src/events/sources/open.ts';
import { readLog } from '../readers/reading.ts';

// Root may read everything, so that no real file stands for one that is locked.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' });
  const open: typeof real.open = (path, ...rest) =>
    String(path).endsWith('locked.log') ? Promise.reject(denied) : real.open(path, ...rest);
  return { ...real, open };
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-test-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): ReturnType<typeof openSource> {
  writeFileSync(join(folder, name), content);
  return openSource({ path: name, location: join(folder, name) });
}

const clear = (seq: number) => `{"v":1,"type":"clear","device":"a","seq":${seq},"note":"${Math.sin(seq)}"}\n`;
const clears = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => clear(from + index)).join('');
const seqs = (to: number) => Array.from({ length: to }, (_, index) => index + 1);

test('gzip is told by its bytes, and several members are one log', async () => {
  const gz = Buffer.concat([gzipSync(clears(1, 5000)), gzipSync(clears(5001, 5010))]);
  const { events, sentences, bytes } = await readLog(file('a.log', gz));
  expect(events.map(({ seq }) => seq)).toEqual(seqs(5010));
  expect([sentences, bytes]).toEqual([[], gz.length]);
});

test('of a gzip file that breaks off, everything that came through is used', async () => {
  const gz = gzipSync(clears(1, 5000));
  const { events, problems, sentences } = await readLog(file('b.gz', gz.subarray(0, gz.length - 9)));
  expect(events.map(({ seq }) => seq)).toEqual(seqs(events.length));
  expect(events.length).toBeGreaterThan(4990);
  expect(problems.at(-1)?.kind).toBe('torn');
  expect(sentences.at(-1)).toMatch(/^b\.gz:\d+: the gzip data break off here; everything before is used$/);
});

test('of a gzip file that is corrupt, everything before the fault is used', async () => {
  for (const [name, gz] of [
    ['trailing.gz', Buffer.concat([gzipSync(clears(1, 3)), Buffer.from('and then rubbish')])],
    [
      'checksum.gz',
      Buffer.from(gzipSync(clears(1, 3)).map((byte, index, all) => (index === all.length - 6 ? byte ^ 255 : byte))),
    ],
  ] as const) {
    const { events, sentences } = await readLog(file(name, gz));
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(sentences).toHaveLength(1);
    expect(sentences[0]).toMatch(/:4: the gzip data are corrupt from here on \(.+\); everything before is used$/);
  }
});

test('zero bytes behind a gzip file, as tapes leave them, are no fault', async () => {
  const { events, sentences } = await readLog(file('z.gz', Buffer.concat([gzipSync(clears(1, 3)), Buffer.alloc(600)])));
  expect([events.length, sentences]).toEqual([3, []]);
});

const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Buffer };

test.runIf(zstdCompressSync)('zstd is told by its bytes', async () => {
  const zst = (zstdCompressSync as (bytes: Uint8Array) => Buffer)(Buffer.from(clears(1, 3)));
  expect((await readLog(file('a.ndjson.zst', zst))).events).toHaveLength(3);
});

test.skipIf(zstdCompressSync)('zstd on a Node without it is an error that says what to do', async () => {
  const error = await readLog(file('a.ndjson.zst', Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0]))).catch((reason) => reason);
  expect([error.message, error.hint]).toEqual([
    `a.ndjson.zst: zstd needs Node 22.15 or newer, and this is Node ${process.versions.node}`,
    'decompress it first: zstd -d a.ndjson.zst',
  ]);
});

test('a file that grows while it is read is read as it was, in every pass', async () => {
  const source = file('grow.ndjson', clears(1, 3) + clear(4).slice(0, 10));
  const first = await readLog(source);
  appendFileSync(join(folder, 'grow.ndjson'), clear(4).slice(10) + clears(5, 9));
  const second = await readLog(source);
  expect(first.events).toHaveLength(3);
  expect(second).toEqual(first);
  expect(first.sentences).toEqual(['grow.ndjson:4: the last line is cut off: "{\\"v\\":1,\\"ty"']);
});

test('chunks belong to whoever takes them, unless they are lent', async () => {
  const text = clears(1, 40_000);
  const source = file('large.ndjson', text);
  const kept: Uint8Array[] = [];
  for await (const chunk of source.chunks()) kept.push(chunk);
  expect(kept.length).toBeGreaterThan(2);
  expect(Buffer.concat(kept).equals(Buffer.from(text))).toBe(true);
  let at = 0;
  for await (const chunk of source.chunks({ lent: true })) {
    expect(Buffer.from(text.slice(at, at + chunk.length)).equals(chunk)).toBe(true);
    at += chunk.length;
  }
  expect(at).toBe(text.length);
});

test('lines that lie across lent chunks are whole', async () => {
  const { events, sentences } = await readLog(file('across.ndjson', `\ufeff${clears(1, 40_000)}`));
  expect(events.map(({ seq }) => seq)).toEqual(seqs(40_000));
  expect(sentences).toEqual([]);
});

test('a file that vanished, a folder, and a file without permission say what to do', async () => {
  const trouble = async (name: string) => {
    const error = await readLog(openSource({ path: name, location: join(folder, name) })).catch((reason) => reason);
    return `${error.name}: ${error.message}; ${error.hint}`;
  };
  expect(await trouble('gone.log')).toBe(
    'ReplayError: gone.log: no such file; it was there when the run was listed; run it again when the log is no longer being moved',
  );
  expect(await trouble('.')).toBe(
    'ReplayError: .: is a folder, not a file; name the folder alone to read everything below it',
  );
  expect(await trouble('locked.log')).toBe(
    'ReplayError: locked.log: no permission to read it; chmod +r it, or run as a user who may read it',
  );
});

test('an empty file, rubbish, UTF-16 and a format that nobody knows are one problem each', async () => {
  const sentence = async (name: string, content: string | Uint8Array) => (await readLog(file(name, content))).sentences;
  expect(await sentence('empty.log', '')).toEqual(['empty.log:1: the file is empty']);
  expect(await sentence('logo.png', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0', 'latin1'))).toEqual([
    'logo.png:1: no known log format: begins with binary data; name a mapping for it (--mapping) or leave the file out',
  ]);
  expect(await sentence('README.md', '# Notes\nHello\n')).toEqual([
    'README.md:1: no known log format: begins with "# Notes"; name a mapping for it (--mapping) or leave the file out',
  ]);
  expect(await sentence('wide.log', Buffer.from(`\ufeff${clears(1, 3)}`, 'utf16le'))).toEqual([
    'wide.log:1: the text is UTF-16; convert it, e.g. with iconv -f UTF-16 -t UTF-8',
  ]);
});

test('a named pipe is read once and kept', async () => {
  const path = join(folder, 'pipe');
  execFileSync('mkfifo', [path]);
  writeFileSync(join(folder, 'content'), clears(1, 2));
  spawn('cp', [join(folder, 'content'), path]);
  const [only] = await findLogFiles(path);
  expect((await readLog(openSource(only as NonNullable<typeof only>))).events).toHaveLength(2);
});
