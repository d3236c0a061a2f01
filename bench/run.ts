/** `npm run bench`: what an answer costs here, and elsewhere. Builds its data, has all answer alike, and times them in turns. */
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Contender, gatherContenders } from './contenders.ts';
import { bytesIn, type Measured, measure, sizeOf } from './measure.ts';
import { type Figures, machine, markdown, type Row, ratiosOf } from './table.ts';
import { writeLongLife } from './wallet.ts';

const figuresFile = join(import.meta.dirname, 'figures.ndjson');
const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '200m' },
    slice: { type: 'string', default: '20m' },
    rounds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    bin: { type: 'string', default: join(import.meta.dirname, '../dist/bin.js') },
  },
});
const bytes = { whole: bytesIn(values.size), slice: Math.min(bytesIn(values.size), bytesIn(values.slice)) };
const rounds = Number(values.rounds ?? (bytes.whole > 500e6 ? 3 : 5));
if (!existsSync(values.bin)) throw new Error(`${values.bin} is not there: npm run build`);

const [load = 0] = loadavg();
const parent = await mkdtemp(join(tmpdir(), 'replay-bench-'));
try {
  await main();
} finally {
  await rm(parent, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const { contenders, absent } = gatherContenders(values.bin);
  const slices = [await writeRun('slice', bytes.slice, false), await writeRun('slice-divergent', bytes.slice, true)];
  for (const slice of slices) await checkAgreement(contenders, slice);
  console.log(`${contenders.length} contenders give the same answers, of a healthy run and of one that is not`);

  const folders = {
    whole: await writeRun('whole', bytes.whole, false),
    divergent: await writeRun('divergent', bytes.whole, true),
    slice: slices[0] as string,
  };
  const measured = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another, so that nobody always follows the same one.
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const { name, program, argsFor, data } = contender;
      process.stderr.write(`round ${round + 1} of ${rounds}: ${name}\n`);
      measured.get(contender)?.push(await measure(program, argsFor(folders[data])));
    }
    for (const data of ['whole', 'divergent', 'slice'] as const) {
      agree([...measured].filter(([contender]) => contender.data === data).map(([one, all]) => [one, all[round]]));
    }
  }

  const rows: Row[] = [...measured].map(([{ name, data }, all]) => ({
    name,
    data,
    megabytes: sizeOf(folders[data]) / 1e6,
    seconds: all.map(({ seconds }) => seconds),
    cpuSeconds: all.map(({ cpuSeconds }) => cpuSeconds),
    peakMb: all.map(({ peakMb }) => peakMb),
  }));
  const about = { at: new Date().toISOString(), machine: machine(), load, rounds, seed: values.seed };
  const figures: Figures = { ...about, rows, absent };
  console.log(`\n${markdown(figures)}\n\n${ratiosOf(rows).join('\n')}`);
  for (const { name, reason } of absent) console.log(`${name}: skipped, ${reason}`);
  console.log(`\n${figures.machine}; ${rounds} rounds; load before: ${load.toFixed(1)}`);
  if (values.json) {
    appendFileSync(figuresFile, `${JSON.stringify(figures)}\n`);
    console.log(`kept in ${figuresFile}`);
  }
}

async function writeRun(name: string, size: number, divergent: boolean): Promise<string> {
  const folder = join(parent, name, 'long-life');
  mkdirSync(folder, { recursive: true });
  const life = { until: { bytes: size }, devices: 4, tokens: 1000, seed: Number(values.seed), divergent };
  const events = await writeLongLife(folder, life);
  const written = sizeOf(folder);
  console.log(`${name}: ${(written / 1e6).toFixed(0)} MB, ${events} lines of ${(written / events).toFixed(0)} bytes`);
  return folder;
}

async function checkAgreement(contenders: readonly Contender[], folder: string): Promise<void> {
  const answers: [Contender, Measured][] = [];
  for (const contender of contenders) {
    answers.push([contender, await measure(contender.program, contender.argsFor(folder))]);
  }
  agree(answers);
}

/** Throws where two answers differ. Who is not asked for something need not say it. */
function agree(measured: readonly (readonly [Contender, Measured | undefined])[]): void {
  const said = new Map<string, { by: string; lines: string }>();
  for (const [{ name, answer }, one] of measured) {
    const lines = answer(one?.printed ?? '');
    for (const kind of ['balance', 'trips', 'differing']) {
      const own = lines.filter((line) => line.startsWith(`${kind}\t`)).join('\n');
      const other = said.get(kind);
      if (own === '') continue;
      if (!other) said.set(kind, { by: name, lines: own });
      else if (other.lines !== own) {
        throw new Error(`${other.by} and ${name} disagree on ${kind}\n${other.lines}\n--\n${own}`);
      }
    }
  }
}
