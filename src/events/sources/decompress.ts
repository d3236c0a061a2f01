import zlib from 'node:zlib';
import { ReplayError } from '../../base/errors.ts';
import { SourceDamage } from './damage.ts';

type Decoder = zlib.Gunzip;

/** How a file is compressed, as told by its first bytes, never by its name. */
export interface Compression {
  readonly name: 'gzip' | 'zstd';
  create(path: string): Decoder;
}

/** The most that is handed to a decoder at once; bounds what one step may inflate to. */
const pieceBytes = 16 * 1024;

const gzip: Compression = { name: 'gzip', create: () => zlib.createGunzip() };

const zstd: Compression = {
  name: 'zstd',
  create(path) {
    const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Decoder };
    if (createZstdDecompress) return createZstdDecompress();
    throw new ReplayError(
      `${path}: zstd needs Node 22.15 or newer, and this is Node ${process.versions.node}`,
      `decompress it first: zstd -d ${path}`,
    );
  },
};

/** The compression that these first bytes announce; `undefined` for plain bytes. */
export function detectCompression(bytes: Uint8Array): Compression | undefined {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gzip;
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return zstd;
  return undefined;
}

/**
 * The decompressed bytes, of all members or frames. A decoder that fails throws away what it had inflated in that step; so the
 * input is then read once more and fed to the failing step byte by byte: every good byte comes out before `SourceDamage` is thrown.
 */
export async function* decompress(
  path: string,
  compression: Compression,
  open: () => AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let emitted = 0;
  const first = new Inflation(compression.create(path));
  try {
    for await (const output of first.run(open(), Number.POSITIVE_INFINITY)) {
      emitted += output.length;
      yield output;
    }
    if (first.failure === undefined) return;
    const again = new Inflation(compression.create(path));
    let seen = 0;
    for await (const output of again.run(open(), first.consumed)) {
      const known = Math.max(0, Math.min(output.length, emitted - seen));
      seen += output.length;
      if (known < output.length) yield output.subarray(known);
    }
    throw new SourceDamage(describe(compression.name, first.failure));
  } finally {
    first.close();
  }
}

/** One pass through a decoder, a piece at a time, so that what comes out is bounded without the machinery of streams. */
class Inflation {
  failure: Error | undefined;
  /** Bytes of the input that were decoded without fault. */
  consumed = 0;
  readonly #decoder: Decoder;
  #output: Uint8Array[] = [];
  #ended = false;
  #wake = (): void => {};

  constructor(decoder: Decoder) {
    this.#decoder = decoder;
    decoder.on('data', (bytes: Uint8Array) => this.#output.push(bytes));
    decoder.on('error', (error) => {
      this.failure = error;
      this.#wake();
    });
    decoder.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  /** From input offset `slowFrom` on, every byte is a piece of its own. */
  async *run(chunks: AsyncIterable<Uint8Array>, slowFrom: number): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (let start = 0; start < chunk.length; ) {
        const size = this.consumed >= slowFrom ? 1 : Math.min(pieceBytes, slowFrom - this.consumed);
        const piece = chunk.subarray(start, start + size);
        await this.#step((done) => this.#decoder.write(piece, done));
        yield* this.#take();
        if (this.failure !== undefined || this.#ended) return;
        start += piece.length;
        this.consumed += piece.length;
      }
    }
    await this.#step(() => this.#decoder.end());
    yield* this.#take();
  }

  close(): void {
    this.#decoder.destroy();
  }

  #step(act: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      act(resolve);
    });
  }

  #take(): Uint8Array[] {
    const output = this.#output;
    this.#output = [];
    return output;
  }
}

function describe(name: string, { message }: Error): string {
  return message === 'unexpected end of file'
    ? `the ${name} data break off here; everything before is used`
    : `the ${name} data are corrupt from here on (${message}); everything before is used`;
}
