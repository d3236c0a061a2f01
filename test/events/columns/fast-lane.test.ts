import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { ColumnWriter } from '../../../src/events/columns/column-writer.ts';
import { type ColumnPlan, planColumns } from '../../../src/events/columns/wants.ts';
import type { LogSource, ReadContext } from '../../../src/events/reader.ts';
import { pino } from '../../../src/events/readers/pino.ts';
import { glanceWants } from '../../../src/replay/glance/layout.ts';
import { simulate } from '../../simulator/index.ts';
import { hostileLog, tamperedLog } from '../readers/hostile-lines.ts';
import { sourceOf } from '../readers/reading.ts';
import { areAlikeInColumns, readInColumns } from './in-columns.ts';
import { everything } from './rows.ts';

const glancePlan = planColumns(glanceWants);

const defaults = fc.constantFrom<ReadContext['defaults']>(
  {},
  { device: 'default-device', identity: 'alice', incarnation: 3, run: 'run-9' },
  { device: '', incarnation: 0 },
);

async function expectAgreement(
  source: () => LogSource,
  stated: ReadContext['defaults'] = {},
  plan: ColumnPlan = everything,
): Promise<void> {
  const read = await readInColumns(source, stated, plan);
  if (areAlikeInColumns(read)) return;
  const { measure, ...ways } = read;
  for (const [way, rows] of Object.entries(ways)) expect({ way, ...rows }).toStrictEqual({ way, ...measure });
}

test.each([
  { lines: 'lines of any kind', made: hostileLog },
  { lines: 'a log that was tampered with', made: tamperedLog },
])('every way to columns comes to the same rows: $lines', { timeout: 240_000 }, async ({ made }) => {
  let lines = 0;
  await fc.assert(
    fc.asyncProperty(made, fc.integer({ min: 1, max: 20_000 }), defaults, async (bytes, size, stated) => {
      for (const plan of [everything, glancePlan]) {
        await expectAgreement(() => sourceOf(bytes, 'peer1.log', size), stated, plan);
      }
      lines += bytes.filter((value) => value === 10).length;
    }),
    { numRuns: 340 },
  );
  expect(lines).toBeGreaterThan(10_000);
});

const line = (more: string, device = 'peer1', type = 'balance') =>
  `{"level":30,"time":1,"v":1,"type":"${type}","device":"${device}","identity":"b",${more}}`;
const moved = '"tokenId":"T1","coin":"UCT","delta":"1"';
const tokens = (count: number) => `"tokens":[${Array(count).fill('{"tokenId":"T1","amount":"1"}')}]`;
const four = [1, 2, 3, 4];

test.each([
  ['lines that share their seq', four.map((time) => line(`"seq":1,"x":${time},${moved}`))],
  ['a seq that no cell holds', four.map((seq) => line(`"seq":${2 ** 31 - 3 + seq},${moved}`))],
  ['a shared seq that no cell holds', four.map((x) => line(`"seq":${2 ** 31},"x":${x},${moved}`))],
  ['an incarnation that no cell holds', four.map((seq) => line(`"seq":${seq},"incarnation":${2 ** 31},${moved}`))],
  ['lines of several devices', four.map((seq) => line(`"seq":${seq},${moved}`, `peer${seq}`))],
  [
    'amounts of one worth',
    ['1', '1.0', '1.00', '-0'].map((delta) => line(`"seq":1,${moved.replace('"1"', `"${delta}"`)}`)),
  ],
  [
    'names of hundreds of bytes',
    four.map((seq) => line(`"seq":${seq},"effect":"${`é${seq}`.repeat(30 * seq)}",${moved}`)),
  ],
  ['names that are no Unicode', four.map((seq) => line(`"seq":${seq},"effect":"\\ud80${seq}",${moved}`))],
  ['a line longer than a chunk', four.map((seq) => line(`"seq":${seq},"x":"${'y'.repeat(50_000 * seq)}",${moved}`))],
  ['more rows than there is room for', Array.from({ length: 5000 }, (_, seq) => line(`"seq":${seq + 1},${moved}`))],
  ['lists of some length', four.map((seq) => line(`"seq":${seq},${tokens(seq * 9)}`, 'peer1', 'tokens.read'))],
])('every way comes to the same rows for %s', async (_, lines) => {
  const text = `${lines.join('\n')}\n`;
  for (const plan of [everything, glancePlan]) await expectAgreement(() => sourceOf(text), {}, plan);
});

test('nearly every line of a wallet becomes a row without ever being an event', async () => {
  const events = vi.spyOn(ColumnWriter.prototype, 'event');
  let rows = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const { files } = simulate({ seed, steps: 400, layout: 'merged', manifest: false });
    const source = sourceOf(files.map(({ content }) => content).join(''));
    const read = pino.columns?.(source.path, { defaults: {} }, everything).read(source);
    for await (const batch of read ?? []) rows += batch.rows;
  }
  expect(rows).toBeGreaterThan(5_000);
  expect(events.mock.calls.length / rows).toBeLessThan(0.1);
  events.mockRestore();
});

test('a key before the type is read as each type needs it: as a cell, or not at all', async () => {
  const plan = planColumns({ 'op.start': ['op', 'opId'] });
  const lines = Array.from({ length: 40 }, (_, index) => {
    const own = index % 2 === 0 ? '"type":"log"' : '"type":"op.start","op":"pay"';
    return `{"opId":"op-${index}","v":1,${own},"device":"peer1","identity":"b","seq":${index + 1},"time":${index}}\n`;
  });
  await expectAgreement(() => sourceOf(Buffer.from(lines.join('')), 'peer1.log'), {}, plan);
});

test('a text behind a list that fills the memory up has room', { timeout: 60_000 }, async () => {
  const write = (seq: number, inputs: readonly string[]) =>
    line(
      `"seq":${seq},"originSeq":${seq},"key":"k","inputs":${JSON.stringify(inputs)},"effect":"${String(seq).repeat(40)}"`,
      'peer1',
      'write',
    );
  const few = [1, 2, 3].map((seq) => write(seq, ['T1']));
  // Some of these leave less room at the end of the first memory than the last text takes.
  for (const count of [5578, 5579]) {
    for (let rest = 4; rest <= 44; rest += 4) {
      const many = [...Array(count).fill('0123456789abcdef0123456789abcdef'), 'x'.repeat(rest)];
      const bytes = Buffer.from(`${[...few, write(4, many)].join('\n')}\n`);
      await expectAgreement(() => sourceOf(bytes, 'peer1.log', bytes.length), {}, glancePlan);
    }
  }
});
