import { ReplayError } from '../base/errors.ts';
import { type Manifest, readManifest } from '../events/manifest.ts';
import type { Mapping } from '../events/mapping/mapping.ts';
import type { LogReader } from '../events/reader.ts';
import { openWatch, type Watch, type WatchedLog } from '../events/sources/watch.ts';
import type { HistoryEvent } from './causal-order.ts';
import type { Reading } from './history.ts';
import { KnownDevices, LiveHistory } from './live-history.ts';
import { StartAnew } from './live-merge.ts';
import { assemble, foldersOfSeries, openFile, type Run, type RunFile } from './run.ts';
import { Disorder } from './sequence.ts';

/** How many looks are waited at first for a line that is missing, or a cause: most logs are written in order, and at once. */
const leastPatience = 2;
const mostPatience = 300;
/** How much of the time may go into reading a run again. */
const largestShare = 1 / 4;

/** What a run that is followed is opened with. */
export interface LiveOptions {
  readonly mapping?: Mapping | undefined;
  readonly readers?: readonly LogReader[] | undefined;
  readonly maxProblems: number;
}

/**
 * A run that is being written. Its logs are read as they grow; where that cannot be gone on from, a pass throws `StartAnew` or `Disorder`, from which
 * the run learns what to do better, and the next pass begins at the start.
 */
export class LiveRun {
  /** How many devices each identity has, as far as it is known. */
  readonly devices = new KnownDevices();
  readonly #path: string;
  readonly #watch: Watch;
  readonly #options: LiveOptions;
  readonly #sorted = new Set<string>();
  readonly #opened = new Map<WatchedLog['tail'], { readonly log: WatchedLog; readonly file: RunFile }>();
  #patience = leastPatience;
  #manifest: Manifest | undefined;
  #run: Run | undefined;
  #history: LiveHistory | undefined;
  #beganAt = 0;
  /** How long it took to read all that was there; `undefined` while the pass is still at it. */
  #catchUpMs: number | undefined;

  constructor(path: string, watch: Watch, options: LiveOptions) {
    this.#path = path;
    this.#watch = watch;
    this.#options = options;
  }

  /** The run as it was opened last, and what was read of it; `undefined` while there is no log. */
  get now(): { readonly run: Run; readonly reading: Reading } | undefined {
    return this.#run && this.#history ? { run: this.#run, reading: this.#history.reading } : undefined;
  }

  /** Begins another pass, from the start. */
  async begin(): Promise<void> {
    await this.#watch.rewind();
    this.#opened.clear();
    this.#run = undefined;
    this.#history = undefined;
    this.#manifest = undefined;
    this.#beganAt = this.#watch.now();
    this.#catchUpMs = undefined;
  }

  /** Looks at the logs and reads what they have more. Returns whether anything came of it. */
  async readOn(take: (event: HistoryEvent) => void, stop: AbortSignal): Promise<boolean> {
    await this.#watch.look();
    await this.#admit();
    const taken = await this.#history?.readOn(this.#patience, take, stop);
    this.#catchUpMs ??= this.#watch.now() - this.#beganAt;
    return taken ?? false;
  }

