import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { formatAmount } from '../../src/base/amount.ts';
import type { LoggedEvent } from '../../src/events/event.ts';
import { joinMappings } from '../../src/events/mapping/mapping.ts';
import { loadMapping } from '../../src/events/mapping/parse-mapping.ts';
import { RecordAssembler } from '../../src/events/readers/sphere/record.ts';
import { findLogFiles } from '../../src/events/sources/files.ts';
import { openSource } from '../../src/events/sources/open.ts';
import { type Reading, readLog } from '../events/readers/reading.ts';

const real = resolve('../shared/real/sphere-two-devices');
const missing = !existsSync(real);
if (missing) console.log(`skipped: no real logs at ${real}`);

const exampleMapping = async () =>
  joinMappings(
    await Promise.all(['examples/sphere-soak.mapping.json', 'examples/gateway-access.mapping.json'].map(loadMapping)),
  );

async function readRun(run: string, mapped: boolean): Promise<Map<string, Reading>> {
  const mapping = mapped ? await exampleMapping() : undefined;
  const files = await findLogFiles(join(real, run));
  return new Map(
    await Promise.all(files.map(async (file) => [file.path, await readLog(openSource(file), { mapping })] as const)),
  );
}

const allEvents = (run: Map<string, Reading>) => [...run.values()].flatMap(({ events }) => events);

function readings(events: readonly LoggedEvent[], device: string): string[] {
  return events.flatMap((event) =>
    event.type === 'balance.read' && event.device === device && event.coin === 'UCT'
      ? [`${event.tokens}/${formatAmount(event.amount)}`]
      : [],
  );
}

test.skipIf(missing)('every counter snapshot of base-ok is read', async () => {
  const run = await readRun('base-ok', false);
  let blocks = 0;
  let snapshots = 0;
  for (const event of allEvents(run)) {
    if (event.type !== 'counters') continue;
    snapshots += 1;
    blocks += event.counters['ipfs.pinCar.blocks']?.count ?? 0;
  }
  const printed = [...run.keys()].map(
    (path) => readFileSync(join(real, 'base-ok', path), 'utf8').match(/snapshot: \{$/gm)?.length ?? 0,
  );
  expect(blocks).toBe(963);
  expect(snapshots).toBe(printed.reduce((sum, number) => sum + number));
});

test.skipIf(missing).each(['base-ok', 'base-fault335'])(
  'no line of %s is lost, with a mapping or without',
  async (name) => {
    for (const mapped of [false, true]) {
      for (const [path, { format, events, problems, skipped }] of await readRun(name, mapped)) {
        const text = readFileSync(join(real, name, path), 'utf8');
        const lines = text.split('\n').slice(0, -1);
        const found = new Set(events.map(({ line }) => line));
        expect(problems).toEqual([]);
        if (format === 'pino') expect([path, found.size + skipped]).toEqual([path, lines.length]);
        if (format !== 'sphere') continue;
        const assembler = new RecordAssembler();
        const records = [...lines.map((line, index) => assembler.push(line, index + 1, false, false)), assembler.end()];
        const starts = records.filter((record) => record !== undefined);
        expect(starts.reduce((sum, record) => sum + record.lineCount, 0)).toBe(lines.length);
        expect([...found]).toEqual(starts.map((record) => record.line));
        expect(skipped).toBe(0);
      }
    }
  },
);

test.skipIf(missing)('every line of the scripts is an event, part of one, or skipped', async () => {
  for (const name of ['base-ok', 'base-fault335']) {
    const { format, events, skipped } = (await readRun(name, true)).get('script.log') as Reading;
    const lines = readFileSync(join(real, name, 'script.log'), 'utf8').split('\n').length - 1;
    const sections = events.filter(({ type }) => type === 'section').length;
    const others = new Set(events.filter(({ type }) => type !== 'section').map(({ line }) => line)).size;
    expect(format).toBe('soak-script');
    expect(sections * 4 + others + skipped).toBe(lines);
  }
});

test.skipIf(missing)(
  'in base-fault335 the devices show different balances before recovery, and equal ones after',
  async () => {
    const run = await readRun('base-fault335', true);
    const own = (device: string) => readings(run.get(`${device}.log`)?.events ?? [], device);
    expect(own('peer1')).toContain('7/209.999999999989');
    expect(own('peer2')).toContain('8/219.999999999989');
    expect(own('peer1-recovered').at(-1)).toBe('20/237.999999999989');
    expect(own('peer2-recovered').at(-1)).toBe('20/237.999999999989');
    const script = run.get('script.log')?.events ?? [];
    expect([readings(script, 'peer1'), readings(script, 'peer2')]).toEqual([
      ['7/209.999999999989'],
      ['8/219.999999999989'],
    ]);
    expect(script.flatMap((event) => (event.type === 'assertion' ? [[event.name, event.ok]] : []))).toEqual([
      ['peer1-vs-peer2-before', false],
      ['recovered1-vs-recovered2', true],
    ]);
  },
);

test.skipIf(missing)('the mints and the payment become effects, numbered per device', async () => {
  const run = await readRun('base-fault335', true);
  const writes = (run.get('peer1.log')?.events ?? []).flatMap((event) => (event.type === 'write' ? [event] : []));
  expect(writes.map(({ originSeq }) => originSeq)).toEqual(writes.map((_, index) => index + 1));
  expect(writes.filter(({ kind }) => kind === 'mint')).toHaveLength(12);
  expect(writes.find(({ effect }) => effect.startsWith('spend:'))).toMatchObject({
    inputs: [expect.stringMatching(/^0101/)],
    outputs: [{ tokenId: expect.stringMatching(/^6565/), coin: 'UCT', amount: { units: 9999999999989n, scale: 12 } }],
  });
});

test.skipIf(missing)('every HTTP request of base-ok is an event, and the blocks agree with the counters', async () => {
  const { events, problems } = (await readRun('base-ok', true)).get('access.jsonl') as Reading;
  const requests = events.flatMap((event) => (event.type === 'request' ? [event] : []));
  expect([requests.length, problems.length]).toEqual([3433, 0]);
  expect(requests.filter(({ kind }) => kind === 'dag/put')).toHaveLength(963);
  expect(new Set(requests.map(({ device }) => device))).toEqual(
    new Set(['peer1', 'peer2', 'peer1-recovered', 'peer2-recovered']),
  );
});
