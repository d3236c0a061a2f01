import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLog, readText, sourceOf } from './reading.ts';

const clear = (seq: number) => ({ v: 1, type: 'clear', device: 'a', seq });

test('an array of records is read, and each stands at its item', async () => {
  const { format, events, sentences, skipped } = await readText(
    JSON.stringify([clear(1), { level: 30 }, clear(2)], null, 2),
    'log.json',
  );
  expect(format).toBe('json-document');
  expect(events.map(({ seq, line, file }) => [seq, line, file.unit])).toEqual([
    [1, 1, 'item'],
    [2, 3, 'item'],
  ]);
  expect([sentences, skipped]).toEqual([[], 1]);
});

test('arrays of records are found wherever an object holds them', async () => {
  const document = {
    meta: { tags: ['a', 'b'], ids: [1] },
    data: { events: [clear(1), { ...clear(2), nested: [{ v: 1 }] }] },
    logs: [clear(3)],
  };
  for (const text of [JSON.stringify(document), JSON.stringify(document, null, 2)]) {
    const { format, events, sentences } = await readText(text);
    expect([format, events.map(({ line }) => line), sentences]).toEqual(['json-document', [1, 2, 3], []]);
  }
});

test('a problem names the item', async () => {
  const { sentences } = await readText(
    JSON.stringify([clear(1), 42, { ...clear(2), type: 'balance', tokenId: 'T', coin: 'U', delta: 0.5 }]),
    'x.json',
  );
  expect(sentences).toEqual([
    'x.json#2: expected an object, got 42',
    'x.json#3: balance: delta: amount is a JSON number and may have lost digits; log it as a string',
  ]);
});

test('of a document that is cut off, the whole items are used', async () => {
  const text = `{"logs":[${JSON.stringify(clear(1))},${JSON.stringify(clear(2))},{"v":1,"ty`;
  const { events, problems, sentences } = await readText(text, 'x.json');
  expect(events).toHaveLength(2);
  expect(problems[0]?.kind).toBe('torn');
  expect(sentences).toEqual(['x.json#3: cut off: the document ends inside of it; the items before are used']);
});

test('of a document that is garbled, the items before the fault are used', async () => {
  const text = `[${JSON.stringify(clear(1))},\n${JSON.stringify(clear(2))},{"v":::1},${JSON.stringify(clear(3))}]`;
  const { events, sentences } = await readText(text, 'x.json');
  expect(events).toHaveLength(2);
  expect(sentences).toEqual(['x.json#3: the document is not JSON from here on; the items before are used']);
});

test('one NDJSON line alone is a line and no document', async () => {
  expect((await readText(`${JSON.stringify({ ...clear(1), deps: [{ a: 1 }] })}\n`)).format).toBe('pino');
  expect((await readText('{"req":{"a":[{"b":1}]},"level":30,"time":1,"msg":"x"}\n')).format).toBe('pino');
});

test('however the bytes are cut into chunks, the records are those of JSON.parse', async () => {
  const record = fc.record({
    seq: fc.integer({ min: 1 }),
    note: fc.string({ unit: 'grapheme' }),
    deep: fc.jsonValue({ maxDepth: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(record, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 50 }),
      async (records, size) => {
        const text = JSON.stringify({ logs: records.map((one) => ({ ...one, ...clear(one.seq) })) });
        const { events, sentences } = await readLog(sourceOf(text, 'x.json', size));
        expect(sentences).toEqual([]);
        expect(events.map(({ seq }) => seq)).toEqual(records.map(({ seq }) => seq));
      },
    ),
    { numRuns: 60 },
  );
});

test('U+FFFD that was written so is no fault, and bytes that are not UTF-8 are one', async () => {
  const text = JSON.stringify({ logs: [{ ...clear(1), note: '\ufffd' }] });
  expect((await readLog(sourceOf(text, 'x.json', 1))).sentences).toEqual([]);
  const broken = Buffer.from(text.replace('\ufffd', '\u00ff'), 'latin1');
  expect((await readLog(sourceOf(broken, 'x.json', 1))).sentences).toEqual([
    'x.json#1: clear: the line is not valid UTF-8',
  ]);
});

test('a document of many records is read without holding it', async () => {
  const text = `{"logs":[${Array.from({ length: 50_000 }, (_, index) => JSON.stringify(clear(index + 1))).join(',\n')}]}`;
  const { events, sentences } = await readText(text);
  expect([events.length, sentences]).toEqual([50_000, []]);
});
