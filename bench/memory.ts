/** `npm run bench`: what a healthy run costs as it grows. Memory follows what lives, not the length of the log. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { writeLongLife } from './wallet.ts';

/** Loaded into the measured process: says at its exit how much memory it had at most, in KiB. */
const probe = `data:text/javascript,${encodeURIComponent(
  `import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));`,
)}`;

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
console.log(cells(['events', 'MB', 'seconds', 'MB/s', 'peak RSS', 'verdict']));
for (const events of lengths) {
  const parent = await mkdtemp(join(tmpdir(), 'replay-bench-'));
  try {
    const folder = join(parent, 'long-life');
    mkdirSync(folder);
    const life = { events, devices: Number(values.devices), tokens: Number(values.tokens), seed: Number(values.seed) };
    const written = await writeLongLife(folder, life);
    const { seconds, peakMb, verdict } = await measure(folder);
    const megabytes = sizeOf(folder) / 1e6;
    const numbers = [
      megabytes.toFixed(0),
      seconds.toFixed(1),
      (megabytes / seconds).toFixed(1),
      `${peakMb.toFixed(0)} MB`,
    ];
    console.log(cells([written.toLocaleString('en-US'), ...numbers, verdict]));
    peaks.push(verdict === 'held' ? peakMb : Number.POSITIVE_INFINITY);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}
const within = Math.max(...peaks) < limit;
console.log(
  `\n${values.devices} devices, ${values.tokens} tokens alive: ${within ? 'under' : 'not under'} ${limit} MB throughout`,
);
process.exitCode = within ? 0 : 1;

/** Runs the command as a user would, in a process of its own. */
async function measure(folder: string): Promise<{ seconds: number; peakMb: number; verdict: string }> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', probe, values.bin, 'check-balances', folder, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [, report, , peak] = await Promise.all(
    child.stdio.map((stream) => stream && text(stream as NodeJS.ReadableStream)),
  );
  const seconds = (performance.now() - begin) / 1000;
  return { seconds, peakMb: (Number(peak) * 1024) / 1e6, verdict: JSON.parse(report ?? '').verdict };
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

function cells(row: readonly string[]): string {
  return row.map((cell) => cell.padStart(11)).join('');
}
