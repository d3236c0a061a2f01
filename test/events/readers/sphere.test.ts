// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a mapping's references look like a template's
import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMapping } from '../../../src/events/mapping/parse-mapping.ts';
import { parseInspected } from '../../../src/events/readers/sphere/inspected.ts';
import { isHead, RecordAssembler } from '../../../src/events/readers/sphere/record.ts';
import { essence, readLog, readText, sourceOf } from './reading.ts';

const at = (second: number) => `2026-05-30T22:03:${String(second).padStart(2, '0')}.123Z`;
const timeOf = (second: number) => Date.parse(at(second));
const line = (second: number, namespace: string, message: string, level = 'DEBUG') =>
  `[${at(second)}] [${level.padEnd(5)}] [${namespace}] ${message}`;

async function eventsOf(text: string) {
  const { events, sentences } = await readText(text);
  return [...events.map(essence), ...sentences];
}

test('a line that says nothing the contract knows is a log event of the device that the file names', async () => {
  const { format, events, skipped } = await readText(
    `${line(1, 'profile:flush', 'awaitNextFlush enter { timeoutMs: 20000, noDeadline: false }')}\n[Tag] old style\n`,
  );
  expect(format).toBe('sphere');
  expect(events.map(essence)).toEqual([
    { type: 'log', device: 'peer1', time: timeOf(1) },
    { type: 'log', device: 'peer1', time: null },
  ]);
  expect(skipped).toBe(0);
});

test('nobody said whose log it is: its events stand in a stream of their own; the manifest says so: they are the device', async () => {
  const text = `${line(1, 'a', 'b')}\n`;
  expect((await readText(text, 'sub/peer1.log')).events[0]).toMatchObject({
    device: 'peer1',
    stream: 'sub/peer1.log',
    seq: 1,
  });
  const own = await readText(text, 'sub/x.log', { defaults: { device: 'bob-peer1', identity: 'bob', incarnation: 2 } });
  expect(own.events[0]).toMatchObject({
    device: 'bob-peer1',
    identity: 'bob',
    incarnation: 2,
    stream: undefined,
    seq: 1,
  });
});

test('a span with an opId is an operation that began before its line', async () => {
  const message = 'span.end mint {"opId":"p-2","id":"01","spanName":"mint","durationMs":814.5}';
  expect(await eventsOf(`${line(9, 'soak:peer1', message)}\n`)).toEqual([
    { type: 'op.start', device: 'peer1', time: timeOf(9) - 814.5, opId: 'p-2', op: 'mint' },
    { type: 'op.end', device: 'peer1', time: timeOf(9), opId: 'p-2', op: 'mint', ok: true, durationMs: 814.5 },
  ]);
  const failed = line(9, 'soak:peer1', 'span.error pay {"opId":"p-3","durationMs":1}', 'WARN');
  expect(await eventsOf(`${failed}\n`)).toMatchObject([{ type: 'op.start' }, { type: 'op.end', op: 'pay', ok: false }]);
  expect(await eventsOf(`${line(9, 'x', 'span.end load {"durationMs":1}')}\n`)).toMatchObject([{ type: 'log' }]);
});

test('a span whose duration was redacted, or whose fields are garbled, is a problem', async () => {
  expect(
    (await readText(`${line(9, 'x', 'span.end pay {"opId":"p","durationMs":"[REDACTED]"}')}\n`)).sentences,
  ).toEqual(['peer1.log:1: op.end: durationMs: expected a number, got "[REDACTED]"']);
  const garbled = `${line(9, 'x', 'span.end pay {"opId":"p","dura')}\n${line(10, 'x', 'y')}\n`;
  expect((await readText(garbled)).sentences).toEqual([
    'peer1.log:1: span.end pay: its fields cannot be read: "{\\"opId\\":\\"p\\",\\"dura"',
  ]);
});

test('verify, publish and import come from the words of the SDK', async () => {
  const text = [
    line(1, 'T', 'Pointer recover ok: cid=bafyA version=17 joinedAny=true addresses=1 bundles=13'),
    line(2, 'T', 'Profile durability: bafyB HEAD-verified (attempts=2, elapsedMs=19)'),
    line(3, 'T', 'Pointer publish ok: cid=bafyB version=1 attempts=0'),
    '',
  ].join('\n');
  expect(await eventsOf(text)).toEqual([
    { type: 'import', device: 'peer1', time: timeOf(1), snapshot: 'bafyA', source: 'network' },
    { type: 'verify', device: 'peer1', time: timeOf(2), cid: 'bafyB', attempt: 2, ok: true, durationMs: 19 },
    { type: 'publish', device: 'peer1', time: timeOf(3), snapshot: 'bafyB', frontier: {} },
  ]);
});

test('the identity that the log names holds from there on, unless the manifest knows better', async () => {
  const text = `[ProfileStorage] Identity set: alpha1qx\n${line(1, 'a', 'b')}\n`;
  expect((await readText(text)).events.map(({ identity }) => identity)).toEqual(['alpha1qx', 'alpha1qx']);
  const known = await readText(text, 'a.log', { defaults: { identity: 'bob' } });
  expect(known.events.map(({ identity }) => identity)).toEqual(['bob', 'bob']);
});

