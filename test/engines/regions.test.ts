import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { placed, regionsOf } from '../../src/engines/regions.ts';
import type { ColumnBatch } from '../../src/events/columns/column-batch.ts';
import { pino } from '../../src/events/readers/pino.ts';
import { openSource } from '../../src/events/sources/open.ts';
import { openRegion } from '../../src/events/sources/region.ts';
import { emptyFolder } from '../built.ts';
import { decodeAll, everything } from '../events/columns/rows.ts';
import { simulate } from '../simulator/index.ts';

const [log] = simulate({ seed: 3, steps: 300, layout: 'per-device', manifest: false }).files;
/** Marks a byte order, holds a line that is longer than most parts, and ends in the middle of a line. */
const content = `\ufeff${log?.content}{"v":1,"x":"${'y'.repeat(2000)}"}\n${log?.content}{"torn`;

/** The file of that content, as somebody else reads it in parts of so many bytes. */
function inParts(location: string) {
  const bytes = Buffer.byteLength(content);
  return async function* (size: number): AsyncGenerator<ColumnBatch> {
    const reader = pino.columns?.('a.ndjson', { defaults: {} }, everything);
    let before = 0;
    for (const region of regionsOf({ location, bytes, compressed: false }, 0, size)) {
      let lines = 0;
      for await (const batch of reader?.read(openRegion({ path: 'a.ndjson', location }, region)) ?? []) {
        lines = batch.lines;
        yield placed(batch, batch.file, before);
      }
      before += lines;
    }
  };
}

function written(): string {
  const location = join(emptyFolder(), 'a.ndjson');
  writeFileSync(location, content);
  return location;
}

test('in parts of whatever size, a file is read as at once', { timeout: 60_000 }, async () => {
  const location = written();
  const read = inParts(location);
  const whole = pino.columns?.('a.ndjson', { defaults: {} }, everything);
  const atOnce = await decodeAll(whole?.read(openSource({ path: 'a.ndjson', location })) as never, everything);
  expect(atOnce.problems).toHaveLength(2);
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 300, max: 40_000 }), async (size) => {
      expect(await decodeAll(read(size), everything)).toEqual(atOnce);
    }),
    { numRuns: 25 },
  );
});

test.each([700, 10_000, 1 << 20])('batches of parts of %d bytes say where in the file they begin', async (size) => {
  const bytes = Buffer.from(content);
  const places: number[] = [];
  for await (const { begins, lineOffset, rows } of inParts(written())(size)) {
    if (rows === 0) continue;
    const before = bytes.toString('utf8', 0, begins.bytes).split('\n').length - 1;
    expect(lineOffset + begins.lines).toBe(before);
    places.push(begins.bytes);
  }
  expect(new Set(places).size).toBeGreaterThan(Math.min(bytes.length / size, 50) / 2);
});
