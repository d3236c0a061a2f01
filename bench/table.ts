import { cpus, totalmem } from 'node:os';
import type { Absent, Contender } from './contenders.ts';

/** What the rounds of one contender came to. */
export interface Row {
  readonly name: string;
  readonly data: Contender['data'];
  readonly megabytes: number;
  /** By round. */
  readonly seconds: readonly number[];
  readonly cpuSeconds: readonly (number | null)[];
  readonly peakMb: readonly (number | null)[];
}

/** All figures of one benchmark, as they are kept. */
export interface Figures {
  readonly at: string;
  readonly machine: string;
  /** Processes that wanted to run, on average over the minute before: what else the machine had to do. */
  readonly load: number;
  readonly rounds: number;
  readonly seed: string;
  readonly rows: readonly Row[];
  readonly absent: readonly Absent[];
}

const check = 'check-balances';
const trips = 'round-trips';
const divergent = 'check-balances, an update lost';

/** The table of `bench/README.md`. */
export function markdown({ rows }: Figures): string {
  const body = rows.map((row) => {
    const seconds = row.seconds.toSorted((left, right) => left - right);
    const cpu = row.cpuSeconds.filter((figure) => figure !== null);
    const peaks = row.peakMb.filter((peak) => peak !== null);
    return [
      row.name,
      row.megabytes.toFixed(0),
      ...[seconds[0], median(seconds), seconds.at(-1)].map((figure) => (figure ?? 0).toFixed(2)),
      (row.megabytes / median(seconds)).toFixed(0),
      cpu.length > 0 ? median(cpu).toFixed(2) : '–',
      peaks.length > 0 ? Math.max(...peaks).toFixed(0) : '–',
    ];
  });
  const head = ['contender', 'MB', 'min s', 'median s', 'max s', 'MB/s', 'CPU s', 'peak RSS MB'];
  return aligned([head, ...body]).join('\n');
}

/**
 * How many times as long ours takes as each of the others, per megabyte: the median over the rounds, as what else the machine
 * does slows both of a round; and the fastest round by the fastest, as it slows those with several threads more.
 */
export function ratiosOf(rows: readonly Row[]): readonly string[] {
  const own = [check, trips, divergent].map((name) => perMegabyte(rows.filter((row) => row.name === name)));
  const [checks = [], counts = [], lost = []] = own;
  const both = checks.map((time, round) => time + (counts[round] ?? 0));
  const others = rows.filter(({ name }) => ![check, trips, divergent].includes(name));
  const table = [...new Set(others.map(wayless))].map((name) => {
    const other = perMegabyte(others.filter((row) => wayless(row) === name));
    return [name, ...[checks, counts, both].map((times) => ratio(times, other))];
  });
  return [
    'Ours takes, per megabyte, so many times as long as (median of the rounds, and fastest by fastest):\n',
    ...aligned([['', check, trips, 'both'], ...table]),
    `\nA run in which an update is lost, of which a part is read twice: ${ratio(lost, checks)} times as long as a healthy one.`,
  ];
}

/** The machine in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory}; ${process.platform} ${process.arch}, Node ${process.versions.node}`;
}

/** The name without the way in which it is asked: `DuckDB` of `DuckDB, two scans`. */
function wayless({ name }: Row): string {
  return name.split(', ')[0] ?? name;
}

/** By round, what the fastest of these ways took per megabyte. */
function perMegabyte(ways: readonly Row[]): readonly number[] {
  const [first] = ways;
  if (!first) return [];
  return first.seconds.map((_, round) =>
    Math.min(...ways.map(({ seconds, megabytes }) => (seconds[round] ?? Number.NaN) / megabytes)),
  );
}

function ratio(own: readonly number[], other: readonly number[]): string {
  const alternating = median(own.map((time, round) => time / (other[round] ?? Number.NaN)));
  return [alternating, Math.min(...own) / Math.min(...other)]
    .map((figure) => figure.toFixed(figure < 10 ? 2 : 0))
    .join(', ');
}

/** The median of at least one number. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** A table in Markdown, that is one for the eye as well. */
export function aligned([head = [], ...body]: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), line(rule), ...body.map(line)];
}
