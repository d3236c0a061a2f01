import { type FileHandle, open } from 'node:fs/promises';
import { ReplayError } from '../../base/errors.ts';
import type { LogSource } from '../reader.ts';
import { decompress, detectCompression } from './decompress.ts';
import type { LogFile } from './files.ts';

/** How much is read from the disk at once. */
const chunkBytes = 512 * 1024;

/**
 * A file as bytes: decompressed, in large chunks. What is appended after the first
 * look is not read, so that every pass sees the same bytes of a log that is still being written.
 */
export function openSource({ path, location }: Pick<LogFile, 'path' | 'location'>): LogSource {
  let size: number | undefined;
  let read = 0;

  async function* fileBytes(handle: FileHandle, lent: boolean): AsyncGenerator<Uint8Array> {
    const block = () => Buffer.allocUnsafeSlow(Math.min(chunkBytes, size as number));
    const blocks = lent ? [block(), block()] : [];
    const fetch = (position: number, turn: number) => {
      const wanted = Math.min(chunkBytes, (size as number) - position);
      const to = blocks[turn % 2] ?? Buffer.allocUnsafeSlow(wanted);
      return wanted <= 0 ? undefined : handle.read(to, 0, wanted, position);
    };
    // While one block is looked at the next is read, so that nobody waits for the disk.
    let ahead = fetch(0, 0);
    try {
      for (let position = 0, turn = 1; ahead; turn++) {
        const { buffer, bytesRead } = await ahead.catch((error) => unreadable(path, error));
        ahead = undefined;
        if (bytesRead === 0) return;
        position += bytesRead;
        read = position;
        ahead = fetch(position, turn);
        // Whoever stops early does not wait for it, nor hear of its fault.
        ahead?.catch(() => undefined);
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await ahead?.catch(() => undefined);
    }
  }

  return {
    path,
    bytesRead: () => read,
    async *chunks({ lent = false } = {}) {
      read = 0;
      const handle = await open(location).catch((error) => unreadable(path, error));
      try {
        const stat = await handle.stat();
        if (stat.isDirectory()) unreadable(path, { code: 'EISDIR' });
        size ??= stat.size;
        const magic = await handle.read(Buffer.alloc(4), 0, 4, 0);
        const compression = detectCompression(magic.buffer.subarray(0, magic.bytesRead));
        if (compression) yield* decompress(path, compression, () => fileBytes(handle, false));
        else yield* fileBytes(handle, lent);
      } finally {
        await handle.close();
      }
    },
  };
}

const troubles: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['no such file; it was there when the run was listed', 'run it again when the log is no longer being moved'],
  EACCES: ['no permission to read it', 'chmod +r it, or run as a user who may read it'],
  EPERM: ['no permission to read it', 'chmod +r it, or run as a user who may read it'],
  EISDIR: ['is a folder, not a file', 'name the folder alone to read everything below it'],
  EMFILE: ['too many open files', 'raise the limit with ulimit -n'],
};

function unreadable(path: string, error: { code?: string; message?: string }): never {
  const [trouble, hint] = troubles[error.code ?? ''] ?? [error.message ?? 'cannot be read', undefined];
  throw new ReplayError(`${path}: ${trouble}`, hint, { cause: error });
}