  /**
   * Learns from what ended a pass, and waits until another one may begin: one that may be needed again and again
   * is not begun before it can be afforded. Throws whatever has nothing to do with following.
   */
  async learnFrom(error: unknown, stop: AbortSignal): Promise<void> {
    if (error instanceof Disorder) {
      // In the order of its files the log is not in order: patience would not help.
      if (this.#catchUpMs === undefined) this.#sorted.add(error.key);
      else this.#patience = Math.min(mostPatience, this.#patience * 2);
      return;
    }
    if (!(error instanceof StartAnew)) throw error;
    if (error.reason === 'late-cause') this.#patience = Math.min(mostPatience, this.#patience * 2);
    if (error.reason === 'dispute' || error.reason === 'new-device') return;
    const affordableAt = this.#beganAt + (this.#catchUpMs ?? 0) / largestShare;
    while (this.#watch.now() < affordableAt && !stop.aborted) await this.#watch.pause(stop);
  }

  /** Whether something that was read cannot be read again, because it is gone from where the run lies. */
  get hasLost(): boolean {
    return this.#watch.hasLost;
  }

  /** Milliseconds on a monotonic clock. */
  clock(): number {
    return this.#watch.now();
  }

  /** Waits until it is time to look again. */
  pause(stop: AbortSignal): Promise<void> {
    return this.#watch.pause(stop);
  }

  close(): Promise<void> {
    return this.#watch.close();
  }

  /** Opens logs that were not there before. */
  async #admit(): Promise<void> {
    const { logs } = this.#watch;
    for (const { tail, version } of logs) {
      const opened = this.#opened.get(tail);
      if (opened && needsWhole(opened) && opened.log.version !== version) throw new StartAnew('changed-file');
    }
    const added = logs.filter(({ tail }) => !this.#opened.has(tail));
    if (added.length === 0) return;
    const manifest = await readManifest(this.#path);
    if (this.#manifest && said(this.#manifest) !== said(manifest)) throw new StartAnew('other-run');
    this.#manifest = manifest;
    const { mapping, readers = [] } = this.#options;
    await Promise.all(
      added.map(async (log) => {
        const file = await openFile(log, manifest, mapping, readers).catch(unlessGone);
        if (file) this.#opened.set(log.tail, { log, file });
      }),
    );
    const present = logs.flatMap(({ tail }) => this.#opened.get(tail)?.file ?? []);
    refuseSeries(this.#path, present, manifest);
    const run = await assemble(this.#path, present, manifest, mapping);
    if (this.#run && this.#run.name !== run.name && this.#history) throw new StartAnew('other-run');
    this.#run = run;
    this.#noteDevices(run);
    this.#history ??= new LiveHistory(run, this.devices, {
      sorted: this.#sorted,
      maxProblems: this.#options.maxProblems,
    });
    for (const { tail } of added) {
      const opened = this.#opened.get(tail);
      if (opened && run.files.includes(opened.file)) {
        this.#history.add(run, { file: opened.file, tail: needsWhole(opened) ? undefined : tail });
      }
    }
  }

  /** A device of which an identity was thought not to have it makes what was forgotten worth knowing. */
  #noteDevices({ files, manifest }: Run): void {
    let unexpected = false;
    const meet = (device: string, identity: string) => {
      unexpected = this.devices.meet(device, identity) || unexpected;
    };
    for (const { devices } of files) for (const [device, identity] of devices) meet(device, identity);
    for (const [device, { identity }] of manifest.devices) if (identity !== undefined) meet(device, identity);
    if (unexpected && this.#history) throw new StartAnew('new-device');
  }
}

/** Opens a run to follow it. Throws a `ReplayError` for what cannot be followed. */
export async function openLiveRun(path: string, options: LiveOptions): Promise<LiveRun> {
  return new LiveRun(path, await openWatch(path), options);
}

function needsWhole({ log, file }: { readonly log: WatchedLog; readonly file: RunFile }): boolean {
  return log.compressed || file.reader.needsWhole === true;
}

function said(manifest: Manifest): string {
  return JSON.stringify({ ...manifest, devices: [...manifest.devices] });
}

/** A file that was renamed between two looks is met under its new name. */
function unlessGone(error: unknown): undefined {
  const cause = error instanceof ReplayError ? error.cause : undefined;
  if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw error;
}

function refuseSeries(path: string, files: readonly RunFile[], manifest: Manifest): void {
  const folders = foldersOfSeries(files, manifest);
  if (!folders) return;
  throw new ReplayError(
    `${path}: expected one run to follow, got ${folders.length}`,
    `follow one of ${folders.map((folder) => `${path.replace(/\/+$/, '')}/${folder}`).join(' ')}`,
  );
}
