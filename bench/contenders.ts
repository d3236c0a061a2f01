import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program that answers the benchmark's questions, or a part of them. */
export interface Contender {
  readonly name: string;
  readonly program: string;
  /** Its arguments, for a run in a folder. */
  argsFor(folder: string): readonly string[];
  /** Which data it is timed on: slow ones get a slice, and are compared per megabyte. */
  readonly data: 'whole' | 'slice' | 'divergent';
  /** Its answer as `kind TAB …` lines, from what it printed. The floor answers nothing. */
  answer(printed: string): readonly string[];
}

/** A contender that cannot run here, and why. */
export interface Absent {
  readonly name: string;
  readonly reason: string;
}

const here = join(import.meta.dirname, 'contenders');

/** Who contends: ours first, then the others, and who is missing. */
export function gatherContenders(bin: string): { contenders: readonly Contender[]; absent: readonly Absent[] } {
  const contenders = [...ours(bin), node('JSON.parse per line', 'whole', 'json-parse.mjs')];
  const absent: Absent[] = [];
  if (existsSync(join(here, 'duckdb/node_modules/@duckdb/node-api'))) {
    contenders.push(node('DuckDB, one table', 'whole', 'duckdb/duckdb.mjs', 'table'));
    contenders.push(node('DuckDB, two scans', 'whole', 'duckdb/duckdb.mjs', 'scan'));
  } else absent.push({ name: 'DuckDB', reason: 'not installed; npm run bench:duckdb installs it' });
  if (isOnPath('jq') && isOnPath('awk')) contenders.push(shell('jq and awk', 'slice', join(here, 'jq.sh')));
  else absent.push({ name: 'jq and awk', reason: 'not on the PATH' });
  contenders.push(node('stream-json', 'slice', 'stream-json.mjs'));
  if (isOnPath('wc')) contenders.push({ ...shell('wc -l', 'whole', '-c', 'wc -l "$0"/*'), answer: () => [] });
  else absent.push({ name: 'wc -l', reason: 'not on the PATH' });
  return { contenders, absent };
}

function ours(bin: string): readonly Contender[] {
  const command = (name: string, data: Contender['data'], answer: Contender['answer'], command: string): Contender => ({
    name,
    program: process.execPath,
    argsFor: (folder) => [bin, command, folder, '--json'],
    data,
    answer,
  });
  return [
    command('check-balances', 'whole', balancesSaid, 'check-balances'),
    command('round-trips', 'whole', tripsSaid, 'round-trips'),
    command('check-balances, an update lost', 'divergent', balancesSaid, 'check-balances'),
  ];
}

function node(name: string, data: Contender['data'], script: string, ...more: readonly string[]): Contender {
  const argsFor = (folder: string) => [join(here, script), folder, ...more];
  return { name, program: process.execPath, argsFor, data, answer: linesSaid };
}

function shell(name: string, data: Contender['data'], ...args: readonly string[]): Contender {
  return { name, program: 'sh', argsFor: (folder) => [...args, folder], data, answer: linesSaid };
}

function isOnPath(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Amounts may come with noughts behind, as a database has them. */
function linesSaid(printed: string): readonly string[] {
  const trimmed = (line: string) => line.replace(/(\.\d*?)0+(?=\t)/, '$1').replace(/\.(?=\t)/, '');
  return printed.trim().split('\n').map(trimmed).sort();
}

interface SaidBalances {
  readonly devices: readonly {
    readonly device: string;
    readonly balances: readonly { readonly coin: string; readonly amount: string; readonly tokens: number }[];
  }[];
  readonly findings: readonly {
    readonly difference: { readonly tokens: readonly { readonly tokenId: string }[] } | null;
  }[];
}

function balancesSaid(printed: string): readonly string[] {
  const { devices, findings } = JSON.parse(printed) as SaidBalances;
  const differing = new Set(
    findings.flatMap(({ difference }) => difference?.tokens.map(({ tokenId }) => tokenId) ?? []),
  );
  const balances = devices.flatMap(({ device, balances }) =>
    balances.map(({ coin, amount, tokens }) => ['balance', device, coin, amount, tokens].join('\t')),
  );
  return [...balances, `differing\t${differing.size}`].sort();
}

interface SaidTrips {
  readonly roundTrips: {
    readonly byOperation: readonly {
      readonly op: string;
      readonly trips: { readonly total: number };
      readonly retries: number;
    }[];
  };
}

function tripsSaid(printed: string): readonly string[] {
  const { byOperation } = (JSON.parse(printed) as SaidTrips).roundTrips;
  return byOperation.map(({ op, trips, retries }) => ['trips', op, trips.total, retries].join('\t')).sort();
}
