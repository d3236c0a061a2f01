import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { digestAll, type FileDigest } from '../../src/cache/file-digest.ts';
import { keyBytes } from '../../src/cache/secret-digest.ts';
import type { LogSource } from '../../src/events/reader.ts';

const MiB = 2 ** 20;
const key = new Uint8Array(keyBytes).fill(7);
/** Nothing repeats in it at the distance of a piece. */
const noise = Uint8Array.from({ length: 3 * MiB + 9 }, (_, index) => (index * 7919 + (index >>> 12)) % 251);

/** Lengths around those at which a piece is full. */
const lengths = fc
  .tuple(fc.integer({ min: 0, max: 3 }), fc.constantFrom(0, 1, 2, MiB / 2, MiB - 1))
  .map(([pieces, more]) => Math.min(pieces * MiB + more, noise.length));

const folder = mkdtempSync(join(tmpdir(), 'replay-digest-'));
const log = join(folder, 'log');
beforeEach(() => writeFileSync(log, noise));
afterAll(() => rmSync(folder, { recursive: true }));

/** What stands for bytes that come in chunks of these lengths in turn; the same bytes stand in the log. */
async function digest(bytes: Uint8Array, { cuts = [bytes.length], by = key } = {}) {
  const source = {
    async *chunks() {
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const length = cuts[turn % cuts.length] as number;
        yield bytes.subarray(at, at + length);
        at += length;
      }
    },
    bytesRead: () => bytes.length,
    layout: () => ({ location: log, bytes: bytes.length, compressed: false }),
  } as unknown as LogSource;
  const [only] = (await digestAll([source], by)) ?? [];
  return only as FileDigest;
}

test('however a file comes, its digest is the same, and that of its beginning is what it was when it was all', async () => {
  const cutting = fc.array(fc.integer({ min: 1000, max: 2 * MiB }), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(lengths, lengths, cutting, async (length, place, cuts) => {
      const bytes = noise.subarray(0, length);
      const digested = await digest(bytes, { cuts });
      expect(digested.whole).toBe((await digest(bytes)).whole);
      const before = place > length ? undefined : (await digest(noise.subarray(0, place))).whole;
      expect(await digested.beginning(place)).toBe(before);
    }),
    { numRuns: 60 },
  );
});

test('a byte that changed anywhere, or one more, is another file; so is the same one by another key', async () => {
  const { whole } = await digest(noise);
  const others = [await digest(noise, { by: new Uint8Array(keyBytes) }), await digest(noise.subarray(1))];
  for (const at of [0, 15, MiB - 1, MiB, 2 * MiB + 5, noise.length - 1]) {
    others.push(await digest(noise.with(at, (noise[at] as number) ^ 1)));
  }
  const exchanged = new Uint8Array([
    ...noise.subarray(MiB, 2 * MiB),
    ...noise.subarray(0, MiB),
    ...noise.subarray(2 * MiB),
  ]);
  others.push(await digest(exchanged), await digest(new Uint8Array([...noise, 0])));
  const digests = others.map((other) => other.whole.split(' ')[0]);
  expect(new Set([whole.split(' ')[0], ...digests]).size).toBe(digests.length + 1);
});

test.each([
  ['is another now', () => writeFileSync(log, noise.with(MiB + 3, (noise[MiB + 3] as number) ^ 1))],
  ['is gone', () => rmSync(log)],
  ['is shorter', () => writeFileSync(log, noise.subarray(0, MiB + 4))],
])('the beginning of a file that %s since it was read is not what it was', async (_what, change) => {
  const [digested, before] = [await digest(noise), await digest(noise.subarray(0, MiB + 5))];
  expect(await digested.beginning(MiB + 5)).toBe(before.whole);
  change();
  expect(await digested.beginning(MiB + 5)).not.toBe(before.whole);
});
