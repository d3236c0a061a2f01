import { type Context, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseReader } from '../../../src/events/readers/index.ts';
import { essence, readLog, readText, sourceOf } from './reading.ts';

type Json = Readonly<Record<string, unknown>>;

const traceId = '5B8EFFF798038103D269B633813FC60C';
const opId = traceId.toLowerCase();
const since = 1_780_178_289_000;

/** A span from `from` to `to`, in milliseconds of the story. */
function span(name: string, spanId: string, from: number, to: number, more: Json = {}): Json {
  return { traceId, spanId, name, kind: 1, startTimeUnixNano: nano(from), endTimeUnixNano: nano(to), ...more };
}

function nano(ms: number): string {
  return `${since + ms}000000`;
}

const child = { parentSpanId: 'EEE19B7EC3C1B174' };
const pay = span('pay', 'EEE19B7EC3C1B174', 0, 100);
const pin = span('POST', 'aaaaaaaaaaaaaaaa', 10, 40, { ...child, kind: 3 });

function attributes(values: Json): readonly Json[] {
  return Object.entries(values).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): Json {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: attributes(value as Json) } };
}

function requestOf(spans: readonly unknown[], resource: Json = { 'replay.device': 'bob-peer1' }): Json {
  return { resourceSpans: [{ resource: { attributes: attributes(resource) }, scopeSpans: [{ scope: {}, spans }] }] };
}

const read = (spans: readonly unknown[], resource?: Json) =>
  readText(JSON.stringify(requestOf(spans, resource)), 'traces.json');

test('a root is an operation, and a CLIENT span a round trip in it, in the order of their times', async () => {
  const { format, events, sentences, skipped } = await read([pin, span('verify', 'b1', 50, 60, child), pay]);
  expect([format, sentences, skipped]).toEqual(['otlp', [], 1]);
  expect(events.map(essence)).toEqual([
    { type: 'op.start', device: 'bob-peer1', time: since, opId, op: 'pay' },
    {
      type: 'request',
      device: 'bob-peer1',
      time: since + 40,
      opId,
      kind: 'POST',
      attempt: 1,
      ok: true,
      durationMs: 30,
    },
    { type: 'op.end', device: 'bob-peer1', time: since + 100, opId, op: 'pay', ok: true, durationMs: 100 },
  ]);
  expect(events.map(({ seq, line, file }) => [seq, line, file.unit])).toEqual([
    [1, 3, 'item'],
    [2, 1, 'item'],
    [3, 3, 'item'],
  ]);
});

test('one request per line is read line by line, as a collector writes it', async () => {
  const text = `${JSON.stringify(requestOf([pin]))}\n{"resourceMetrics":[]}\n\n${JSON.stringify(requestOf([pay]))}\n`;
  const { format, events, skipped, sentences } = await readText(text, 'traces.jsonl');
  expect([format, skipped, sentences]).toEqual(['otlp', 2, []]);
  expect(events.map(({ type, line, file }) => [type, line, file.unit])).toEqual([
    ['op.start', 4, 'line'],
    ['request', 1, 'line'],
    ['op.end', 4, 'line'],
  ]);
});

test('a document may be of any shape that JSON allows, and say its resource behind the spans', async () => {
  const resource = { attributes: attributes({ 'replay.device': 'a' }) };
  const old = {
    resourceSpans: [{ instrumentationLibrarySpans: [{ spans: [pay] }], future: [{ spans: [1] }], resource }],
  };
  const expected = (await read([pay], { 'replay.device': 'a' })).events.map(essence);
  for (const text of [JSON.stringify(old), JSON.stringify(old, null, 2), JSON.stringify([old], null, 2)]) {
    const { format, events, sentences } = await readText(text);
    expect([format, sentences]).toEqual(['otlp', []]);
    expect(events.map(essence)).toEqual(expected);
  }
});

