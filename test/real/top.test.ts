import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { TopReport } from '../../src/results-top.ts';
import { type TopOptions, topCounters } from '../../src/top.ts';

const real = resolve('../shared/real/sphere-two-devices');
const missing = !existsSync(real);
if (missing) console.log(`skipped: no real logs at ${real}`);

const mapping = ['examples/gateway-access.mapping.json', 'examples/sphere-soak.mapping.json'];

async function top(run: string, question: Omit<TopOptions, 'paths'> = {}): Promise<TopReport> {
  const [report] = await topCounters({ mapping, ...question, paths: [join(real, run)] });
  return report as TopReport;
}

test.skipIf(missing)('in base-ok every pinned block is one request', async () => {
  const { identities, verdict } = await top('base-ok', { identities: ['ipfs.pinCar.blocks == dag/put'] });
  expect(verdict).toBe('held');
  expect(identities).toMatchObject([{ left: { count: 963 }, right: { count: 963 }, difference: 0 }]);
});

test.skipIf(missing)('without the gateway’s log it is not checked, and says what is missing', async () => {
  const [report] = await topCounters({
    paths: [join(real, 'base-ok', '{peer*,script}.log')],
    mapping,
    identities: ['ipfs.pinCar.blocks == dag/put'],
  });
  expect(report).toMatchObject({ verdict: 'not-checked', identities: [{ reason: 'dag/put does not occur' }] });
});

test.skipIf(missing)('in base-ok writes are not what cost: one look at the table', async () => {
  const { tables, deviceMs, lost, windows, processes } = await top('base-ok');
  const rows = tables[0]?.timed ?? [];
  expect({ windows, processes, lost }).toEqual({ windows: 51, processes: 4, lost: [] });
  expect(rows[0]).toMatchObject({ name: 'profile.load.totalMs', totalMs: 253_277.942, busyExact: false });
  expect(rows[0]?.totalMs).toBeGreaterThan(deviceMs);
  expect(rows.every(({ busyMs }) => busyMs <= deviceMs)).toBe(true);
  const put = rows.find(({ name }) => name === 'orbitdb.putEntry.bundle');
  expect(put?.busyShare).toBeLessThan(0.07);
});

test.skipIf(missing)('in base-ok the sections of the script part every counter without a rest', async () => {
  const [whole, parted] = [await top('base-ok'), await top('base-ok', { grouping: 'section' })];
  expect(parted.tables.map(({ group }) => group)).toEqual(['§1', '§A.1', '§C.2', '§C.4', '§D.1', '§D.4', '§D.5']);
  const sum = ({ tables }: TopReport, name: string) =>
    tables
      .flatMap(({ timed }) => timed)
      .filter((row) => row.name === name)
      .reduce((sums, row) => ({ calls: sums.calls + row.calls, us: sums.us + Math.round(row.totalMs * 1000) }), {
        calls: 0,
        us: 0,
      });
  for (const { name } of whole.tables[0]?.timed ?? []) expect(sum(parted, name)).toEqual(sum(whole, name));
});
