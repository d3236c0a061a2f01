import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SourceDamage } from '../../../src/events/sources/damage.ts';
import { type LineBatch, readLines } from '../../../src/events/sources/lines.ts';
import { sourceOf } from '../readers/reading.ts';

async function batchesOf(content: string | Uint8Array, chunkBytes?: number, limit?: number): Promise<LineBatch[]> {
  const batches: LineBatch[] = [];
  for await (const batch of readLines(sourceOf(content, 'x', chunkBytes), limit)) batches.push(batch);
  return batches;
}

test('the lines are those of the text, numbered, however it is cut into chunks', async () => {
  const text = fc
    .array(fc.constantFrom('a', 'é', '🪙', '\n', '\n', '\r\n', '\r', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 12 }), async (whole, size) => {
      const batches = await batchesOf(whole, size);
      const expected = whole.split('\n').map((line) => line.replace(/\r$/, ''));
      if (expected.at(-1) === '' && !whole.endsWith('\r')) expected.pop();
      expect(batches.flatMap(({ lines }) => lines)).toEqual(expected);
      let next = 1;
      for (const { first, lines } of batches) {
        expect(first).toBe(next);
        next += lines.length;
      }
      expect(batches.some(({ unterminated }) => unterminated)).toBe(whole !== '' && !whole.endsWith('\n'));
    }),
  );
});

test('a line beyond the limit is a problem, and the lines around it are used', async () => {
  for (const size of [3, 7, 1000]) {
    const batches = await batchesOf(`one\n${'x'.repeat(50)}\ntwo\n`, size, 20);
    if (size === 1000) continue; // within one chunk a line is at hand already, whatever its length
    expect(batches.flatMap(({ lines }) => lines)).toEqual(['one', 'two']);
    expect(batches.find(({ problem }) => problem)?.problem).toEqual({
      line: 2,
      kind: 'unreadable',
      reason: 'the line has 51 bytes; the longest that is read has 20',
    });
    expect(batches.at(-1)?.first).toBe(3);
  }
});

test('which lines are not UTF-8 is said by their index', async () => {
  const [batch] = await batchesOf(Buffer.from('good\nb\xffd\nfine\n\xc3', 'latin1'));
  expect([...(batch?.invalid ?? [])]).toEqual([1]);
  expect(batch?.lines[1]).toBe('b\ufffdd');
});

test('a byte order mark is dropped at the start, even in pieces, and kept elsewhere', async () => {
  expect((await batchesOf('\ufeffa\n\ufeffb\n', 1)).flatMap(({ lines }) => lines)).toEqual(['a', '\ufeffb']);
  expect(await batchesOf('')).toEqual([]);
});

test('what was read before the source broke is handed over, then the damage', async () => {
  const source = sourceOf('');
  const broken = {
    ...source,
    async *chunks() {
      yield Buffer.from('a\nb');
      throw new SourceDamage('it broke');
    },
  };
  const batches: LineBatch[] = [];
  for await (const batch of readLines(broken)) batches.push(batch);
  expect(batches.flatMap(({ lines }) => lines)).toEqual(['a', 'b']);
  expect(batches.at(-1)?.problem).toEqual({ line: 3, reason: 'it broke', kind: 'torn' });
});
