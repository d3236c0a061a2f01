// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a mapping's references look like a template's
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount } from '../../../src/base/amount.ts';
import { parseMapping } from '../../../src/events/mapping/parse-mapping.ts';
import { essence, readLog, readText, sourceOf } from './reading.ts';

const balance = (seq: number, delta: string) =>
  `{"level":30,"time":1,"v":1,"type":"balance","device":"bob-peer1","identity":"bob","incarnation":1,"seq":${seq},"tokenId":"T1","coin":"UCT","delta":${delta}}`;

test('events of the contract keep device, sequence and exact amounts', async () => {
  const { format, events, sentences } = await readText(
    `${balance(1, '"99.999999999989"')}\n${balance(2, '"-0.000000000011"')}\n`,
  );
  expect(format).toBe('pino');
  expect(sentences).toEqual([]);
  expect(events.map(({ device, seq, stream, line }) => ({ device, seq, stream, line }))).toEqual([
    { device: 'bob-peer1', seq: 1, stream: undefined, line: 1 },
    { device: 'bob-peer1', seq: 2, stream: undefined, line: 2 },
  ]);
  const amounts = events.map((event) => event.type === 'balance' && formatAmount(event.delta));
  expect(amounts).toEqual(['99.999999999989', '-0.000000000011']);
});

test("somebody else's pino log is read as debug lines, without complaint", async () => {
  const log = [
    '{"level":30,"time":1748642400123,"pid":7,"hostname":"h","msg":"listening on :3000"}',
    '{"level":50,"time":1748642400124,"pid":7,"hostname":"h","err":{"type":"Error","stack":"Error: x\\n    at y"},"msg":"boom"}',
    '',
    '{"level":30,"time":1748642400125,"pid":7,"hostname":"h","req":{"id":1},"type":"balance","msg":"request completed"}',
  ];
  const { events, sentences, skipped } = await readText(`${log.join('\n')}\n`);
  expect({ events, sentences, skipped }).toEqual({ events: [], sentences: [], skipped: 4 });
});

test('the name of the file does not matter', async () => {
  expect((await readText(`${balance(1, '"1"')}\n`, 'anything.tsv')).events).toHaveLength(1);
});

test('an amount that is a JSON number and may have lost digits is a problem, and its line keeps its place', async () => {
  for (const delta of ['12345678901234567890', '1.5', '1.00000000000000000000001', '1e2']) {
    const { sentences, events } = await readText(`${balance(1, delta)}\n`);
    expect(sentences).toEqual([
      'peer1.log:1: balance: delta: amount is a JSON number and may have lost digits; log it as a string',
    ]);
    expect(events).toMatchObject([{ type: 'unreadable', hides: 'balance', seq: 1 }]);
  }
  expect((await readText(`${balance(1, '7')}\n`)).sentences).toEqual([]);
});

test('a good record behind a torn one on the same line is used', async () => {
  const { events, problems, sentences } = await readText(`{"level":30,"ti${balance(5, '"1"')}\n${balance(6, '"1"')}\n`);
  expect(events.map(({ seq, line }) => [seq, line])).toEqual([
    [5, 1],
    [6, 2],
  ]);
  expect(sentences).toEqual(['peer1.log:1: cut off where another record begins: "{\\"level\\":30,\\"ti"']);
  expect(problems[0]?.kind).toBe('unreadable');
});

test('two records whose line end was lost are both used', async () => {
  const { events, sentences } = await readText(`${balance(1, '"1"')}${balance(2, '"1"')}\n`);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(sentences).toEqual([]);
});

test('zero bytes that a crash left in front of a record do not cost the record', async () => {
  const { events, sentences } = await readText(`${balance(1, '"1"')}\n\0\0\0\0${balance(2, '"1"')}\n`);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(sentences).toEqual(['peer1.log:2: cut off where another record begins: "\\u0000\\u0000\\u0000\\u0000"']);
});

test('a torn last line is dropped and named', async () => {
  const { events, problems, sentences } = await readText(`${balance(1, '"1"')}\n${balance(2, '"1"').slice(0, 40)}`);
  expect(events).toHaveLength(1);
  expect(problems[0]?.kind).toBe('torn');
  expect(sentences).toEqual([
    'peer1.log:2: the last line is cut off: "{\\"level\\":30,\\"time\\":1,\\"v\\":1,\\"type\\":\\"balan"',
  ]);
});

test('a last line without a line end that is whole is used', async () => {
  const { events, problems } = await readText(balance(1, '"1"'));
  expect([events.length, problems.length]).toEqual([1, 0]);
});

test('text between the records is a problem that quotes it', async () => {
  const { events, sentences } = await readText(`${balance(1, '"1"')}\nnpm WARN deprecated\n42\n${balance(2, '"1"')}\n`);
  expect(events).toHaveLength(2);
  expect(sentences).toEqual([
    'peer1.log:2: expected one JSON object, got "npm WARN deprecated"',
    'peer1.log:3: expected one JSON object, got "42"',
  ]);
});

