import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import type { Evidence, RunReport } from '../../src/results.ts';

const real = resolve('../shared/real/sphere-two-devices');
const missing = !existsSync(real);
if (missing) console.log(`skipped: no real logs at ${real}`);

const soak = 'examples/sphere-soak.mapping.json';
const gateway = 'examples/gateway-access.mapping.json';

async function check(run: string, mapping: string | readonly string[] = soak): Promise<RunReport> {
  const [report] = await checkBalances({ paths: [join(real, run)], mapping });
  return report as RunReport;
}

const asked = ({ checks }: RunReport, name: string) => checks.find((check) => check.name === name);
const places = (evidence: readonly Evidence[] = []) =>
  evidence.map((line) => `${line.file}:${'line' in line ? line.line : ''}`);

test.skipIf(missing).each([[soak], [[soak, gateway]], [[gateway, soak]]])(
  'base-ok is clean, with %s',
  async (mapping) => {
    const report = await check('base-ok', mapping);
    expect(report.findings).toEqual([]);
    expect(report.verdict).not.toBe('violated');
    expect(asked(report, 'supply-agrees')).toMatchObject({ verdict: 'held', subject: 'alpha1qx' });
    expect(asked(report, 'readings-agree')).toMatchObject({ verdict: 'held', detail: '2 assertions' });
  },
);

test.skipIf(missing)('in base-fault335 the devices differ before recovery', async () => {
  const { findings, verdict } = await check('base-fault335');
  expect(verdict).toBe('violated');
  const finding = findings.find(({ check }) => check === 'readings-agree');
  expect(finding).toMatchObject({
    code: 'undetermined',
    identity: 'alpha1qx',
    coin: 'UCT',
    blame: { device: 'peer2', by: 'lineage' },
    difference: {
      left: { device: 'peer1', incarnation: 1, amount: '209.999999999989', tokens: 7 },
      right: { device: 'peer2', incarnation: 1, amount: '219.999999999989', tokens: 8 },
      delta: '10',
    },
  });
  expect(places(finding?.evidence)).toEqual([
    'peer1.log:454',
    'peer2.log:340',
    'script.log:99',
    'script.log:100',
    'script.log:101',
  ]);
});

test.skipIf(missing)(
  'in base-fault335 the spent token counts again, first on peer2, then on all that recover',
  async () => {
    const { findings } = await check('base-fault335');
    const found = findings.filter(({ check }) => check === 'supply-agrees');
    expect(found.map(({ code, device, coin, detail }) => [code, device, coin, detail])).toEqual([
      ['resurrected', 'peer2', 'UCT', 'inferred'],
      ['resurrected', 'peer1-recovered', 'UCT', 'inferred'],
    ]);
    for (const { tokenId, blame, message } of found) {
      expect(tokenId).toMatch(/^0101/);
      expect(message).toMatch(/spent for 6565/);
      expect(blame?.by).toBe('lineage');
    }
    expect(places(found[0]?.evidence).slice(0, 4)).toEqual([
      'peer1.log:10',
      'peer1.log:244',
      'peer1.log:454',
      'peer2.log:219',
    ]);
    expect(found[1]?.message).toMatch(
      /^peer1-recovered and peer2-recovered both show 237\.999999999989 UCT \(20 tokens\), 10 more than the 227\.999999999989 UCT/,
    );
    expect(found[1]?.difference).toMatchObject({ delta: '10', left: { device: 'peer1', amount: '227.999999999989' } });
  },
);

test.skipIf(missing)('another mapping adds events and changes no finding', async () => {
  const [alone, both] = [await check('base-fault335'), await check('base-fault335', [soak, gateway])];
  expect(both.findings).toEqual(alone.findings);
  expect(both.input.events).toBeGreaterThan(alone.input.events);
});

test.skipIf(missing).each(['peer1', 'peer2', 'peer2-recovered'])(
  'without the log of %s nothing is said against base-ok',
  async (device) => {
    const paths = ['peer1', 'peer2', 'peer1-recovered', 'peer2-recovered'].filter((name) => name !== device);
    const [report] = await checkBalances({
      paths: [`${join(real, 'base-ok')}/{${paths.join(',')}}.log`],
      mapping: soak,
    });
    expect(report?.findings.filter(({ verdict }) => verdict === 'violated')).toEqual([]);
  },
);
