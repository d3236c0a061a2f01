import type { FileHandle } from 'node:fs/promises';
import { unreadable } from './unreadable.ts';

/** How much is read from the disk at once. */
const blockBytes = 512 * 1024;
/** Where a file's first blocks end: whoever asks only what a file is, and whose, looks no further. */
const firstEnds = [16 * 1024, 64 * 1024];

/** Blocks that nobody has now: memory that is new must be cleared first, which takes as long as to read into it. */
const spare: Buffer[] = [];
const mostSpare = 16;

/**
 * The bytes of a file from a position on, block by block, up to each of the given ends in turn or the end of the file. While one block is
 * looked at the next is read, so that nobody waits for the disk. Blocks that are `lent` are good until the next one is asked for.
 */
export async function* readBlocks(
  handle: FileHandle,
  path: string,
  from: number,
  ends: readonly number[],
  lent: boolean,
): AsyncGenerator<Uint8Array> {
  const [first = 0] = ends;
  const size = Math.max(1, Math.min(blockBytes, first - from));
  const newBlock = () => (lent && size === blockBytes && spare.pop()) || Buffer.allocUnsafeSlow(size);
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
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await ahead?.catch(() => undefined);
    if (size === blockBytes && spare.length < mostSpare) spare.push(...blocks);
  }
}