test('bytes that are no UTF-8 matter where they hit a field of an event, and nowhere else', async () => {
  const broken = (text: string) => Buffer.from(text.replaceAll('?', '\u00ff'), 'latin1');
  const inMessage = balance(1, '"1"').replace('"level"', '"msg":"?","level"');
  const inField = balance(2, '"1"').replace('T1', 'T?');
  const debug = '{"level":30,"msg":"?"}';
  const { events, sentences, skipped } = await readText(broken(`${inMessage}\n${inField}\n${debug}\n`));
  expect(events.map(({ type, seq }) => [type, seq])).toEqual([
    ['balance', 1],
    ['unreadable', 2],
  ]);
  expect(sentences).toEqual(['peer1.log:2: balance: the line is not valid UTF-8']);
  expect(skipped).toBe(1);
});

test('CRLF and a byte order mark are taken as they come', async () => {
  const { events, sentences } = await readText(`\ufeff${balance(1, '"1"')}\r\n${balance(2, '"1"')}\r\n`);
  expect(events).toHaveLength(2);
  expect(sentences).toEqual([]);
});

test('a line of 100 MB is read in bounded time', async () => {
  const long = balance(1, '"1"').replace('"level"', `"msg":"${'x'.repeat(100_000_000)}","level"`);
  const begin = performance.now();
  const { events, sentences } = await readLog(sourceOf(`${long}\n${balance(2, '"1"')}\n`, 'peer1.log', 1 << 19));
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(sentences).toEqual([]);
});

test('a torn line of 100 MB is a problem in bounded time', async () => {
  const torn = `{"level":30,"msg":"${'{"level":'.repeat(10_000_000)}`;
  const begin = performance.now();
  const { events, sentences } = await readLog(sourceOf(`${torn}\n${balance(2, '"1"')}\n`, 'peer1.log', 1 << 19));
  expect(performance.now() - begin).toBeLessThan(10_000);
  expect([events.length, sentences.length]).toEqual([1, 2]);
});

test('a mapping makes events of lines without v; lines with v say what they are themselves', async () => {
  const mapping = parseMapping(
    JSON.stringify({ rules: [{ when: { msg: 'wiped' }, emit: { type: 'clear', device: '${dev}' } }] }),
    'mapping.json',
  );
  const log = `{"msg":"wiped","time":7,"dev":"a"}\n{"msg":"wiped","dev":"b"}\n{"msg":"else"}\n${balance(1, '"1"')}\n`;
  const { events, skipped } = await readText(log, 'x.ndjson', { mapping });
  expect(events.map(essence).slice(0, 2)).toEqual([
    { type: 'clear', device: 'a', time: 7 },
    { type: 'clear', device: 'b', time: null },
  ]);
  expect(events.map(({ stream }) => stream)).toEqual(['x.ndjson', 'x.ndjson', undefined]);
  expect(skipped).toBe(1);
});

test('however the bytes are cut into chunks, the same is read', async () => {
  const line = fc.oneof(
    fc.nat(50).map((seq) => balance(seq + 1, '"1.5"')),
    fc.constant('{"level":30,"msg":"déjà vu 🪙"}'),
    fc.string({ unit: 'grapheme', maxLength: 12 }).map((text) => text.replaceAll('\n', ' ')),
    fc.constantFrom('', '{"level":30,"ti', '\r'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 20 }),
      fc.integer({ min: 1, max: 64 }),
      fc.boolean(),
      async (lines, size, ends) => {
        const text = lines.join('\n') + (ends ? '\n' : '');
        const { bytes: _, ...whole } = await readText(text);
        const { bytes, ...cut } = await readLog(sourceOf(text, 'peer1.log', size));
        expect(cut).toEqual(whole);
        if (whole.format !== 'unknown') expect(bytes).toBe(Buffer.byteLength(text));
      },
    ),
    { numRuns: 150 },
  );
});

test('every line is an event, a problem or skipped', async () => {
  const line = fc.oneof(
    fc.constant('good'),
    fc.constant('debug'),
    fc.constantFrom('', 'rubbish', '[1]', '"x"', 'null', '{"v":2}', '{"v":1,"type":"x"}', '{"level":30,"t'),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), async (kinds) => {
      const lines = kinds.map((kind, index) =>
        kind === 'good' ? balance(index + 1, '"1"') : kind === 'debug' ? '{"level":30}' : kind,
      );
      const { events, problems, skipped } = await readText(`{"level":30}\n${lines.join('\n')}\n`);
      const named = new Set([...events, ...problems].map((found) => found.line));
      expect(named.size + skipped).toBe(lines.length + 1);
    }),
    { numRuns: 150 },
  );
});
