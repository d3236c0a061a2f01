import { availableParallelism } from 'node:os';
import type { Run } from '../replay/run.ts';
import type { ColumnEngine } from './engine.ts';
import { inProcess } from './in-process.ts';

/** From how many bytes on threads are quicker: each must be started, and grow as fast as this one is. */
const worthThreads = 64 * 1024 * 1024;

/** The engine for a run: threads where it is large, as many as are asked for or as the machine has. */
export async function engineFor({ files }: Run, workers: number | undefined): Promise<ColumnEngine> {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const count = workers ?? (bytes < worthThreads ? 1 : Math.min(availableParallelism(), 4));
  if (count < 2) return inProcess;
  const { WorkerThreads } = await import('./worker-threads.ts');
  return new WorkerThreads(count);
}
