import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { KindCost, RoundTrips } from '../../src/results-round-trips.ts';
import { countRoundTrips, type RoundTripOptions } from '../../src/round-trips.ts';

const real = resolve('../shared/real/sphere-two-devices');
const missing = !existsSync(real);
if (missing) console.log(`skipped: no real logs at ${real}`);

const mapping = ['examples/sphere-soak.mapping.json', 'examples/gateway-access.mapping.json'];

async function count(options: Partial<RoundTripOptions> = {}): Promise<RoundTrips> {
  const [report] = await countRoundTrips({ ...options, paths: [join(real, 'base-ok')], mapping });
  return report?.roundTrips as RoundTrips;
}

const numbers = (kinds: readonly KindCost[] = []) => Object.fromEntries(kinds.map(({ kind, trips }) => [kind, trips]));

test.skipIf(missing)('in base-ok, every request that the gateway served is a round trip, once', async () => {
  const served = readFileSync(join(real, 'base-ok/access.jsonl'), 'utf8').trim().split('\n');
  const { trips, retries, byKind, attribution } = await count();
  expect([trips, retries]).toEqual([3433, 0]);
  expect(trips).toBe(served.length);
  expect(numbers(byKind)).toEqual({
    ...{ 'dag/put': 963, 'sidecar/submit': 963, 'block/get': 734, 'sidecar/blob': 556 },
    ...{ 'pointer/latest': 139, 'pointer/publish': 33, verify: 45 },
  });
  expect(attribution).toMatchObject({ byId: 0, toldTwice: 45 });
  expect(attribution.inferred + attribution.unattributed).toBe(3433);
  expect(attribution.share).toBeGreaterThan(0.6);
});

test.skipIf(missing)('the trips of one flush of six tokens, and the pointer polls of one spend', async () => {
  const { listed } = await count({ operations: ['peer1-14', 'spend'] });
  const of = (id: string) => listed.find(({ opId }) => opId === id);
  expect(numbers(of('peer1-14')?.byKind)).toEqual({
    ...{ 'dag/put': 37, 'sidecar/submit': 37, 'pointer/latest': 3, verify: 3, 'block/get': 1, 'pointer/publish': 1 },
  });
  expect(numbers(of('peer1-15')?.byKind)).toEqual({ 'pointer/latest': 4 });
});