test('listed tokens are what the device holds; a bare count is a log line', async () => {
  const text = [
    line(1, 'T', 'save(): providers=1, tokens=[892069aea482(pending,txf=true), 0101010100000000(confirmed)]'),
    line(2, 'T', 'loadFromStorageData: parsed 9 tokens, 0 tombstones, errors=[]'),
    line(3, 'T', 'save(): providers=1, tokens=[]'),
    line(4, 'T', 'save(): providers=1, tokens=[REDACTED]'),
    '',
  ].join('\n');
  expect(await eventsOf(text)).toMatchObject([
    {
      type: 'tokens.read',
      tokens: [
        { tokenId: '892069aea482', status: 'pending' },
        { tokenId: '0101010100000000', status: 'confirmed' },
      ],
    },
    { type: 'log' },
    { type: 'tokens.read', tokens: [] },
    { type: 'log' },
  ]);
});

const snapshot = (second: number, counters: object) =>
  line(second, 'perf', `[perf-counters] snapshot: ${inspect(counters, { compact: 3, breakLength: 80 })}`, 'INFO');

test('a counter snapshot is read whole, and its window reaches back to the one before', async () => {
  const counters = {
    'ipfs.pinCar.blocks': { count: 42, totalMs: 0, avgMs: 0, maxMs: 0 },
    'it\'s } odd "name"': { count: 1, totalMs: 2.5, avgMs: 2.5, maxMs: 2.5 },
    'profile.load.totalMs': { count: 1, totalMs: 466.1, avgMs: 466.1, maxMs: 466.1 },
  };
  const text = `${line(1, 'a', 'b')}\n${snapshot(3, counters)}\n${snapshot(8, { x: { count: 1, totalMs: 1, maxMs: 1 } })}\n`;
  const { events, sentences } = await readText(text);
  expect(sentences).toEqual([]);
  expect(
    events.map((event) => event.type === 'counters' && [event.line, event.windowMs, { ...event.counters }]),
  ).toEqual([false, [2, 2000, counters], [7, 5000, { x: { count: 1, totalMs: 1, maxMs: 1 } }]]);
});

test('a redacted or abbreviated counter is left out and named', async () => {
  const block = [
    "  'good.one': { count: 1, totalMs: 1, maxMs: 1 },",
    "  bad: { count: '[REDACTED]', totalMs: 1, maxMs: 1 },",
    '  deep: [Object]',
  ];
  const { events, sentences } = await readText(
    [line(1, 'perf', '[perf-counters] snapshot: {', 'INFO'), ...block, '}', ''].join('\n'),
  );
  expect(events.map((event) => event.type === 'counters' && Object.keys(event.counters))).toEqual([['good.one']]);
  expect(sentences).toEqual(['peer1.log:1: counters: left out, not numbers: bad, deep']);
});

test('a snapshot that another record interrupts is a problem, and the other record is used', async () => {
  const text = `${line(1, 'perf', '[perf-counters] snapshot: {', 'INFO')}\n  'a': { count: 1, totalMs: 1, maxMs: 1 },\n${line(2, 'a', 'b')}\n`;
  expect(await eventsOf(text)).toMatchObject([
    { type: 'log', time: timeOf(2) },
    'peer1.log:1: counters: the snapshot cannot be read: it is cut off or garbled',
  ]);
});

test('stack lines and blocks belong to the record before them', async () => {
  const text = [
    line(1, 'a', 'failed Error: boom', 'ERROR'),
    '    at run (/x/y.js:1:2)',
    '    at async z {',
    "  code: 'E',",
    '  [cause]: Error: deep',
    '      at q',
    '}',
    line(2, 'a', 'next'),
    '',
  ].join('\n');
  const { events, skipped, sentences } = await readText(text);
  expect(events.map((event) => [event.type, event.line])).toEqual([
    ['log', 1],
    ['log', 8],
  ]);
  expect([skipped, sentences]).toEqual([0, []]);
});

test('output of something else between the records is skipped', async () => {
  const text = `${line(1, 'a', 'b')}\n(node:12) Warning: experimental\n${line(2, 'a', 'b')}\n`;
  const { events, skipped } = await readText(text);
  expect([events.length, skipped]).toEqual([2, 1]);
});

test('a log that stops inside a line or a block names what it dropped', async () => {
  const sentences = async (end: string) =>
    (await readText(`${line(1, 'a', 'b')}\n${end}`)).problems.map((p) => [p.line, p.kind, p.reason]);
  expect(await sentences('[2026-05-30T22:0')).toEqual([[2, 'torn', 'the last line is cut off: "[2026-05-30T22:0"']]);
  expect(await sentences(line(2, 'x', 'span.end pay {"op'))).toEqual([
    [2, 'torn', 'the last record is cut off: "span.end pay {\\"op"'],
  ]);
  expect(
    await sentences(`${line(2, 'perf', '[perf-counters] snapshot: {', 'INFO')}\n  'a': { count: 1,`),
  ).toMatchObject([[2, 'torn', expect.stringMatching(/^the last record is cut off/)]]);
  expect(await sentences(line(2, 'a', 'whole, but without a line end'))).toEqual([]);
});

