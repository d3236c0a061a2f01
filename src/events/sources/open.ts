import { type FileHandle, open, stat } from 'node:fs/promises';
import type { LogSource } from '../reader.ts';
import { type BlockOptions, readBlocks } from './blocks.ts';
import { decompress, detectCompression } from './decompress.ts';
import type { LogFile } from './files.ts';
import { unreadable } from './unreadable.ts';

/**
 * A file as bytes: decompressed, in large chunks. What is appended after the first
 * look is not read, so that every pass sees the same bytes of a log that is still being written.
 */
export function openSource({ path, location }: Pick<LogFile, 'path' | 'location'>): LogSource {
  let size: number | undefined;
  let compressed = false;
  let read = 0;

  const onRead = (bytes: number) => {
    read += bytes;
  };
  const fileBytes = (handle: FileHandle, options: BlockOptions) =>
    readBlocks(handle, path, 0, [size as number], { ...options, onRead });

  return {
    path,
    bytesRead: () => read,
    async stamp() {
      const { dev, ino, size: bytes, mtimeNs, ctimeNs } = await stat(location, { bigint: true });
      return [dev, ino, bytes, mtimeNs, ctimeNs].join(' ');
    },
    begins: () => (compressed ? undefined : 0),
    layout: () => (size === undefined ? undefined : { location, bytes: size, compressed }),
    async *chunks({ lent = false, blockBytes } = {}) {
      read = 0;
      const handle = await open(location).catch((error) => unreadable(path, error));
      try {
        const there = await handle.stat();
        if (there.isDirectory()) unreadable(path, { code: 'EISDIR' });
        size ??= there.size;
        const magic = await handle.read(Buffer.alloc(4), 0, 4, 0);
        const compression = detectCompression(magic.buffer.subarray(0, magic.bytesRead));
        compressed = compression !== undefined;
        if (compression) yield* decompress(path, compression, () => fileBytes(handle, { lent: false }));
        else yield* fileBytes(handle, { lent, blockBytes });
      } finally {
        await handle.close();
      }
    },
  };
}
