import { byText, getOrCreate, groupBy } from '../base/order.ts';
import type { LoggedEvent, Problem } from '../events/event.ts';
import type { EventBatch } from '../events/reader.ts';
import { causalOrder, type HistoryEvent, type MergeOptions } from './causal-order.ts';
import { identityOf, type Run, type RunFile } from './run.ts';
import type { SequenceConflict, SequenceDuplicate } from './sequence.ts';

/** What one file turned out to hold. */
export interface FileReading {
  events: number;
  skipped: number;
  problems: number;
  bytes: number;
  readonly devices: Set<string>;
}

/** What one pass over a run found beside its events. Complete once the history is at its end. */
export interface Reading {
  readonly files: Map<string, FileReading>;
  /** Events by type; also `unknown` and `unreadable`. */
  readonly types: Map<string, number>;
  /** The first problems of each file, up to what was asked for. */
  readonly problems: Problem[];
  problemCount: number;
  readonly tornLines: Problem[];
  readonly conflicts: SequenceConflict[];
  readonly duplicates: SequenceDuplicate[];
  /** Lines that name another run, by file, in files that belong to this one. */
  readonly foreignLines: Map<string, { readonly run: string; lines: number }>;
}

/** A run's events in an order that respects cause and effect, and what was found while they were read. */
export interface History {
  readonly batches: AsyncGenerator<readonly HistoryEvent[]>;
  readonly reading: Reading;
}

/** How a history is read. */
export interface HistoryOptions {
  /** Devices known to be out of order; see `Disorder`. */
  readonly sorted: ReadonlySet<string>;
  /** How many problems are kept with their text; the rest are counted. */
  readonly maxProblems: number;
  onBytes?(bytes: number): void;
}

/** What was found before anything was read. */
export function newReading(): Reading {
  return {
    files: new Map(),
    types: new Map(),
    problems: [],
    problemCount: 0,
    tornLines: [],
    conflicts: [],
    duplicates: [],
    foreignLines: new Map(),
  };
}

/** How many bytes were read: whoever reads them once more takes them back from the progress that was told. */
export function bytesIn({ files }: Reading): number {
  return [...files.values()].reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What one file turned out to hold, to be added to. */
export function readingOf({ files }: Reading, path: string): FileReading {
  return getOrCreate(files, path, newFileReading);
}

function newFileReading(): FileReading {
  return { events: 0, skipped: 0, problems: 0, bytes: 0, devices: new Set() };
}

/** Opens one pass over a run. */
export function readHistory(run: Run, options: HistoryOptions): History {
  const { reading, listener } = beginReading(run, options);
  const tapes = filesByTape(run).map((files) => readInTurn(run, files));
  return { batches: causalOrder(tapes, listener), reading };
}

/** An account of a pass over a run, still empty, and what a merge must tell so that it fills. */
export function beginReading(
  run: Pick<Run, 'name'>,
  { sorted, maxProblems, onBytes }: HistoryOptions,
): { readonly reading: Reading; readonly listener: MergeOptions } {
  const reading = newReading();
  const listener: MergeOptions = {
    sorted,
    onBatch(batch) {
      onBytes?.(batch.bytes);
      count(reading, batch, maxProblems);
    },
    onConflict: (conflict) => reading.conflicts.push(conflict),
    onDuplicate: (duplicate) => reading.duplicates.push(duplicate),
    accepts(event) {
      if (event.run === undefined || event.run === run.name) return true;
      getOrCreate(reading.foreignLines, event.file.path, () => ({ run: event.run as string, lines: 0 })).lines++;
      return false;
    },
  };
  return { reading, listener };
}

/**
 * How many devices of an identity a run has logs of, as far as its files' beginnings say; and its manifest, unless each file is of one device: then
 * what the manifest names and no file does has no log.
 */
export function devicesByIdentity({ files, manifest }: Run): (identity: string) => number {
  const devices = new Map<string, Set<string>>();
  const add = (device: string, identity: string) => getOrCreate(devices, identity, () => new Set()).add(device);
  for (const file of files) for (const [device, identity] of file.devices) add(device, identity);
  const mayHold = files.some((file) => file.devices.size !== 1);
  for (const [device, { identity }] of mayHold ? manifest.devices : [])
    if (identity !== undefined) add(device, identity);
  return (identity) => devices.get(identity)?.size ?? 1;
}

/** The files of one device follow one another on one tape; a file whose device is unknown is a tape of its own. */
export function filesByTape(run: Run): (readonly RunFile[])[] {
  const groups = groupBy(run.files, tapeOf);
  return [...groups].sort(([left], [right]) => byText(left, right)).map(([, files]) => files.toSorted(byBeginning));
}

/** The name of the tape that a file belongs to. */
export function tapeOf({ first, path }: RunFile): string {
  return first ? `device ${first.device}` : `file ${path}`;
}

/** Orders the files of a tape. */
export function byBeginning(left: RunFile, right: RunFile): number {
  const [one, other] = [left.first, right.first];
  const order = one && other ? one.incarnation - other.incarnation || one.seq - other.seq : 0;
  return order || byText(left.path, right.path);
}

async function* readInTurn(run: Run, files: readonly RunFile[]): AsyncGenerator<EventBatch> {
  for (const file of files) yield* batchesOf(run, file);
}

/** What a file says, with the identities that the manifest gives to devices; read from `source` where it is not the file's own. */
export async function* batchesOf(
  { manifest, mapping }: Pick<Run, 'manifest' | 'mapping'>,
  { reader, source, defaults }: Pick<RunFile, 'reader' | 'source' | 'defaults'>,
): AsyncGenerator<EventBatch> {
  const fromManifest = manifest.devices.size > 0;
  for await (const batch of reader.read(source, { defaults, mapping })) {
    yield fromManifest
      ? { ...batch, events: batch.events.map((event) => withIdentity(event, identityOf(event, manifest))) }
      : batch;
  }
}

/** Most lines name their identity themselves, and are not copied. */
function withIdentity(event: LoggedEvent, identity: string): LoggedEvent {
  return event.identity === identity ? event : { ...event, identity };
}

function count(reading: Reading, { file, events, problems, skipped, bytes }: EventBatch, maxProblems: number): void {
  const ofFile = readingOf(reading, file.path);
  ofFile.events += events.length;
  ofFile.skipped += skipped;
  ofFile.bytes += bytes;
  for (const { device, type } of events) {
    ofFile.devices.add(device);
    reading.types.set(type, (reading.types.get(type) ?? 0) + 1);
  }
  countProblems(reading, ofFile, problems, maxProblems);
}

/** Adds what could not be read of a file; no more than `maxProblems` of it are kept with their text. */
export function countProblems(
  reading: Reading,
  ofFile: FileReading,
  problems: readonly Problem[],
  maxProblems: number,
): void {
  for (const problem of problems) {
    if (ofFile.problems < maxProblems) reading.problems.push(problem);
    if (problem.kind === 'torn') reading.tornLines.push(problem);
    ofFile.problems++;
    reading.problemCount++;
  }
}

/** The problems in the order of files and lines: which files were read first must not show. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return problems.toSorted((left, right) => byText(left.file.path, right.file.path) || left.line - right.line);
}
