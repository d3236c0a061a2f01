import { isUtf8 } from 'node:buffer';
import type { LogSource } from '../reader.ts';
import { SourceDamage } from './damage.ts';

/** The longest line that is read, in bytes: half of what a string of V8 holds. A longer one is a problem, and is stepped over. */
const longestLineBytes = 256 * 1024 * 1024;

/** Consecutive lines of a file, without their line ends. */
export interface LineBatch {
  /** The number of the first line, from 1. */
  readonly first: number;
  readonly lines: readonly string[];
  /** Which of the lines are not UTF-8; their bad bytes were replaced by U+FFFD. */
  readonly invalid: ReadonlySet<number> | undefined;
  /** Whether the last line has no line end: the file stops there. */
  readonly unterminated: boolean;
  /** A line that could not be handed over, behind these: too long, or lost with the rest of the file. */
  readonly problem:
    | { readonly line: number; readonly reason: string; readonly kind: 'unreadable' | 'torn' }
    | undefined;
}

const newline = 0x0a;

/** Whole lines as bytes, or what kept a line from being handed over. */
export type Piece =
  | {
      /** Good until the next piece is asked for. */
      readonly bytes: Uint8Array;
      /** Whether the last line has its line end; where it has not, there is only this line. */
      readonly ends: boolean;
      /** Where in the source they begin, in bytes. */
      readonly at: number;
    }
  | { readonly reason: string; readonly kind: 'unreadable' | 'torn' };

/** A source's lines, a chunk's worth at a time. Takes LF and CRLF, drops a byte order mark, and costs linear time whatever the length of a line. */
export async function* readLines(source: LogSource, limit = longestLineBytes): AsyncGenerator<LineBatch> {
  let first = 1;
  for await (const piece of readPieces(source, limit)) {
    if ('bytes' in piece) {
      const batch = toLines(piece.bytes, piece.ends, first);
      first += batch.lines.length;
      yield batch;
    } else {
      yield { first, lines: [], invalid: undefined, unterminated: false, problem: { line: first, ...piece } };
      first += 1;
    }
  }
}

/** Cuts chunks at line ends without copying them: only a line that spans chunks is put together, once. */
export async function* readPieces(source: LogSource, limit = longestLineBytes): AsyncGenerator<Piece> {
  let carried: Uint8Array[] = [];
  let carriedBytes = 0;
  let position = 0;
  let damage: string | undefined;
  const take = (ends: boolean): Piece => {
    const reason = `the line has ${carriedBytes} bytes; the longest that is read has ${limit}`;
    const piece: Piece =
      carriedBytes > limit
        ? { reason, kind: 'unreadable' }
        : { bytes: Buffer.concat(carried), ends, at: position - carriedBytes };
    carried = [];
    carriedBytes = 0;
    return piece;
  };
  const carry = (lent: Uint8Array) => {
    carriedBytes += lent.length;
    position += lent.length;
    if (carriedBytes > limit) carried = [];
    else carried.push(new Uint8Array(lent));
  };
  try {
    const lent = source.chunks({ lent: true });
    const onMark = (bytes: number) => {
      position = bytes;
    };
    for await (const chunk of source.continues ? lent : withoutByteOrderMark(lent, onMark)) {
      let start = 0;
      if (carriedBytes > 0) {
        start = chunk.indexOf(newline) + 1;
        carry(start === 0 ? chunk : chunk.subarray(0, start));
        if (start === 0) continue;
        yield take(true);
      }
      const end = chunk.lastIndexOf(newline) + 1;
      if (end > start) {
        yield { bytes: chunk.subarray(start, end), ends: true, at: position };
        position += end - start;
      }
      if (Math.max(start, end) < chunk.length) carry(chunk.subarray(Math.max(start, end)));
    }
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
    damage = error.message;
  }
  if (carriedBytes > 0) yield take(false);
  if (damage !== undefined) yield { reason: damage, kind: 'torn' };
}

async function* withoutByteOrderMark(
  chunks: AsyncIterable<Uint8Array>,
  onMark: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let first: Uint8Array | undefined;
  let begun = false;
  for await (const next of chunks) {
    if (begun) {
      yield next;
      continue;
    }
    const chunk: Uint8Array = first ? Buffer.concat([first, next]) : next;
    if (chunk.length < 3) {
      first = new Uint8Array(chunk);
      continue;
    }
    begun = true;
    const marked = chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf;
    if (marked) onMark(3);
    yield marked ? chunk.subarray(3) : chunk;
  }
  if (!begun && first) yield first;
}

/** The bytes of a piece as lines; `first` is the number of the first. */
export function toLines(bytes: Uint8Array, ends: boolean, first: number): LineBatch {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, ends ? bytes.length - 1 : bytes.length);
  const lines = buffer.toString('utf8').split('\n');
  const invalid = isUtf8(buffer) ? undefined : invalidLines(buffer);
  if (buffer.includes('\r')) {
    for (const [index, line] of lines.entries()) if (line.endsWith('\r')) lines[index] = line.slice(0, -1);
  }
  return { first, lines, invalid, unterminated: !ends, problem: undefined };
}

function invalidLines(buffer: Buffer): Set<number> {
  const invalid = new Set<number>();
  for (let index = 0, start = 0; start <= buffer.length; index += 1) {
    const end = buffer.indexOf(newline, start);
    const stop = end < 0 ? buffer.length : end;
    if (!isUtf8(buffer.subarray(start, stop))) invalid.add(index);
    start = stop + 1;
  }
  return invalid;
}
