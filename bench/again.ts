/**
 * `npm run bench:again`: what a question costs that was asked before. Each is asked without a cache, with an empty one, once more, and of a
 * run that has grown by a hundredth since; in turns, and all must answer alike.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bytesIn, type Measured, measure } from './measure.ts';
import { aligned, machine, median } from './table.ts';
import { writeLongLife } from './wallet.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '200m' },
    rounds: { type: 'string', default: '5' },
    seed: { type: 'string', default: '1' },
    bin: { type: 'string', default: join(import.meta.dirname, '../dist/bin.js') },
  },
});
if (!existsSync(values.bin)) throw new Error(`${values.bin} is not there: npm run build`);

const parent = await mkdtemp(join(tmpdir(), 'replay-bench-'));
try {
  await main();
} finally {
  await rm(parent, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const whole = join(parent, 'whole', 'long-life');
  const before = join(parent, 'before', 'long-life');
  for (const folder of [whole, before]) mkdirSync(folder, { recursive: true });
  const life = { devices: 4, tokens: 1000, seed: Number(values.seed) };
  await writeLongLife(whole, { ...life, until: { bytes: bytesIn(values.size) } });
  cut(whole, before, 0.99);

  const rows: string[][] = [];
  for (const command of ['check-balances', 'round-trips']) {
    const asked = new Map<string, Measured[]>();
    for (let round = 0; round < Number(values.rounds); round += 1) {
      process.stderr.write(`round ${round + 1} of ${values.rounds}: ${command}\n`);
      for (const [how, measured] of await ask(command, whole, before)) {
        asked.set(how, [...(asked.get(how) ?? []), measured]);
      }
    }
    const none = median((asked.get('without a cache') ?? []).map(({ seconds }) => seconds));
    for (const [how, all] of asked) {
      const seconds = all.map((each) => each.seconds).sort((left, right) => left - right);
      const peak = median(all.map(({ peakMb }) => peakMb ?? Number.NaN));
      const spread = [seconds[0] as number, median(seconds), seconds.at(-1) as number].map((each) => each.toFixed(2));
      rows.push([command, how, ...spread, `${(none / median(seconds)).toFixed(1)}×`, peak.toFixed(0)]);
    }
  }
  const head = ['question', 'asked', 'min s', 'median s', 'max s', 'as fast as without', 'peak RSS MB'];
  console.log(aligned([head, ...rows]).join('\n'));
  console.log(`\n${values.size}; ${machine()}; ${values.rounds} rounds`);
}

/** Asks one question in every way. Throws where two answers differ. */
async function ask(command: string, whole: string, before: string): Promise<ReadonlyMap<string, Measured>> {
  const cache = join(parent, 'cache');
  const question = (folder: string) => [values.bin, command, folder, '--json'];
  const asked = new Map<string, Measured>();
  asked.set('without a cache', await measure(process.execPath, question(whole)));
  rmSync(cache, { recursive: true, force: true });
  asked.set('the first time', await measure(process.execPath, question(whole), cache));
  asked.set('once more', await measure(process.execPath, question(whole), cache));
  rmSync(cache, { recursive: true, force: true });
  await measure(process.execPath, question(before), cache);
  asked.set('of a grown run', await measure(process.execPath, question(whole), cache));
  const answers = new Set([...asked.values()].map(({ printed }) => printed));
  if (answers.size > 1) throw new Error(`${command}: ${answers.size} answers to one question`);
  return asked;
}

/** Writes the logs of a run as they were at a share of the time that they span. */
function cut(from: string, to: string, share: number): void {
  const logs = readdirSync(from).map((name) => ({ name, lines: readFileSync(join(from, name), 'latin1').split('\n') }));
  const timeOf = (line: string | undefined) => Number(/"time":(\d+)/.exec(line ?? '')?.[1]);
  const times = logs.flatMap(({ lines }) => [timeOf(lines[0]), timeOf(lines.at(-2))]);
  const end = Math.min(...times) + share * (Math.max(...times) - Math.min(...times));
  for (const { name, lines } of logs) {
    const later = lines.findLastIndex((line) => timeOf(line) <= end) + 1;
    writeFileSync(join(to, name), `${lines.slice(0, later).join('\n')}\n`, 'latin1');
  }
}
