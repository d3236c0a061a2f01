import type { FileHandle } from 'node:fs/promises';
import { unreadable } from './unreadable.ts';

/** How much is read from the disk at once, where nobody wants more or less. */
const usualBytes = 512 * 1024;
/** Where a file's first blocks end: whoever asks only what a file is, and whose, looks no further. */
const firstEnds = [16 * 1024, 64 * 1024];

/** Blocks that nobody has now: memory that is new must be cleared first, which takes as long as to read into it. */
const spare: Buffer[] = [];
const mostSpare = 16;

/** How blocks are read. */
export interface BlockOptions {
  /** Blocks that are lent are good until the next one is asked for. */
  readonly lent: boolean;
  readonly blockBytes?: number | undefined;
  /** Told of the bytes of each block. */
  readonly onRead?: ((bytes: number) => void) | undefined;
}

/**
 * The bytes of a file from a position on, block by block, up to each of the given ends in turn or the end of the file. While one block is
 * looked at the next is read, so that nobody waits for the disk.
 */
export async function* readBlocks(
  handle: FileHandle,
  path: string,
  from: number,
  ends: readonly number[],
  { lent, blockBytes = usualBytes, onRead }: BlockOptions,
): AsyncGenerator<Uint8Array> {
  const [first = 0] = ends;
  const size = Math.max(1, Math.min(blockBytes, first - from));
  const newBlock = () => (lent && size === usualBytes && spare.pop()) || Buffer.allocUnsafeSlow(size);
  const blocks = lent ? [newBlock(), newBlock()] : [];
  const fetch = (position: number, turn: number) => {
    const end = ends.find((each) => each > position);
    if (end === undefined) return undefined;
    const block = blocks[turn % 2] ?? newBlock();
    const soonest = Math.min(end, firstEnds.find((each) => each > position) ?? end);
    return handle.read(block, 0, Math.min(block.length, soonest - position), position);
  };
  let ahead = fetch(from, 0);
  try {
    for (let position = from, turn = 1; ahead; turn++) {
      const { buffer, bytesRead } = await ahead.catch((error) => unreadable(path, error));
      ahead = undefined;
      if (bytesRead === 0) return;
      position += bytesRead;
      ahead = fetch(position, turn);
      // Whoever stops early does not wait for it, nor hear of its fault.
      ahead?.catch(() => undefined);
      onRead?.(bytesRead);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await ahead?.catch(() => undefined);
    if (size === usualBytes && spare.length < mostSpare) spare.push(...blocks);
  }
}
