/** `npm run bench:memory`: what a run costs as it grows, a healthy one or one that `lacks` something. Memory follows what lives, not the length of the log. */
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, sizeOf } from './measure.ts';
import { aligned } from './table.ts';
import { writeLongLife } from './wallet.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    devices: { type: 'string', default: '4' },
    tokens: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    limit: { type: 'string', default: '400' },
    lacks: { type: 'string' },
    'recovery-every': { type: 'string' },
    bin: { type: 'string', default: join(import.meta.dirname, '../dist/bin.js') },
  },
});
/** What is done to the log of the last device, so that something is missing from the run. */
const losses: Readonly<Record<string, (log: string) => Promise<void>>> = {
  log: rm,
  line: (log) =>
    rewrite(log, (bytes) => {
      const from = bytes.indexOf('\n', bytes.length / 2) + 1;
      return [bytes.subarray(0, from), bytes.subarray(bytes.indexOf('\n', from) + 1)];
    }),
  end: (log) => rewrite(log, (bytes) => [bytes.subarray(0, bytes.lastIndexOf('\n', bytes.length * 0.9) + 1)]),
};
const { lacks } = values;
const lose = lacks === undefined ? undefined : losses[lacks];
if (lacks !== undefined && !lose) throw new Error(`--lacks ${lacks}: expected ${Object.keys(losses).join(', ')}`);
const expected = lose ? 'not-checked' : 'held';
const lengths = positionals.length > 0 ? positionals.map(Number) : [1_000_000, 5_000_000];
const limit = Number(values.limit);
if (!existsSync(values.bin)) throw new Error(`${values.bin} is not there: npm run build`);

const peaks: number[] = [];
const rows: string[][] = [];
for (const events of lengths) {
  const parent = await mkdtemp(join(tmpdir(), 'replay-bench-'));
  try {
    const folder = join(parent, 'long-life');
    mkdirSync(folder);
    const sizes = { devices: Number(values.devices), tokens: Number(values.tokens), seed: Number(values.seed) };
    const recoveryEvery = values['recovery-every'] === undefined ? undefined : Number(values['recovery-every']);
    const written = await writeLongLife(folder, { until: { events }, ...sizes, recoveryEvery });
    const logs = await readdir(folder);
    await lose?.(join(folder, logs.sort().at(-1) as string));
    const question = [values.bin, 'check-balances', folder, '--json'];
    const { seconds, peakMb, printed } = await measure(process.execPath, question);
    const keeping = await measure(process.execPath, question, join(parent, 'cache'));
    const { verdict } = JSON.parse(printed) as { verdict: string };
    const megabytes = sizeOf(folder) / 1e6;
    const figures = [megabytes.toFixed(0), seconds.toFixed(1), (megabytes / seconds).toFixed(1)];
    const both = [peakMb ?? Number.NaN, keeping.peakMb ?? Number.NaN];
    rows.push([written.toLocaleString('en-US'), ...figures, ...both.map((peak) => peak.toFixed(0)), verdict]);
    peaks.push(verdict === expected ? Math.max(...both) : Number.POSITIVE_INFINITY);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
console.log(
  aligned([['events', 'MB', 'seconds', 'MB/s', 'peak RSS MB', 'with a cache', 'verdict'], ...rows]).join('\n'),
);
const within = Math.max(...peaks) < limit;
console.log(
  `\n${values.devices} devices, ${values.tokens} tokens alive: ${within ? 'under' : 'not under'} ${limit} MB throughout`,
);
process.exitCode = within ? 0 : 1;

async function rewrite(log: string, parts: (bytes: Buffer) => readonly Buffer[]): Promise<void> {
  await writeFile(log, Buffer.concat(parts(await readFile(log))));
}
