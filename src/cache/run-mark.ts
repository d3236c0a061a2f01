import { filesByTape } from '../replay/history.ts';
import { isReadInParts, type Run } from '../replay/run.ts';
import type { FileDigest } from './file-digest.ts';
import { deserialize, serialize } from './serialized.ts';

/** What a run's files were at a mark, in the order of the run. */
type FilesThen = readonly Pick<FileDigest, 'whole' | 'bytes'>[];

/** What the reading of a run had come to at its end, and which bytes that was the end of. */
export interface RunMark {
  readonly files: FilesThen;
  /** What it had come to; `undefined` where that cannot be read. To be asked once. */
  state(): unknown;
}

/** Whether a run can be gone on from once it has grown: its files are plain, and each line is read by itself. */
export function mayGrow(run: Run): boolean {
  return run.files.every((file) => isReadInParts(run, file) && file.source.layout?.()?.compressed === false);
}

/**
 * Whether a run is what it was at a mark, or its files have grown. One that others of its device follow may not have: what is new in it
 * stands before what was read of those.
 */
export async function isGrown(run: Run, { files }: RunMark, digests: readonly FileDigest[]): Promise<boolean> {
  for (const [index, digest] of digests.entries()) {
    const then = files[index];
    if (then === undefined || (await digest.beginning(then.bytes)) !== then.whole) return false;
  }
  const followed = new Set(filesByTape(run).flatMap((tape) => tape.slice(0, -1)));
  const isLonger = (index: number) => digests[index]?.bytes !== files[index]?.bytes;
  return !run.files.some((file, index) => followed.has(file) && isLonger(index));
}

/** A mark as bytes, in pieces. The state is plain data, or what becomes that when it is cloned; its arrays are among the pieces. */
export function writeMark(files: FilesThen, state: unknown): readonly Uint8Array[] {
  return serialize([files.map(({ whole, bytes }) => ({ whole, bytes })), state]);
}

/** The mark that was written so; `undefined` where these bytes are none. The state, which may be large, is read when it is asked for. */
export function readMark(written: Uint8Array | undefined): RunMark | undefined {
  if (written === undefined) return undefined;
  const values = deserialize(written);
  const read = () => {
    try {
      return values.next().value;
    } catch {
      return undefined;
    }
  };
  const files = read() as FilesThen | undefined;
  return files && { files, state: read };
}
