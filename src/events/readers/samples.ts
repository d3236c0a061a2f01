import type { LogReader, SourceHead } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { headLines, quote } from '../sources/head.ts';
import { readLines } from '../sources/lines.ts';

/** Where a row has what. `rssFactor` turns the column into bytes. */
interface Columns {
  readonly count: number;
  readonly time: number;
  readonly device: number;
  readonly cpu: number;
  readonly rss: number;
  readonly rssFactor: number;
}

/**
 * `samples.tsv`: a table with a header, one row per device and moment. The columns are found by name, whatever their case and order: a time
 * (`time`, `timestamp`, `ts`, `epoch`, …; ISO, seconds or milliseconds), a device (`device`, `name`, `process`, …, else `pid`, else the file's name),
 * `cpu…` in percent and `rss…`. A plain `rss` is in KiB, as top and ps print it; `rss_mb`, `rss_bytes` and the like, and values such as `1.2g`, say it themselves.
 */
export const samples: LogReader = {
  name: 'samples',
  recognises: (head) => findColumns(firstLine(head)) !== undefined,
  async *read(source, context) {
    const collector = new Collector(source, context, 'line', 'observer');
    let columns: Columns | undefined;
    for await (const { first, lines, unterminated, problem } of readLines(source)) {
      for (const [index, line] of lines.entries()) {
        const header = findColumns(line);
        columns = header ?? columns;
        const last = unterminated && index === lines.length - 1;
        if (header || !columns || line.trim() === '' || line.startsWith('#')) collector.skip();
        else readRow(line, first + index, columns, last, collector);
        if (collector.full) yield collector.take();
      }
      if (problem) collector.problem(problem.line, problem.reason, problem.kind);
      yield collector.take();
    }
  },
};

function firstLine(head: SourceHead): string {
  return headLines(head)[0] ?? '';
}

const timeName = /^(?:time|timestamp|ts|t|epoch|date)(?:_?(?:ms|s|iso))?$/;
const deviceName = /^(?:device|dev|name|peer|label|proc|process|command|cmd)$/;
const cpuName = /^%?p?cpu(?:%|_?percent|_?pct)?$/;
const rssName = /^(?:rss|res|mem)(?:_?\(?(b|bytes|kb|kib|k|mb|mib|m)\)?)?$/;

const bytesPerUnit: Readonly<Record<string, number>> = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function findColumns(line: string): Columns | undefined {
  const names = line
    .replace(/^#\s*/, '')
    .toLowerCase()
    .split('\t')
    .map((name) => name.trim());
  const find = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const [time, cpu, rss] = [find(timeName), find(cpuName), find(rssName)];
  if (time < 0 || cpu < 0 || rss < 0) return undefined;
  const device = find(deviceName);
  const unit = rssName.exec(names[rss] as string)?.[1]?.[0] ?? 'k';
  return {
    count: names.length,
    time,
    device: device < 0 ? find(/^pid$/) : device,
    cpu,
    rss,
    rssFactor: bytesPerUnit[unit] ?? 1,
  };
}

function readRow(line: string, number: number, columns: Columns, last: boolean, collector: Collector): void {
  const cells = line.split('\t').map((cell) => cell.trim());
  if (cells.length < columns.count) {
    const reason = `expected ${columns.count} columns, got ${cells.length}: ${quote(line)}`;
    collector.problem(number, last ? `the last line is cut off: ${reason}` : reason, last ? 'torn' : 'unreadable');
    return;
  }
  const device = columns.device < 0 ? undefined : cells[columns.device];
  collector.place(
    {
      type: 'sample',
      time: readTime(cells[columns.time] as string),
      cpuPercent: readNumber((cells[columns.cpu] as string).replace(/%$/, '')),
      rssBytes: readBytes(cells[columns.rss] as string, columns.rssFactor),
      ...(device && { device }),
    },
    number,
  );
}

/** A number this large counts milliseconds; as seconds it would be in the year 5138. */
const leastMilliseconds = 1e11;

function readTime(cell: string): number | null {
  const number = Number(cell);
  if (cell !== '' && Number.isFinite(number)) return number < leastMilliseconds ? number * 1000 : number;
  const time = Date.parse(cell);
  return Number.isNaN(time) ? null : time;
}

/** The number, or the cell as it is, for the decoder to name. */
function readNumber(cell: string): number | string {
  return cell !== '' && Number.isFinite(Number(cell)) ? Number(cell) : cell;
}

function readBytes(cell: string, factor: number): number | string {
  const suffixed = /^(\d+(?:\.\d+)?)([kmg])i?b?$/i.exec(cell);
  if (suffixed) return Math.round(Number(suffixed[1]) * (bytesPerUnit[(suffixed[2] as string).toLowerCase()] ?? 1));
  const number = readNumber(cell);
  return typeof number === 'number' ? Math.round(number * factor) : number;
}
