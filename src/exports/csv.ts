import type { Entry } from './entry.ts';
import type { Exporter } from './exporter.ts';
import { formatMilliseconds } from './nanoseconds.ts';

type Cell = string | number | boolean | null | undefined;

/** The columns of the table, in their order. */
const columns = [
  ...['run', 'device', 'identity', 'incarnation', 'seq', 'stream', 'type', 'name', 'opId', 'parentOpId'],
  ...['start_ms', 'end_ms', 'duration_ms', 'attempt', 'ok', 'unfinished', 'bytes', 'blocks'],
  ...['count', 'total_ms', 'max_ms', 'detail', 'file', 'line'],
] as const;

/**
 * One table as RFC 4180 has it, with a header and CRLF. An empty cell is what the log does not say. A text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export const csv: Exporter = {
  name: 'csv',
  description: 'one table, for DuckDB, pandas or a spreadsheet',
  draws: false,
  async *write({ name, tracks }) {
    yield line(columns);
    for (const { device, identity, stream, entries: read } of tracks) {
      const head: Row = { run: name, device, identity, stream };
      for await (const entries of read()) {
        yield entries
          .flatMap((entry) => rowsOf(entry))
          .map((row) => lineOf(head, row))
          .join('');
      }
    }
  },
};

type Row = { readonly [Column in (typeof columns)[number]]?: Cell };

/** A row for what the entry is; for a window, one for each counter. */
function rowsOf(entry: Entry): Row[] {
  const { incarnation, seq, file, line: number, start, end, timed } = entry;
  const common = {
    ...{ incarnation, seq, file: file.path, line: number },
    ...(timed && { start_ms: formatMilliseconds(start), end_ms: formatMilliseconds(end) }),
  };
  if (entry.kind === 'counters') {
    const { windowMs: duration_ms } = entry;
    return entry.counters.map(([name, { count, totalMs: total_ms, maxMs: max_ms }]) => ({
      ...{ ...common, type: 'counters', name, duration_ms, count, total_ms, max_ms },
    }));
  }
  if (entry.kind === 'assertion') {
    const { name, opId, detail } = entry;
    return [{ ...common, type: 'assertion', name, opId, ok: false, detail }];
  }
  const { type, name, opId, parentOpId, durationMs: duration_ms, attempt, ok, bytes, blocks, about } = entry;
  const said = Object.entries(about).filter(([, value]) => value !== undefined);
  const detail = said.map(([key, value]) => `${key}=${value}`).join(' ');
  const unfinished = type === 'op' ? entry.unfinished : undefined;
  return [{ ...common, type, name, opId, parentOpId, duration_ms, attempt, ok, unfinished, bytes, blocks, detail }];
}

function lineOf(head: Row, row: Row): string {
  return line(columns.map((column) => row[column] ?? head[column]));
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(format).join()}\r\n`;
}

/** What begins a formula for a spreadsheet, also behind apostrophes that are there already: taking one away gives the text back. */
const formula = /^'*[=+\-@\t\r\n]/;

function format(cell: Cell): string {
  if (typeof cell !== 'string') return cell === null || cell === undefined ? '' : String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
