import { describe, expect, test } from 'vitest';
import type { ReplayEvent } from '../../src/events/event.ts';
import { readRun } from '../../src/read.ts';
import { defineProjection } from '../../src/replay/projection.ts';
import { tell } from '../story/tell.ts';
import { inFolder } from '../story.ts';
import { throughOpenTelemetry } from './opentelemetry.ts';
import { everything, exported } from './support.ts';

type Attributes = readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[];

interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Attributes;
  readonly status?: { readonly code: number };
}

interface Line {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Attributes };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const spansOf = (text: string): Span[] =>
  linesOf(text).flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)),
  );
const valuesOf = (attributes: Attributes) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

test('every line is a request as OpenTelemetry defines it, and nothing in it is unknown there', async () => {
  const lines = (await exported(everything, 'otlp')).split('\n').filter(Boolean);
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const { given, back } = throughOpenTelemetry(line);
    expect(back).toEqual(given);
  }
});

test('an operation is a span, and its round trips are CLIENT spans inside of it', async () => {
  const spans = spansOf(await exported(everything, 'otlp'));
  const nameOf = (id: string | undefined) => spans.find(({ spanId }) => spanId === id)?.name;
  expect(spans.map(({ name, kind, parentSpanId, status }) => [name, kind, nameOf(parentSpanId), status?.code])).toEqual(
    [
      ['write mint', 1, 'pay', undefined],
      ['verify', 3, 'publish-state', 2],
      ['verify', 3, 'publish-state', undefined],
      ['publish', 1, 'publish-state', undefined],
      ['publish-state', 1, 'pay', undefined],
      ['pin', 3, 'pay', undefined],
      ['pay', 1, undefined, 2],
      ['fetch', 3, undefined, undefined],
      ['fetch', 3, 'wait', 2],
      ['wait', 1, undefined, undefined],
    ],
  );
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
  for (const { traceId, spanId } of spans) {
    expect(traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
  }
  const traces = spans.map(({ traceId }) => traceId);
  expect(new Set(traces.slice(0, 7)).size).toBe(1);
  expect(new Set(traces).size).toBe(3);
});

test('a span says all that its line says, and its resource whose it is', async () => {
  const text = await exported(everything, 'otlp');
  const [verify, pin, wait] = ['verify', 'pin', 'wait'].map((name) => spansOf(text).find((span) => span.name === name));
  expect(verify).toMatchObject({ startTimeUnixNano: '1748642400087500000', endTimeUnixNano: '1748642400100000000' });
  expect(valuesOf(pin?.attributes ?? [])).toEqual({
    ...{ 'replay.type': 'request', 'replay.kind': 'pin', 'replay.opId': 'op-1', 'replay.attempt': '1' },
    ...{ 'replay.bytes': '100', 'replay.blocks': '3', 'replay.requestId': 'r-9' },
    ...{ 'replay.seq': '10', 'replay.file': 'peer1.ndjson', 'replay.line': '10' },
  });
  expect(valuesOf(wait?.attributes ?? [])).toMatchObject({ 'replay.unfinished': true });
  const resources = linesOf(text).flatMap(({ resourceSpans }) =>
    resourceSpans.map(({ resource }) => resource.attributes),
  );
  expect(resources.map(valuesOf)[1]).toEqual({
    ...{ 'service.name': 'peer2', 'service.namespace': 'soak-7', 'replay.run': 'soak-7', 'replay.device': 'peer2' },
    ...{ 'replay.identity': 'bob', 'replay.incarnation': '1' },
  });
});

test('lines stay short enough for a collector, and each is of one incarnation', async () => {
  const requests = Array.from({ length: 600 }, () => 'peer1  request fetch durationMs=1').join('\n');
  const lines = linesOf(await exported(`peer1  start\n${requests}\npeer1  start\n${requests}`, 'otlp'));
  expect(lines.map((line) => line.resourceSpans[0]?.scopeSpans[0]?.spans.length)).toEqual([256, 256, 88, 256, 256, 88]);
});

test('round trips of an operation that the log does not have stay together', async () => {
  const [one, other] = spansOf(await exported('peer1  request a opId=gone\npeer1  request b opId=gone', 'otlp'));
  expect(one?.traceId).toBe(other?.traceId);
  expect(one).not.toHaveProperty('parentSpanId');
});

describe('read again', () => {
  const story = `
    : run=soak-7
    peer1@alice  start
    peer1@alice  begin pay opId=op-1
    peer1@alice  request pin durationMs=4 opId=op-1 requestId=r-1
    peer1@alice  request pin failed durationMs=4.5 opId=op-1 attempt=2
    peer1@alice  done pay failed opId=op-1 durationMs=40
    peer1@alice  start
    peer1@alice  begin sync opId=op-2
    peer1@alice  request fetch durationMs=1.25 opId=op-2
    peer1@alice  done sync opId=op-2 durationMs=12
    peer2        request fetch durationMs=3 opId=op-1
    peer2        begin wait opId=op-1 time=1748642400080
    peer2        done wait opId=op-1 durationMs=100
  `;

  /** What an event says of an operation or a round trip. The id of an operation is its trace's, so it is numbered instead. */
  const told = defineProjection<{ readonly lines: string[]; readonly ids: string[] }>({
    name: 'told',
    initial: () => ({ lines: [], ids: [] }),
    on: { 'op.end': note, request: note },
  });

  function note(
    { lines, ids }: { readonly lines: string[]; readonly ids: string[] },
    event: ReplayEvent<'op.end' | 'request'>,
  ): void {
    const { device, identity, incarnation, time, durationMs, ok, opId = 'none' } = event;
    if (!ids.includes(`${device} ${opId}`)) ids.push(`${device} ${opId}`);
    const what = event.type === 'request' ? [event.kind, event.attempt, event.requestId ?? '-'] : ['op', event.op];
    lines.push(
      [device, identity, incarnation, time, durationMs, ok, ids.indexOf(`${device} ${opId}`), ...what].join(' '),
    );
  }

  const read = async (folder: string) =>
    (await readRun({ paths: [folder], projections: [told] })).states.read(told).lines.toSorted();

  test('it says the same of operations and requests', async () => {
    const before = await inFolder(tell(story), 'run-1', read);
    const text = await exported(story, 'otlp');
    expect(text.trim().split('\n')).toHaveLength(3);
    const after = await inFolder({ 'soak.jsonl': text }, 'anywhere', read);
    expect(before).toHaveLength(7);
    expect(after).toEqual(before);
  });
});