test('the format is told from a log that carries traces', () => {
  const chosen = (text: string) => chooseReader({ path: 'x', text, complete: true })?.name;
  expect(chosen(`{"level":30,"body":${JSON.stringify(requestOf([]))}}\n`)).toBe('pino');
  expect(chosen(`{"level":30,"msg":"{\\"resourceSpans\\":[]}"}\n`)).toBe('pino');
  expect(chosen(`{"resourceMetrics":[]}\n{"resourceSpans":[]}\n`)).toBe('otlp');
});

test('a device is named by its resource, by the manifest, by OpenTelemetry, by the file, in this order', async () => {
  const named = async (resource: Json, device?: string) => {
    const text = JSON.stringify(requestOf([pin], resource));
    const { events } = await readText(text, 'runs/peer9.json', { defaults: { device } });
    return events.map((event) => [event.device, event.identity, event.incarnation, event.stream]);
  };
  const service = { 'service.name': 'wallet', 'service.instance.id': 'wallet-7' };
  const own = { 'replay.device': 'bob-peer1', 'replay.identity': 'bob', 'replay.incarnation': '2' };
  expect(await named({ ...service, ...own }, 'x')).toEqual([['bob-peer1', 'bob', 2, 'runs/peer9.json bob-peer1']]);
  expect(await named(service, 'bob-peer2')).toEqual([['bob-peer2', '', 1, undefined]]);
  expect(await named(service)).toEqual([['wallet-7', '', 1, 'runs/peer9.json wallet-7']]);
  expect(await named({ 'service.name': 'wallet' })).toEqual([['wallet', '', 1, 'runs/peer9.json wallet']]);
  expect(await named({})).toEqual([['peer9', '', 1, 'runs/peer9.json peer9']]);
});

test('each device of a file has an order of its own', async () => {
  const groups = ['b', 'a'].flatMap((device) => requestOf([pay, pin], { 'replay.device': device }).resourceSpans);
  const { events } = await readText(JSON.stringify({ resourceSpans: groups }), 't.json');
  expect(events.map(({ device, seq }) => `${device} ${seq}`)).toEqual(['a 1', 'a 2', 'a 3', 'b 1', 'b 2', 'b 3']);
});

test('trips are named by a class of them, and never by a whole address', async () => {
  const kind = async (name: string, values: Json) => {
    const [event] = (await read([{ ...pin, name, attributes: attributes(values) }])).events;
    return event?.type === 'request' ? event.kind : undefined;
  };
  const http = { 'http.request.method': 'GET', 'url.full': 'https://gateway/ipfs/zdpu7' };
  expect(await kind('GET', http)).toBe('GET');
  expect(await kind('GET', { ...http, 'url.template': '/ipfs/{cid}' })).toBe('GET /ipfs/{cid}');
  expect(await kind('call', { 'rpc.service': 'Aggregator', 'rpc.method': 'submit' })).toBe('Aggregator/submit');
  expect(await kind('GET', { ...http, 'replay.kind': 'fetch' })).toBe('fetch');
  expect(await kind('', {})).toBe('unknown');
});

test('a trip says how often it was sent, how large it was, and whether it failed', async () => {
  const values = {
    'http.request.resend_count': 2,
    'http.request.body.size': 1000,
    'http.response.body.size': 24,
    'replay.requestId': 'r1',
  };
  const failed = { ...pin, kind: 'SPAN_KIND_CLIENT', status: { code: 2 }, attributes: attributes(values) };
  expect((await read([failed])).events).toMatchObject([{ attempt: 3, bytes: 1024, ok: false, requestId: 'r1', opId }]);
  const named = { ...pay, parentSpanId: '0000000000000000', status: { code: 'STATUS_CODE_ERROR' } };
  expect((await read([named])).events).toMatchObject([{ type: 'op.start' }, { type: 'op.end', ok: false }]);
});

test('a span that was sent again counts once', async () => {
  const { events, skipped } = await read([pay, pin, pin, pay]);
  expect([events.map(({ type }) => type), skipped]).toEqual([['op.start', 'request', 'op.end'], 3]);
});

test('a second root of a trace is an operation inside of the first', async () => {
  const { events } = await read([span('retry', 'b2', 200, 300), pay]);
  expect(events).toMatchObject([
    { type: 'op.start', op: 'pay', opId },
    { type: 'op.end', op: 'pay', opId },
    { type: 'op.start', op: 'retry', opId: `${opId}-b2`, parentOpId: opId },
    { type: 'op.end', op: 'retry', opId: `${opId}-b2` },
  ]);
});

