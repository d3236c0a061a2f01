import { expect, test } from 'vitest';
import { countRoundTrips } from '../../src/round-trips.ts';
import { inFolder } from '../story.ts';

const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });

/** A trace over two services: a root at the one, and a CLIENT span at each of them. */
function trace(run: string): string {
  const ids = { traceId: '5b8efff798038103d269b633813fc60c' };
  const root = { ...ids, spanId: 'a000000000000001', name: 'pay', kind: 2, ...interval(0, 100) };
  const call = { ...ids, spanId: 'a000000000000002', parentSpanId: root.spanId, name: 'submit', kind: 3 };
  const there = { ...ids, spanId: 'a000000000000003', parentSpanId: call.spanId, name: 'lookup', kind: 3 };
  const resourceSpans = [
    { service: 'shop', spans: [{ ...call, ...interval(10, 90) }, root] },
    { service: 'arbiter', spans: [{ ...there, ...interval(20, 60) }] },
  ].map(({ service, spans }) => ({
    resource: { attributes: [attribute('service.name', service), attribute('replay.run', run)] },
    scopeSpans: [{ spans }],
  }));
  return JSON.stringify({ resourceSpans });
}

function interval(from: number, to: number) {
  return { startTimeUnixNano: nano(from), endTimeUnixNano: nano(to) };
}

const nano = (ms: number) => String(1_780_178_289_000_000_000n + BigInt(ms) * 1_000_000n);

test('the round trips of a trace count for its root, whichever service made them', async () => {
  const [report] = await inFolder({ 'traces.json': trace('soak-9') }, 'run-1', (folder) =>
    countRoundTrips({ paths: [folder] }),
  );
  expect(report?.run).toBe('soak-9');
  expect(report?.findings).toEqual([]);
  expect(report?.roundTrips).toMatchObject({
    ...{ operations: 1, trips: 2, attribution: { byId: 2, unattributed: 0 } },
    byOperation: [{ op: 'pay', trips: { total: 2 }, byKind: [{ kind: 'lookup' }, { kind: 'submit' }] }],
  });
});

test('a trace of another run is set aside, and named', async () => {
  const own =
    '{"v":1,"type":"request","device":"a","identity":"b","incarnation":1,"seq":1,"run":"run-1","kind":"get","attempt":1,"ok":true,"durationMs":5}\n';
  const files = { 'a.ndjson': own, 'b.ndjson': own.replaceAll('"a"', '"c"'), 'traces.json': trace('soak-9') };
  const [report] = await inFolder(files, 'run-1', (folder) => countRoundTrips({ paths: [folder] }));
  expect(report?.run).toBe('run-1');
  expect(report?.roundTrips?.trips).toBe(2);
  expect(report?.findings.map(({ code, verdict }) => [code, verdict])).toEqual([['foreign-file', 'note']]);
});
