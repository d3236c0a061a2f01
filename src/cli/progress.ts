import type { Progress } from '../check.ts';
import { formatBytes } from '../report/format.ts';
import type { Io } from './io.ts';

const delayMs = 1000;
const intervalMs = 100;
const erase = '\r\x1b[K';
const cells = 24;

/**
 * Does the work and shows how far it is, on standard error, where that is a terminal and the work takes over a second.
 * The line is gone before anything else is printed, also when the user interrupts.
 */
export async function withProgress<Result>(
  { stderr, interrupted, now }: Io,
  work: (onProgress: (progress: Progress) => void) => Promise<Result>,
): Promise<Result> {
  if (!stderr.isTerminal) return work(() => {});
  let due = now() + delayMs;
  let drawn = false;
  const clear = () => {
    if (drawn) void stderr.write(erase);
    drawn = false;
    due = Number.POSITIVE_INFINITY;
  };
  interrupted.addEventListener('abort', clear);
  try {
    return await work((progress) => {
      if (now() < due) return;
      due = now() + intervalMs;
      drawn = true;
      void stderr.write(`${erase}${bar(progress)}`);
    });
  } finally {
    clear();
    interrupted.removeEventListener('abort', clear);
  }
}

function bar({ bytes, totalBytes }: Progress): string {
  if (totalBytes === null || totalBytes <= 0) return `reading  ${formatBytes(bytes)}`;
  const share = Math.min(1, bytes / totalBytes);
  const full = Math.floor(share * cells);
  const percent = String(Math.floor(share * 100)).padStart(3);
  return `reading  ${'█'.repeat(full)}${'░'.repeat(cells - full)} ${percent} %  ${formatBytes(bytes)} of ${formatBytes(totalBytes)}`;
}