test('events that are called like ours are ours, with their attributes as fields', async () => {
  const outputs = [{ tokenId: 'T1', coin: 'UCT', amount: '99.999999999989' }];
  const write = { effect: 'e1', originSeq: 1, key: 'outbox', inputs: ['T0'], outputs };
  const balance = { tokenId: 'T1', coin: 'UCT', delta: '-0.000000000011', opId: 'op-31', seq: 7 };
  const events = [
    { name: 'exception', timeUnixNano: nano(1), attributes: attributes({ 'exception.type': 'Error' }) },
    { name: 'write', timeUnixNano: nano(2), attributes: attributes(write) },
    { name: 'write', timeUnixNano: nano(3), attributes: attributes({ ...write, outputs: JSON.stringify(outputs) }) },
    { name: 'balance', timeUnixNano: nano(4), attributes: attributes(balance) },
    { name: 'balance', timeUnixNano: nano(5), attributes: attributes({ ...balance, seq: 8, delta: 0.5 }) },
    { name: 'clear', timeUnixNano: 'soon' },
  ];
  const { events: found, sentences } = await read([span('store', 'c1', 0, 9, { ...child, events })]);
  expect(found).toMatchObject([
    { type: 'write', effect: 'e1', inputs: ['T0'], opId, time: since + 2, seq: 1, line: 1 },
    { type: 'write', effect: 'e1', inputs: ['T0'], opId, time: since + 3, seq: 2, line: 1 },
    { type: 'balance', delta: { units: -11n, scale: 12 }, opId: 'op-31', seq: 7, stream: undefined },
    { type: 'unreadable', hides: 'balance', seq: 8 },
  ]);
  expect(found.map((event) => (event.type === 'write' ? event.outputs?.[0]?.amount.units : null))).toEqual([
    99999999999989n,
    99999999999989n,
    null,
    null,
  ]);
  expect(sentences).toEqual([
    'traces.json#1: span "store": event "clear": timeUnixNano: expected nanoseconds since 1970, got "soon"',
    'traces.json#1: balance: delta: amount is a JSON number and may have lost digits; log it as a string',
  ]);
});

test('an amount of 64 bits keeps every digit', async () => {
  const fields = { ...attributesOf({ tokenId: 'T', coin: 'U' }), delta: { intValue: '9223372036854775807' } };
  const list = Object.entries(fields).map(([key, value]) => ({ key, value }));
  const events = [{ name: 'balance', timeUnixNano: nano(1), attributes: list }];
  const { events: found } = await read([span('store', 'c1', 0, 9, { ...child, events })]);
  expect(found).toMatchObject([{ delta: { units: 9223372036854775807n, scale: 0 } }]);
});

function attributesOf(values: Json): Json {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, anyValue(value)]));
}

test('a span that cannot be used is named, and the others are', async () => {
  const { events, sentences } = await read([
    { ...pin, traceId: '' },
    { ...pin, spanId: '0000000000000000' },
    { ...pin, startTimeUnixNano: 'now' },
    { ...pin, endTimeUnixNano: 0 },
    { ...pin, endTimeUnixNano: nano(8) },
    42,
    [],
    pin,
  ]);
  expect(events.map(({ type, line }) => [type, line])).toEqual([['request', 8]]);
  expect(sentences).toEqual([
    'traces.json#1: span "POST": traceId: expected an id, got ""',
    'traces.json#2: span "POST": spanId: expected an id, got "0000000000000000"',
    'traces.json#3: span "POST": startTimeUnixNano: expected nanoseconds since 1970, got "now"',
    'traces.json#4: span "POST": endTimeUnixNano: expected nanoseconds since 1970, got 0',
    'traces.json#5: span "POST": ends 2 ms before it starts',
    'traces.json#6: expected a span, got 42',
    'traces.json#7: expected a span, got []',
  ]);
});

