import type { FileHandle } from 'node:fs/promises';
import type { LogSource } from '../reader.ts';

/** How much is read from the disk at once. */
const chunkBytes = 512 * 1024;
/** How many of the bytes read last are remembered, so that a file that was written anew is told from one that grew. */
const rememberedBytes = 256;

/** What was read of a file, as far as it takes to know the same bytes again elsewhere. */
export interface ReadPart {
  readonly bytes: number;
  /** The first bytes of it, and the last. */
  readonly head: Uint8Array;
  readonly end: Uint8Array;
}

/**
 * A file that is being written, as a source without an end: whoever reads it waits where the file ends, and goes on when `grownTo` says that it
 * grew. It is read by its open handle, so that a file which is renamed or deleted is still read.
 */
export class Tail implements LogSource {
  readonly path: string;
  #handle: FileHandle;
  #size = 0;
  #offset = 0;
  #head = Buffer.alloc(0);
  #end = Buffer.alloc(0);
  #ended = false;
  /** Wakes the reader that waits for bytes. */
  #resume: (() => void) | undefined;
  /** Tells whoever waits for the reader that it waits. */
  #onDry: (() => void) | undefined;

  constructor(path: string, handle: FileHandle) {
    this.path = path;
    this.#handle = handle;
  }

  /** Bytes handed to the reader so far. */
  bytesRead(): number {
    return this.#offset;
  }

  /** What was read so far. */
  get read(): ReadPart {
    return { bytes: this.#offset, head: this.#head, end: this.#end };
  }

  get handle(): FileHandle {
    return this.#handle;
  }

  /** The file may be read up to there. */
  grownTo(size: number): void {
    this.#size = size;
    if (this.#hasMore) this.#wake();
  }

  /** The bytes after those that were read stand in another file, which takes the place of this one. */
  moveTo(handle: FileHandle): void {
    this.#handle = handle;
  }

  /** Nothing more will be asked of it: a reader that waits comes to its end. The handle is left to its owner. */
  stop(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Done when the reader has taken all there is and waits for more. */
  dry(): Promise<undefined> {
    if (this.#resume && !this.#hasMore) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#onDry = () => resolve(undefined);
    });
  }

  /** The bytes as they come; to be called once. A chunk may end in the middle of a line, as it does in the file. */
  async *chunks(): AsyncGenerator<Uint8Array> {
    while (!this.#ended) {
      const chunk = this.#hasMore ? await this.#take() : undefined;
      if (chunk) yield chunk;
      else await this.#more();
    }
  }

  get #hasMore(): boolean {
    return this.#offset < this.#size;
  }

  async #take(): Promise<Uint8Array | undefined> {
    const wanted = Math.min(chunkBytes, this.#size - this.#offset);
    const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafeSlow(wanted), 0, wanted, this.#offset);
    const chunk = buffer.subarray(0, bytesRead);
    // Shorter than it was a moment ago: the next look at the file says why.
    if (bytesRead < wanted) this.#size = this.#offset + bytesRead;
    if (bytesRead === 0) return undefined;
    this.#offset += bytesRead;
    if (this.#head.length < rememberedBytes) {
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, rememberedBytes - this.#head.length)]);
    }
    this.#end = Buffer.concat([this.#end, chunk.subarray(-rememberedBytes)]).subarray(-rememberedBytes);
    return chunk;
  }

  async #more(): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    this.#onDry?.();
    this.#onDry = undefined;
    if (this.#ended) return;
    await woken;
  }

  #wake(): void {
    this.#resume?.();
    this.#resume = undefined;
  }
}

/** Whether a file begins with what was read, by its first bytes and by the last of them: a copy, or the file itself, not written anew. */
export async function beginsWith(handle: FileHandle, { bytes, head, end }: ReadPart): Promise<boolean> {
  const [first, last] = [Buffer.alloc(head.length), Buffer.alloc(end.length)];
  await handle.read(first, 0, first.length, 0);
  await handle.read(last, 0, last.length, bytes - last.length);
  return first.equals(head) && last.equals(end);
}

/** What a file holds now, as if it had been read. */
export async function wholeOf(handle: FileHandle): Promise<ReadPart> {
  const { size } = await handle.stat();
  const length = Math.min(size, rememberedBytes);
  const [head, end] = [Buffer.alloc(length), Buffer.alloc(length)];
  await handle.read(head, 0, length, 0);
  await handle.read(end, 0, length, size - length);
  return { bytes: size, head, end };
}
