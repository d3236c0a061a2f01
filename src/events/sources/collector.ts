import { type Decoded, decodeRecord, type EventDefaults } from '../decode.ts';
import type { LoggedEvent, Problem, SourceFile } from '../event.ts';
import type { FileMapping, Subject } from '../mapping/mapping.ts';
import type { EventBatch, LogSource, ReadContext } from '../reader.ts';
import { stemOf } from './files.ts';

/** How many events and problems a batch holds before it is handed on, unless the reader hands it on sooner. */
const batchSize = 4096;

/**
 * Whose lines a file holds, where they have no sequence numbers: those of one device, if the manifest or a mapping says which;
 * an observer's, in one order, whichever devices they are about; or a bundle of several devices' lines, each with an order of its own.
 */
export type Writer = 'device' | 'observer' | 'bundle';

/** Takes events in the order of their lines. */
interface EventSink {
  event(event: LoggedEvent): void;
}

/**
 * Gathers what a reader finds in one file into batches. To records without sequence numbers it gives their place.
 * Where the file is the device's own log (the manifest or a mapping says so, and the line names no other device) they are
 * the device's sequence; otherwise they are in a `stream` named by its path, and counted as one, or device by device where the file is a bundle.
 */
export class Collector {
  /** The user's rules for this file. */
  readonly mapping: FileMapping | undefined;
  /** The wallet that the log itself names; counts where neither the manifest nor a mapping does. */
  identity: string | undefined;
  readonly #file: SourceFile;
  readonly #source: LogSource;
  /** What was said about lines that number themselves: the contract asks them to name their device. */
  readonly #stated: EventDefaults;
  readonly #device: string;
  readonly #ownLog: boolean;
  readonly #bundle: boolean;
  readonly #nextSeq = new Map<string, number>();
  #events: LoggedEvent[] = [];
  #problems: Problem[] = [];
  #skipped = 0;
  #bytes = 0;
  /** Where events go: into the batch, or to whoever makes something else of them. */
  readonly #to: EventSink;