test('of a file that is cut off or garbled, the whole spans are used', async () => {
  const document = JSON.stringify(requestOf([pay, pin]));
  const cut = await readText(document.slice(0, -40), 't.json');
  expect(cut.events.map(({ type }) => type)).toEqual(['op.start', 'op.end']);
  expect(cut.sentences).toEqual(['t.json#2: cut off: the document ends inside of it; the items before are used']);
  const [first, second] = [pay, pin].map((one) => JSON.stringify(requestOf([one])));
  const lines = await readText(`${first}\n{"resourceSpans":[}\n${second}\n${first?.slice(0, 19)}`, 't.jsonl');
  expect(lines.events.map(({ type, line }) => [type, line])).toEqual([
    ['op.start', 1],
    ['request', 3],
    ['op.end', 1],
  ]);
  expect(lines.sentences).toEqual([
    't.jsonl:2: expected one JSON object, got "{\\"resourceSpans\\":[}"',
    't.jsonl:4: the last line is cut off: "{\\"resourceSpans\\":[{"',
  ]);
  expect(lines.problems.map(({ kind }) => kind)).toEqual(['unreadable', 'torn']);
});

test('a text that is not UTF-8 spoils its own span only', async () => {
  const [good, bad] = [pin, { ...pin, spanId: 'b1', name: 'P\x01ST' }].map((one) => JSON.stringify(requestOf([one])));
  const bytes = Buffer.from(`${good}\n${bad?.replace('\\u0001', '\x01')}\n`).map((byte) => (byte === 1 ? 0xff : byte));
  const { events, sentences } = await readText(bytes, 't.jsonl');
  expect([events.length, sentences]).toEqual([1, ['t.jsonl:2: the span is not valid UTF-8']]);
});

test('values that lie in each other without end do no harm', async () => {
  const levels = 100_000;
  const deep = `${'{"arrayValue":{"values":['.repeat(levels)}{}${']}}'.repeat(levels)}`;
  const text = JSON.stringify(requestOf([pin, { ...pin, spanId: 'b1', attributes: [{ key: 'deep', value: 'HERE' }] }]));
  const { events, sentences } = await readText(text.replace('"HERE"', deep), 't.json');
  expect([events.length, sentences]).toEqual([2, []]);
});

const ids = fc.constantFrom('a1', 'a2', 'a3');
const anySpan = fc
  .record({
    traceId: fc.constantFrom('f1', 'f2'),
    parentSpanId: fc.option(ids, { nil: undefined }),
    kind: fc.integer({ min: 0, max: 5 }),
    name: fc.constantFrom('pay', 'GET'),
    from: fc.nat(20),
    lasts: fc.nat(5),
    device: fc.constantFrom('a', 'b'),
  })
  .map(({ from, lasts, device, ...rest }) => ({ device, from, to: from + lasts, rest }));

/** Spans of two devices and two traces, each with an id of its own. */
const anySpans = fc.array(anySpan, { minLength: 1, maxLength: 25 }).map((spans) =>
  spans.map(({ device, from, to, rest }, index) => ({
    device,
    span: span(rest.name, (index + 1).toString(16).padStart(16, '0'), from, to, rest),
  })),
);

const inLines = (spans: readonly { device: string; span: Json }[]) =>
  spans.map((one) => JSON.stringify(requestOf([one.span], { 'replay.device': one.device }))).join('\n');
const inDocument = (spans: readonly { device: string; span: Json }[]) =>
  JSON.stringify({
    resourceSpans: spans.flatMap((one) => requestOf([one.span], { 'replay.device': one.device }).resourceSpans),
  });