test('bytes that are no UTF-8 cost a log line nothing, and an event its trust', async () => {
  const text = `${line(1, 'a', 'caf\u00e9')}\n${line(2, 'a', 'Pointer publish ok: cid=b\u00e9 version=1')}\n`;
  const { events, sentences } = await readText(Buffer.from(text, 'latin1'));
  expect(events.map(({ type }) => type)).toEqual(['log']);
  expect(sentences).toEqual(['peer1.log:2: the line is not valid UTF-8']);
});

test('a rule of a mapping sees time, level, namespace, message and fields, and wins over the reader', async () => {
  const rule = {
    when: { level: 'INFO', message: 'outbox', 'fields.status': 'sent' },
    emit: { type: 'op.end', op: 'send', ok: true, durationMs: 1, opId: '${fields.opId}' },
  };
  const mapping = parseMapping(JSON.stringify({ rules: [rule] }), 'm.json');
  const text = `${line(1, 'soak', 'outbox {"opId":"tx","status":"sent"}', 'INFO')}\n${line(2, 'soak', 'outbox {"status":"new"}', 'INFO')}\n`;
  const { events } = await readText(text, 'peer1.log', { mapping });
  expect(events.map(essence)).toEqual([
    { type: 'op.end', device: 'peer1', time: timeOf(1), opId: 'tx', op: 'send', ok: true, durationMs: 1 },
    { type: 'log', device: 'peer1', time: timeOf(2) },
  ]);
  expect(events.map(({ stream, seq }) => [stream, seq])).toEqual([
    [undefined, 1],
    [undefined, 2],
  ]);
});

test('a line of 100 MB is read in bounded time', async () => {
  const begin = performance.now();
  const text = `${line(1, 'a', 'x {y '.repeat(20_000_000))}}\n${line(2, 'a', 'b')}\n`;
  const { events } = await readLog(sourceOf(text, 'peer1.log', 1 << 19));
  expect(performance.now() - begin).toBeLessThan(15_000);
  expect(events).toHaveLength(2);
});

test('what util.inspect prints of a JSON value is read back', () => {
  const value = fc
    .object({
      maxDepth: 2,
      values: [fc.string({ maxLength: 40 }), fc.integer(), fc.boolean(), fc.constant(null)],
      key: fc.string({ minLength: 1, maxLength: 12 }),
    })
    .filter((object) => !JSON.stringify(object).includes('__proto__'));
  fc.assert(
    fc.property(value, (object) => {
      expect(parseInspected(inspect(object, { depth: 9 }))).toEqual(object);
    }),
    { numRuns: 400 },
  );
});

test('what util.inspect abbreviates stays text', () => {
  const seen = inspect({
    a: { b: { c: { d: 1 } } },
    list: Array(120).fill(1),
    f() {},
    m: new Map([['k', 1]]),
    u: undefined,
    n: 5n,
    b: Buffer.from('x'),
  });
  expect(parseInspected(seen.replace(/m: Map.*\n?/, ''))).toMatchObject({
    a: { b: { c: '[Object]' } },
    n: '5n',
    f: '[Function: f]',
  });
  expect(parseInspected('{ a: 1 } and more')).toBeUndefined();
  expect(parseInspected(`${'{ a: '.repeat(5000)}1${' }'.repeat(5000)}`)).toBeUndefined();
});

test('every line belongs to exactly one record, whatever stands in it', () => {
  const anyLine = fc.oneof(
    fc.constantFrom(
      line(1, 'a', 'b'),
      line(2, 'a', 'x: {'),
      '[Tag] m',
      '}',
      '] {',
      '    at z',
      '',
      'stray',
      "  'k': 1,",
      '[2026',
    ),
    fc.string({ maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(anyLine, { maxLength: 40 }), (lines) => {
      const assembler = new RecordAssembler();
      const records = lines.map((text, index) => assembler.push(text, index + 1, false, false));
      const whole = [...records, assembler.end()].filter((record) => record !== undefined);
      expect(whole.reduce((sum, record) => sum + record.lineCount, 0)).toBe(lines.length);
      for (const [index, record] of whole.entries())
        expect(record.line + record.lineCount).toBe(whole[index + 1]?.line ?? lines.length + 1);
      expect(whole.filter(({ namespace }) => namespace !== null)).toHaveLength(lines.filter(isHead).length);
    }),
  );
});

test('however the bytes are cut into chunks, the same is read', async () => {
  const text = `${snapshot(1, { 'a→b': { count: 1, totalMs: 1, maxMs: 1 }, 'c.d': { count: 1, totalMs: 1, maxMs: 1 } })}\n${line(2, 'é', 'x {"y":"→"}')}\nstray\n`;
  const { bytes, ...whole } = await readText(text);
  for (let size = 1; size < 40; size += 1) {
    expect({ size, ...(await readLog(sourceOf(text, 'peer1.log', size))) }).toEqual({ size, bytes, ...whole });
  }
});
