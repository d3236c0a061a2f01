import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { LogSource } from '../../../src/events/reader.ts';
import { readLines } from '../../../src/events/sources/lines.ts';
import { openSource } from '../../../src/events/sources/open.ts';
import { openRegion } from '../../../src/events/sources/region.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-region-'));
const location = join(folder, 'peer1.log');
const file = { path: 'peer1.log', location };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function linesOf(source: LogSource): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(source)) lines.push(...batch.lines);
  return lines;
}

/** The lines of a file, region by region. */
async function linesByRegion(edges: readonly number[]): Promise<string[][]> {
  const regions: string[][] = [];
  for (const [index, from] of edges.slice(0, -1).entries()) {
    regions.push(
      await linesOf(openRegion(file, { from, to: edges[index + 1] as number, end: edges.at(-1) as number })),
    );
  }
  return regions;
}

async function bytesOf(source: LogSource): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.chunks({ lent: true })) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const line = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', ' ')) },
  fc.constantFrom('', '\r', '\ufeff', '\ufeff{}', 'é🪙', 'x'.repeat(300)),
);
const content = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 12 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, ends]) => Buffer.from(lines.join(end) + (ends ? end : '')));

test('any cut of any file into regions gives each line once, in order', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(content, fc.array(fc.nat({ max: 400 }), { maxLength: 6 }), async (bytes, cuts) => {
      writeFileSync(location, bytes);
      const edges = [0, ...new Set(cuts.filter((cut) => cut < bytes.length && cut > 2)), bytes.length].sort(ascending);
      expect((await linesByRegion(edges)).flat()).toEqual(await linesOf(openSource(file)));
    }),
    { numRuns: 250 },
  );
});

const ascending = (left: number, right: number) => left - right;

test('also where regions meet at any byte of it', async () => {
  const bytes = Buffer.from('one\n\ntwo\r\n\ufeffthree\n\n\nfour is longer\nfive');
  writeFileSync(location, bytes);
  const all = await linesOf(openSource(file));
  for (let edge = 1; edge < bytes.length; edge += 1) {
    expect((await linesByRegion([0, edge, bytes.length])).flat(), `edge ${edge}`).toEqual(all);
  }
  expect((await linesByRegion([...bytes.keys(), bytes.length])).flat()).toEqual(all);
});

test('a line belongs to the region in which it begins, also where it is longer than blocks and all that is looked at ahead', async () => {
  const long = 'x'.repeat(1_300_000);
  writeFileSync(location, `a\n${long}\nb\n`);
  const size = long.length + 5;
  const regions = await linesByRegion([0, 2, 3, 600_000, size - 2, size]);
  expect(regions.map((lines) => lines.map(({ length }) => length))).toEqual([[1], [long.length], [], [], [1]]);
});

test('the bytes of regions are those of the file, and each says how many of its own were read', async () => {
  const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `line ${index}\n`).join(''));
  writeFileSync(location, bytes);
  const edges = [0, 1, 100_000, 100_001, 300_000, bytes.length];
  const regions = edges
    .slice(0, -1)
    .map((from, index) => openRegion(file, { from, to: edges[index + 1] as number, end: edges.at(-1) as number }));
  const read = [];
  for (const region of regions) read.push(await bytesOf(region));
  expect(Buffer.concat(read).equals(bytes)).toBe(true);
  expect(regions.reduce((sum, region) => sum + region.bytesRead(), 0)).toBe(bytes.length);
});

test('a byte order mark is dropped at the beginning of the file alone', async () => {
  writeFileSync(location, '\ufeffa\n\ufeffb\n');
  expect(await linesByRegion([0, 5, 9])).toEqual([['a'], ['\ufeffb']]);
});

test('a file that is gone has the usual error', async () => {
  const gone = openRegion({ path: 'gone.log', location: join(folder, 'gone.log') }, { from: 0, to: 5, end: 5 });
  await expect(bytesOf(gone)).rejects.toThrow('gone.log: no such file; it was there when the run was listed');
});

// Beyond the last region there may be more by now, of a log that is still being written.
test('what is appended after the first look is not read', async () => {
  writeFileSync(location, 'one\ntwo is cut o');
  const source = openSource(file);
  await bytesOf(source);
  writeFileSync(location, 'one\ntwo is cut off no longer\nthree\n');
  const bytes = source.layout?.()?.bytes ?? 0;
  expect((await linesByRegion([0, 2, bytes])).flat()).toEqual(await linesOf(source));
});
