import { availableParallelism } from 'node:os';
import type { ColumnBatch } from '../events/columns/column-batch.ts';
import type { ColumnPlan } from '../events/columns/wants.ts';
import type { Place } from '../events/reader.ts';
import type { Run, RunFile } from '../replay/run.ts';
import type { ColumnEngine } from './engine.ts';
import { inProcess } from './in-process.ts';

/** From how many bytes on threads are quicker: each must be started, and grow as fast as this one is. */
const worthThreads = 256 * 1024 * 1024;
/** On two processors a second thread takes a tenth off the wait, for a fifth more of their time and a third more memory: that is left to whoever asks for it. */
const worthProcessors = 3;
const mostThreads = 4;

/** Reads a run's files as columns, as `ask` needs them, and gives back what that took. */
export async function withEngine<Answer>(
  run: Run,
  workers: number | undefined,
  ask: (read: (file: RunFile, plan: ColumnPlan, from?: Place) => AsyncIterable<ColumnBatch>) => Promise<Answer>,
): Promise<Answer> {
  const engine = await engineFor(run, workers);
  try {
    return await ask((file, plan, from) => engine.read(run, file, plan, from));
  } finally {
    await engine.close();
  }
}

/** The engine for a run: threads where it is large, as many as are asked for or as the machine has for them. */
async function engineFor({ files }: Run, workers: number | undefined): Promise<ColumnEngine> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const processors = availableParallelism();
  const pays = bytes >= worthThreads && processors >= worthProcessors;
  const count = workers ?? (pays ? Math.min(processors, mostThreads) : 1);
  if (count < 2) return inProcess;
  const { WorkerThreads } = await import('./worker-threads.ts');
  // This thread is one of them: it has the rows to look at.
  return new WorkerThreads(count - 1);
}
