import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SimulatedRun } from './index.ts';

/** Writes the run's files below a folder, which becomes the run, and says where it lies. The truth stays with the caller. */
export async function writeRun(run: SimulatedRun, parent: string): Promise<string> {
  const folder = join(parent, run.name);
  for (const { name, content } of run.files) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}
