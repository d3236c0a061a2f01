import { open } from 'node:fs/promises';
import type { FileLayout, LogSource } from '../reader.ts';
import { readBlocks } from './blocks.ts';
import { unreadable } from './unreadable.ts';

const newline = 0x0a;
/** How far behind a region its last line is first looked for. */
const lookahead = 64 * 1024;

/** The bytes of a part of a file, and where the file ended when it was first looked at. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly end: number;
}

/** A part of a plain file, as a source of its own: the lines that begin in it, the last one to its end, wherever that is before `end`. */
export function openRegion(
  { path, location }: { readonly path: string; readonly location: string },
  { from, to, end }: Region,
): LogSource {
  let read = 0;
  let begins: number | undefined;
  return {
    path,
    continues: from > 0,
    begins: () => begins,
    bytesRead: () => read,
    async *chunks() {
      const handle = await open(location).catch((error) => unreadable(path, error));
      try {
        let position = Math.max(from - 1, 0);
        let begun = false;
        for await (const block of readBlocks(handle, path, position, [Math.min(to + lookahead, end), end], {
          lent: true,
        })) {
          const first = begun || from === 0 ? 0 : block.indexOf(newline) + 1;
          const base = position;
          position += block.length;
          read = Math.min(position, to) - from;
          if (!begun && first === 0 && from > 0) {
            if (position >= to) return;
            continue;
          }
          if (!begun && base + first >= to) return;
          if (!begun) begins = base + first;
          begun = true;
          const last = position < to ? -1 : block.indexOf(newline, Math.max(first, to - 1 - base));
          yield block.subarray(first, last < 0 ? block.length : last + 1);
          if (last >= 0) return;
        }
      } finally {
        await handle.close();
      }
    },
  };
}

/** The bytes of a plain file from one place to another. The file must have been looked at. */
export async function* bytesWithin(source: LogSource, from: number, to: number): AsyncGenerator<Uint8Array> {
  const { location } = layoutOf(source);
  const handle = await open(location).catch((error) => unreadable(source.path, error));
  try {
    yield* readBlocks(handle, source.path, from, [to], { lent: true });
  } finally {
    await handle.close();
  }
}

/** What stands in a plain file from a line's beginning on, as a source of its own. The file must have been looked at. */
export function restOf(source: LogSource, from: number): LogSource {
  const { location, bytes } = layoutOf(source);
  return openRegion({ path: source.path, location }, { from, to: bytes, end: bytes });
}

function layoutOf(source: LogSource): FileLayout {
  const layout = source.layout?.();
  if (layout === undefined) throw new Error(`${source.path}: not looked at yet`);
  return layout;
}
