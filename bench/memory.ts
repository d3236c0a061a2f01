/** `npm run bench:memory`: what a healthy run costs as it grows. Memory follows what lives, not the length of the log. */
import { existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
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
    bin: { type: 'string', default: join(import.meta.dirname, '../dist/bin.js') },
  },
});
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
    const written = await writeLongLife(folder, { until: { events }, ...sizes });
    const question = [values.bin, 'check-balances', folder, '--json'];
    const { seconds, peakMb, printed } = await measure(process.execPath, question);
    const keeping = await measure(process.execPath, question, join(parent, 'cache'));
    const { verdict } = JSON.parse(printed) as { verdict: string };
    const megabytes = sizeOf(folder) / 1e6;
    const figures = [megabytes.toFixed(0), seconds.toFixed(1), (megabytes / seconds).toFixed(1)];
    const both = [peakMb ?? Number.NaN, keeping.peakMb ?? Number.NaN];
    rows.push([written.toLocaleString('en-US'), ...figures, ...both.map((peak) => peak.toFixed(0)), verdict]);
    peaks.push(verdict === 'held' ? Math.max(...both) : Number.POSITIVE_INFINITY);
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