  constructor(
    source: LogSource,
    context: ReadContext,
    unit: SourceFile['unit'] = 'line',
    writer: Writer = 'device',
    to?: EventSink,
  ) {
    this.#source = source;
    this.#to = to ?? { event: (event) => this.#events.push(event) };
    this.#file = { path: source.path, unit };
    this.mapping = context.mapping?.forFile(source.path);
    const fromMapping = this.mapping?.defaults ?? {};
    this.#stated = {
      device: context.defaults.device ?? fromMapping.device,
      identity: context.defaults.identity ?? fromMapping.identity,
      incarnation: context.defaults.incarnation ?? fromMapping.incarnation,
      run: context.defaults.run ?? fromMapping.run,
    };
    this.#device = this.#stated.device ?? stemOf(source.path);
    this.#ownLog = writer !== 'observer' && (this.mapping !== undefined || context.defaults.device !== undefined);
    this.#bundle = writer === 'bundle';
  }

  /** The device that the manifest or a mapping gives the file. */
  get device(): string | undefined {
    return this.#stated.device;
  }

  /** Whether the batch is large enough to be handed on. */
  get full(): boolean {
    return this.#events.length + this.#problems.length >= batchSize;
  }

  /** The file, as events name it. */
  get file(): SourceFile {
    return this.#file;
  }

  /** What was said about the file's lines, for whatever a line with a `seq` of its own does not say. */
  get stated(): EventDefaults {
    return this.#stated;
  }

  /** Counts records that are neither events nor faults. */
  skip(records = 1): void {
    this.#skipped += records;
  }

  problem(line: number, reason: string, kind: Problem['kind'] = 'unreadable', device?: string): void {
    this.#problems.push({ file: this.#file, line, reason, kind, device });
  }

  /** Takes an event that is one already. */
  event(event: LoggedEvent): void {
    this.#to.event(event);
  }

  /**
   * Takes a record of the contract that brings its own `seq`. `invalid`: the line is not UTF-8, which is a fault only
   * where one of the record's fields suffered; its message may say what it likes.
   */
  record(record: Readonly<Record<string, unknown>>, line: number, invalid = false): void {
    const decoded = decodeRecord(record, { file: this.#file, line, defaults: this.#stated });
    this.#settle(invalid && hasReplacement(record) ? unreadable(decoded) : decoded, line);
  }

  /** Takes a record of the contract that has no `seq` and gives it the next one of its device or stream; a record that has one keeps it. */
  place(record: Readonly<Record<string, unknown>>, line: number, about = ''): void {
    const device = record.device ?? this.#device;
    const incarnation = record.incarnation ?? this.#stated.incarnation ?? 1;
    const own = record.seq !== undefined || (this.#ownLog && device === this.#device);
    const key = own || this.#bundle ? `${String(incarnation)} ${String(device)}` : String(incarnation);
    const stream = this.#bundle ? `${this.#file.path} ${String(device)}` : this.#file.path;
    const seq = this.#nextSeq.get(key) ?? 1;
    const decoded = decodeRecord(
      { seq, ...record, v: 1 },
      {
        file: this.#file,
        line,
        defaults: { ...this.#stated, device: this.#device, identity: this.#stated.identity ?? this.identity },
        stream: own ? undefined : stream,
      },
    );
    if (record.seq === undefined && (decoded.outcome === 'event' || (decoded.outcome === 'problem' && decoded.event))) {
      this.#nextSeq.set(key, seq + 1);
    }
    this.#settle(decoded, line, about);
  }

  /** Lets the user's rules read a line. Where they leave it to the reader, or want its events as well, `read` brings these, first. */
  map(subject: Subject, line: number, read: () => void): void {
    const mapped = this.mapping?.apply(subject) ?? [];
    if (mapped.at(-1)?.also !== false) read();
    let found = 0;
    for (const { rule, records, problems } of mapped) {
      for (const reason of problems) this.problem(line, `rule "${rule}": ${reason}`);
      for (const record of records) this.place(record, line, `rule "${rule}": `);
      found += records.length + problems.length;
    }
    if (found === 0 && mapped.at(-1)?.also === false) this.skip();
  }

  /** The batch gathered so far; a new one begins. */
  take(): EventBatch {
    const bytes = this.#source.bytesRead();
    const batch: EventBatch = {
      file: this.#file,
      events: this.#events,
      problems: this.#problems,
      skipped: this.#skipped,
      bytes: bytes - this.#bytes,
    };
    this.#events = [];
    this.#problems = [];
    this.#skipped = 0;
    this.#bytes = bytes;
    return batch;
  }

  #settle(decoded: Decoded, line: number, about = ''): void {
    if (decoded.outcome === 'event') this.#to.event(decoded.event);
    else if (decoded.outcome === 'debug') this.#skipped += 1;
    else {
      this.problem(line, about + decoded.reason);
      if (decoded.event) this.#to.event(decoded.event);
    }
  }
}

function hasReplacement(record: Readonly<Record<string, unknown>>): boolean {
  return JSON.stringify({ ...record, msg: undefined }).includes('\uFFFD');
}

/** The same line as one whose place in the sequence is known and whose content cannot be trusted. */
function unreadable(decoded: Decoded): Decoded {
  if (decoded.outcome !== 'event') return decoded;
  const { device, identity, incarnation, seq, time, opId, run, mono, file, line, stream, type } = decoded.event;
  const reason = `${type}: the line is not valid UTF-8`;
  if (type === 'unknown' || type === 'unreadable') return { outcome: 'problem', reason };
  const header = { device, identity, incarnation, seq, time, opId, run, mono, file, line, stream };
  return { outcome: 'problem', reason, event: { ...header, type: 'unreadable', hides: type } };
}
