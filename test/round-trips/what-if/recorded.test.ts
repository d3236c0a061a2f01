import { expect, test } from 'vitest';
import { countRoundTrips } from '../../../src/round-trips.ts';
import { inFolder } from '../../story.ts';

/** Lines of one device, at so many milliseconds. */
function log(...lines: readonly (readonly [number, Record<string, unknown>])[]): string {
  return lines
    .map(([time, fields], index) =>
      JSON.stringify({
        ...{ level: 30, time: 1_000_000 + time, v: 1, device: 'a', identity: 'bob', incarnation: 1, seq: index + 1 },
        ...fields,
      }),
    )
    .join('\n');
}

test('a log with a snapshot of no operation is replayed with it', async () => {
  const verify = (effect: string) => ({ type: 'verify', effect, attempt: 1, ok: true, durationMs: 200 });
  const text = log(
    [0, { type: 'op.start', opId: 'op-1', op: 'pay' }],
    [0, { type: 'write', opId: 'op-1', effect: 'e1', originSeq: 1, key: 'k' }],
    [200, { ...verify('e1'), opId: 'op-1' }],
    [205, { type: 'write', opId: 'op-1', effect: 'e2', originSeq: 2, key: 'k' }],
    [405, { ...verify('e2'), opId: 'op-1' }],
    [410, { type: 'op.end', opId: 'op-1', op: 'pay', ok: true, durationMs: 410 }],
    [500, { type: 'publish', snapshot: 's1', frontier: { a: 2 }, contents: ['e1', 'e2'] }],
  );
  await inFolder({ 'a.ndjson': text }, 'run-1', async (folder) => {
    const [report] = await countRoundTrips({ paths: [folder], whatIf: 'blocks', seed: 3 });
    expect(report?.roundTrips?.whatIf).toEqual({
      ...{ batching: 'blocks', seed: 3, racesOmitted: 0 },
      byOperation: [
        {
          ...{ op: 'pay', operations: 1, verifiesNow: 2, verifiesThen: 1, wallNowMs: 410 },
          wallThenMs: { value: 10, low: 10, high: 10 },
          durableNow: { p50Ms: 200, maxMs: 200 },
          // Until the snapshot, 90 ms after the operation's end, and a verify more.
          durableThen: { p50Ms: 297.5, maxMs: 300 },
        },
      ],
      races: [
        {
          ...{ op: null, opId: null, device: 'a', snapshot: 's1', effect: 'e1', effects: 2, lateMs: 200 },
          at: { file: 'a.ndjson', line: 7 },
        },
      ],
    });
  });
});
