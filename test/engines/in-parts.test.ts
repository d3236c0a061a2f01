import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inParts } from '../../src/engines/in-process.ts';
import type { ColumnBatch } from '../../src/events/columns/column-batch.ts';
import { decodeAll, everything } from '../events/columns/rows.ts';
import { opened } from '../replay/support.ts';
import { simulate } from '../simulator/index.ts';

const logs = simulate({ seed: 3, steps: 300, layout: 'per-device', manifest: false }).files.map(
  ({ name, content }) => [name, content] as const,
);
/** Marks a byte order, and breaks a line. */
const spoilt = logs.map(([name, content], index) => [name, index === 0 ? `\ufeff${content}{"v":1}\n{"torn` : content]);

test('in parts of whatever size, files are read as at once', { timeout: 60_000 }, async () => {
  await opened(Object.fromEntries(spoilt), async (run) => {
    const readBy = (bytes: number) =>
      Promise.all(run.files.map((file) => decodeAll(inParts(bytes).read(run, file, everything), everything)));
    const atOnce = await readBy(2 ** 30);
    expect(atOnce.flatMap(({ problems }) => problems)).toHaveLength(2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 300, max: 40_000 }), async (bytes) => {
        expect(await readBy(bytes)).toEqual(atOnce);
      }),
      { numRuns: 25 },
    );
  });
});

test('each part says where in the file it begins', async () => {
  await opened(Object.fromEntries(logs), async (run) => {
    const [file] = run.files;
    const places: [from: number, before: number][] = [];
    for await (const { from, lineOffset } of inParts(10_000).read(
      run,
      file as never,
      everything,
    ) as AsyncIterable<ColumnBatch>)
      places.push([from, lineOffset]);
    const content = logs.find(([name]) => name === file?.path)?.[1] ?? '';
    // Of a line that begins before a part all is of the part before.
    const before = (from: number) => (from === 0 ? 0 : content.slice(0, from - 1).split('\n').length);
    expect(new Set(places.map(([from]) => from)).size).toBeGreaterThan(3);
    expect(places).toEqual(places.map(([from]) => [from, before(from)]));
  });
});
