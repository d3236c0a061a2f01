import { ReplayError } from './base/errors.ts';
import type { Entry, Span } from './exports/entry.ts';
import type { ExportedTrack, Exporter } from './exports/exporter.ts';
import { exporters } from './exports/index.ts';
import { Layout } from './exports/layout.ts';
import { momentOf } from './exports/nanoseconds.ts';
import { TrackEntries } from './exports/track-entries.ts';
import type { HistoryEvent } from './replay/causal-order.ts';
import type { Run } from './replay/run.ts';
import { readTrack, surveyTracks, type Track } from './replay/tracks.ts';
import type { InputSummary } from './results.ts';
import { openOne, type RunOptions } from './run-options.ts';
import { inputSummary } from './run-summary.ts';
import { tool } from './version.ts';

/** What `exportRun` is asked. */
export interface ExportOptions extends RunOptions {
  /** The format: `speedscope`, `perfetto`, `otlp` or `csv`. */
  readonly to: string;
  /** Takes the next piece of the file; the next but one waits until it is done. */
  write(text: string): Promise<void> | void;
}

/** What was there to export, whether or not the format can hold all of it. */
export interface ExportSummary {
  readonly run: string;
  readonly input: InputSummary;
  readonly operations: number;
  readonly roundTrips: number;
  /** Writes and snapshots whose duration is known. */
  readonly writes: number;
  readonly counterWindows: number;
  readonly sections: number;
  readonly failedAssertions: number;
}

/** How many characters are handed on at once. */
const pieceLength = 1 << 16;

/**
 * Writes the operations, round trips and counters of one run in the format of another tool, as a stream: the same bytes
 * whatever the order of the run's files. The run is read twice, and a file of several devices once for each of them.
 * Throws a `ReplayError` where the paths name no run or several, and for a format that there is none of.
 */
export async function exportRun({ to, write, ...options }: ExportOptions): Promise<ExportSummary> {
  const exporter = exporters.find(({ name }) => name === to);
  if (!exporter)
    throw new ReplayError(`${to}: no such format`, `formats: ${exporters.map(({ name }) => name).join(' ')}`);
  const { run, maxProblems, onBytes } = await openOne('export', options);
  const progress = new TwoReadings(run, onBytes);
  const { tracks, reading } = await surveyTracks(
    run,
    { maxProblems, onBytes: (bytes) => progress.first(bytes) },
    () => new Survey(beginningOf(run), exporter),
  );
  const told = tracks.filter(({ visitor }) => visitor.finish() > 0);
  progress.plan(told);
  const exported = told.map((track): ExportedTrack => {
    const { device, identity, stream, visitor } = track;
    const entries = () => entriesOf(track, beginningOf(run), (bytes) => progress.second(bytes));
    return { device, identity, stream, layout: visitor.layout, entries };
  });
  await inPieces(exporter.write({ name: run.name, tool: `${tool.name} ${tool.version}`, tracks: exported }), write);
  const sum = (of: (counts: Counts) => number) => told.reduce((total, { visitor }) => total + of(visitor.counts), 0);
  return {
    run: run.name,
    input: inputSummary(run, reading),
    operations: sum(({ op }) => op),
    roundTrips: sum(({ verify, request }) => verify + request),
    writes: sum(({ write, publish }) => write + publish),
    counterWindows: sum(({ counters }) => counters),
    sections: sum(({ section }) => section),
    failedAssertions: sum(({ assertion }) => assertion),
  };
}

type Counts = Readonly<Record<Exclude<Entry['kind'], 'span'> | Span['type'], number>>;

/** What a track has to tell: how much of each, and how it is drawn if it must be. */
class Survey {
  readonly layout = new Layout();
  readonly counts: Record<keyof Counts, number> = {
    ...{ op: 0, verify: 0, request: 0, write: 0, publish: 0, section: 0, assertion: 0, counters: 0 },
  };
  #entries: TrackEntries | undefined;

  constructor(began: bigint, { draws }: Exporter) {
    this.#entries = new TrackEntries(began, (entry) => {
      this.counts[entry.kind === 'span' ? entry.type : entry.kind]++;
      if (draws && entry.kind === 'span') this.layout.add(entry);
    });
  }

  take(event: HistoryEvent): void {
    this.#entries?.take(event);
  }

  /** How many entries there are. */
  finish(): number {
    this.#entries?.end();
    // What it remembered for lines to come is not needed while the log is read again.
    this.#entries = undefined;
    return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
  }
}

async function* entriesOf(
  track: Track,
  began: bigint,
  onBytes: (bytes: number) => void,
): AsyncGenerator<readonly Entry[]> {
  let found: Entry[] = [];
  const take = () => {
    const taken = found;
    found = [];
    return taken;
  };
  const entries = new TrackEntries(began, (entry) => found.push(entry));
  for await (const batch of readTrack(track, onBytes)) {
    for (const event of batch) entries.take(event);
    yield take();
  }
  entries.end();
  yield take();
}

/** The earliest time that a file begins with: where lines without a time stand, until there is one in their log. */
function beginningOf({ files }: Run): bigint {
  const times = files.flatMap(({ first }) => momentOf(first?.time ?? null) ?? []);
  return times.sort((left, right) => Number(left - right))[0] ?? 0n;
}

async function inPieces(pieces: AsyncGenerator<string>, write: ExportOptions['write']): Promise<void> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < pieceLength) continue;
    await write(text);
    text = '';
  }
  if (text !== '') await write(text);
}

/** Progress over two readings of a run as if it were one: each counts half. */
class TwoReadings {
  readonly #tell: (bytes: number) => void;
  readonly #once: number;
  #share = 0;

  constructor({ files }: Run, tell: (bytes: number) => void) {
    this.#tell = tell;
    this.#once = sizeOf(files);
  }

  first(bytes: number): void {
    this.#tell(bytes / 2);
  }

  /** What is read the second time. */
  plan(tracks: readonly Track[]): void {
    const planned = tracks.reduce((sum, { run }) => sum + sizeOf(run.files), 0);
    this.#share = planned > 0 ? this.#once / planned : 0;
  }

  second(bytes: number): void {
    this.#tell((bytes * this.#share) / 2);
  }
}

function sizeOf(files: Run['files']): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