test('every CLIENT span becomes one round trip, and every root one operation, under the id of its trace', async () => {
  await fc.assert(
    fc.asyncProperty(anySpans, async (spans) => {
      const { events, sentences } = await readText(inDocument(spans), 't.json');
      const trips = spans.filter(({ span: { kind } }) => kind === 3);
      const roots = spans.filter(({ span: { parentSpanId } }) => parentSpanId === undefined);
      expect(sentences).toEqual([]);
      expect(
        events
          .filter(({ type }) => type === 'request')
          .map(({ opId: id, device }) => `${device} ${id}`)
          .sort(),
      ).toEqual(trips.map(({ device, span: { traceId: id } }) => `${device} ${id}`).sort());
      const starts = events.filter(({ type }) => type === 'op.start');
      const traces = new Set(roots.map(({ span: { traceId: id } }) => id));
      expect(new Set(starts.map(({ opId: id }) => id)).size).toBe(roots.length);
      expect(starts.filter(({ opId: id }) => traces.has(id))).toHaveLength(traces.size);
      expect(events.filter(({ type }) => type === 'op.end')).toHaveLength(roots.length);
    }),
    { numRuns: 100 },
  );
});

test('neither the order of spans, nor the form of the file, nor how it is cut into chunks shows in the events', async () => {
  await fc.assert(
    fc.asyncProperty(anySpans, fc.integer({ min: 1, max: 300 }), fc.nat(), async (spans, size, turn) => {
      const turned = [...spans.slice(turn % spans.length), ...spans.slice(0, turn % spans.length)].reverse();
      const known = (await readText(inDocument(spans), 't.json')).events;
      const everything = [inDocument(turned), inLines(turned), JSON.stringify(JSON.parse(inDocument(turned)), null, 1)];
      for (const text of everything) {
        const { events, sentences, bytes } = await readLog(sourceOf(text, 't.json', size));
        expect([sentences, bytes]).toEqual([[], Buffer.byteLength(text)]);
        expect(events.map((event) => [event.seq, essence(event)])).toEqual(
          known.map((event) => [event.seq, essence(event)]),
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('a file of more events than a batch holds tells its progress', async () => {
  const spans = Array.from({ length: 10_000 }, (_, index) => ({ ...pin, spanId: `b${index}` }));
  for (const text of [
    spans.map((one) => JSON.stringify(requestOf([one]))).join('\n'),
    JSON.stringify(requestOf(spans)),
  ]) {
    const { events, bytes } = await readText(text);
    expect([events.length, events.at(-1)?.seq, bytes]).toEqual([10_000, 10_000, Buffer.byteLength(text)]);
  }
});

test('spans of the OpenTelemetry SDK are read', async () => {
  const exporter = new InMemorySpanExporter();
  const resource = resourceFromAttributes({
    'service.name': 'wallet',
    'replay.device': 'bob-peer1',
    'replay.identity': 'bob',
  });
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const tracer = provider.getTracer('sdk');
  const begin = (name: string, within: Context, kind: SpanKind, values = {}) => {
    const begun = tracer.startSpan(name, { kind, attributes: values }, within);
    return { begun, within: trace.setSpan(within, begun) };
  };
  const root = begin('pay', ROOT_CONTEXT, SpanKind.INTERNAL);
  const step = begin('store', root.within, SpanKind.INTERNAL);
  const http = { 'http.request.method': 'PUT', 'url.template': '/block/{cid}', 'http.request.body.size': 512 };
  const trip = begin('PUT', step.within, SpanKind.CLIENT, http);
  trip.begun.setStatus({ code: SpanStatusCode.ERROR });
  trip.begun.end();
  step.begun.addEvent('balance', { tokenId: 'T1', coin: 'UCT', delta: '-0.000000000011' });
  step.begun.end();
  root.begun.end();
  const bytes = JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans());
  const { format, events, sentences, skipped } = await readText(bytes ?? '', 'traces.json');
  await provider.shutdown();
  expect([format, sentences, skipped]).toEqual(['otlp', [], 0]);
  const header = { device: 'bob-peer1', identity: 'bob', opId: root.begun.spanContext().traceId };
  expect(events.toSorted((left, right) => (left.type < right.type ? -1 : 1))).toMatchObject([
    { ...header, type: 'balance', delta: { units: -11n, scale: 12 } },
    { ...header, type: 'op.end', op: 'pay', ok: true },
    { ...header, type: 'op.start', op: 'pay' },
    { ...header, type: 'request', kind: 'PUT /block/{cid}', attempt: 1, ok: false, bytes: 512 },
  ]);
  expect(events[0]?.type).toBe('op.start');
});
