import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { ReplayError } from '../base/errors.ts';
import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { ColumnPlan } from '../events/columns/wants.ts';
import type { SourceFile } from '../events/event.ts';
import type { FileLayout, Place } from '../events/reader.ts';
import { readers } from '../events/readers/index.ts';
import { isReadInParts, type Run, type RunFile } from '../replay/run.ts';
import type { ColumnEngine } from './engine.ts';
import { inProcess } from './in-process.ts';
import { placed, regionsOf } from './regions.ts';
import type { Order, Part, Reply, Task } from './task.ts';

/** How much of a file is one task: enough to be worth it, and little enough that all threads have some. */
const regionBytes = 2 * 1024 * 1024;
/** How much room a thread has for what is new: it makes little that is not taken over at once. */
const youngMb = 4;
/** How many tasks of a file are given out before they are needed. */
const ahead = 2;

/** Reads parts of plain files, and whole compressed ones, in threads; any other file here. */
export class WorkerThreads implements ColumnEngine {
  readonly #threads: readonly Thread[];
  #tasks = 0;

  constructor(count: number) {
    const file = workerFile();
    this.#threads = file ? Array.from({ length: count }, () => new Thread(file)) : [];
  }

  async *read(run: Run, file: RunFile, plan: ColumnPlan, from?: Place): AsyncGenerator<ColumnBatch> {
    const layout = this.#threads.length > 0 && isShareable(run, file) ? file.source.layout?.() : undefined;
    if (layout === undefined) {
      yield* inProcess.read(run, file, plan, from);
      return;
    }
    const begin = from?.bytes ?? 0;
    const regions = layout.compressed ? [undefined] : regionsOf(layout, begin, regionBytes);
    const open: Stream[] = [];
    let line = from?.lines ?? 0;
    try {
      for (let next = 0; next < regions.length || open.length > 0; ) {
        for (; next < regions.length && open.length < ahead; next += 1) {
          open.push(this.#open(file, layout, regions[next], plan));
        }
        const [stream] = open as [Stream];
        let lines = 0;
        for await (const part of stream.parts()) {
          lines = part.lines;
          yield placed(part, stream.file, line);
        }
        line += lines;
        open.shift();
      }
    } finally {
      for (const stream of open) stream.leave();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #open(
    { path, reader, defaults }: RunFile,
    { location }: FileLayout,
    region: Task['region'],
    { wants }: ColumnPlan,
  ): Stream {
    const thread = this.#threads.reduce((least, other) => (other.load < least.load ? other : least));
    const task: Task = { id: this.#tasks++, path, location, region, reader: reader.name, defaults, wants };
    return thread.start(task);
  }
}

/** The built worker; `undefined` where the tool runs from its sources. */
function workerFile(): URL | undefined {
  const file = new URL('./segment-worker.js', import.meta.url);
  return existsSync(file) ? file : undefined;
}

/** Whether a thread can read the file as it would be read here: by a reader of the family, and without functions of a user's. */
function isShareable(run: Run, file: RunFile): boolean {
  return isReadInParts(run, file) && readers.includes(file.reader);
}

/** The batches of one task as they come. */
class Stream {
  readonly file: SourceFile;
  readonly #taken: () => void;
  readonly #parts: Part[] = [];
  #isLeft = false;
  #ended = false;
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor({ path }: Task, taken: () => void) {
    this.file = { path, unit: 'line' };
    this.#taken = taken;
  }

  add(part: Part): void {
    if (this.#isLeft) this.#taken();
    else this.#parts.push(part);
    this.#wake?.();
  }

  /** Nobody takes what is still to come, so that whoever reads it does not wait for that. */
  leave(): void {
    this.#isLeft = true;
    for (const _ of this.#parts.splice(0)) this.#taken();
  }

  end(failure?: Error): void {
    this.#ended = true;
    this.#failure = failure;
    this.#wake?.();
  }

  async *parts(): AsyncGenerator<Part> {
    for (;;) {
      const part = this.#parts.shift();
      if (part) {
        try {
          yield part;
        } finally {
          this.#taken();
        }
      } else if (this.#failure) throw this.#failure;
      else if (this.#ended) return;
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}

/** One thread and the tasks that it has. */
class Thread {
  readonly #worker: Worker;
  readonly #streams = new Map<number, Stream>();
  #failure: Error | undefined;

  constructor(file: URL) {
    this.#worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
    this.#worker.on('message', (reply: Reply) => this.#take(reply));
    this.#worker.on('error', (error) => {
      this.#failure = error;
      for (const stream of this.#streams.values()) stream.end(error);
      this.#streams.clear();
    });
  }

  /** How many tasks it has; the most where it fell over, so that another one is asked as long as there is one. */
  get load(): number {
    return this.#failure ? Number.POSITIVE_INFINITY : this.#streams.size;
  }

  start(task: Task): Stream {
    const stream = new Stream(task, () => this.#order({ taken: task.id }));
    if (this.#failure) stream.end(this.#failure);
    else {
      this.#streams.set(task.id, stream);
      this.#order({ task });
    }
    return stream;
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #take(reply: Reply): void {
    const stream = this.#streams.get(reply.id);
    if ('part' in reply) stream?.add(reply.part);
    else {
      this.#streams.delete(reply.id);
      stream?.end('error' in reply ? new ReplayError(reply.error.message, reply.error.hint) : undefined);
    }
  }
}
