import { parentPort } from 'node:worker_threads';
import { ReplayError } from '../base/errors.ts';
import { getOrCreate } from '../base/order.ts';
import { type ColumnMemory, newMemory } from '../events/columns/column-writer.ts';
import { planColumns } from '../events/columns/wants.ts';
import type { ColumnReader } from '../events/reader.ts';
import { readers } from '../events/readers/index.ts';
import { openSource } from '../events/sources/open.ts';
import { openRegion } from '../events/sources/region.ts';
import type { Order, Reply, Task } from './task.ts';

/**
 * A thread that reads parts of files: takes tasks, gives back their lines as columns in memory that both can read. It stays no more than a
 * few batches ahead of whoever takes them.
 */

const window = 4;

/** What is kept from one task to the next of those that want the same. */
interface Kept {
  /** What was learned of the lines of each file, for its next part. */
  readonly readers: Map<string, ColumnReader>;
  /** Memory for such rows that nobody needs. */
  readonly free: ColumnMemory[];
}

/** By what is wanted. */
const kept = new Map<string, Kept>();
/** Memory that somebody else reads, by task, the oldest first, and where it goes then. */
const lent = new Map<number, { readonly memory: ColumnMemory[]; readonly free: ColumnMemory[] }>();
const waiting = new Map<number, () => void>();
/** The end of the newest task of each file: what reads it has one place where it is, so that its parts go one after the other. */
const newest = new Map<string, Promise<void>>();

parentPort?.on('message', (order: Order) => {
  if ('task' in order) {
    const { task } = order;
    const before = newest.get(task.path) ?? Promise.resolve();
    newest.set(
      task.path,
      before.then(() => run(task)),
    );
    return;
  }
  const { memory = [], free = [] } = lent.get(order.taken) ?? {};
  free.push(...memory.splice(0, 1));
  waiting.get(order.taken)?.();
});

async function run(task: Task): Promise<void> {
  const { id, path, region, wants } = task;
  const { readers: known, free } = getOrCreate(kept, JSON.stringify(wants), () => ({ readers: new Map(), free: [] }));
  const ofTask: ColumnMemory[] = [];
  lent.set(id, { memory: ofTask, free });
  try {
    const source = region ? openRegion(task, region) : openSource(task);
    const reader = known.get(path) ?? columnReader(task);
    known.set(path, reader);
    const { writer } = reader;
    let lines = 0;
    for await (const { file: _, lineOffset: __, ...part } of reader.read(source)) {
      lines = part.lines;
      const { cells, times, words } = part;
      ofTask.push({ cells, times, words });
      say({ id, part });
      writer.use(free.pop() ?? newMemory(writer.plan, true));
      while (ofTask.length >= window) await new Promise<void>((resolve) => waiting.set(id, resolve));
    }
    say({ id, lines });
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    say({ id, error: { message: error.message, hint: error.hint } });
  } finally {
    waiting.delete(id);
  }
}

function columnReader({ path, reader: name, defaults, wants }: Task): ColumnReader {
  const reader = readers.find((candidate) => candidate.name === name);
  const plan = planColumns(wants);
  const made = reader?.columns?.(path, { defaults, mapping: undefined }, plan);
  if (made === undefined) throw new Error(`${name} reads no columns`);
  made.writer.use(newMemory(plan, true));
  return made;
}

function say(reply: Reply): void {
  parentPort?.postMessage(reply);
}
