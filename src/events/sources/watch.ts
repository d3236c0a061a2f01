import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReplayError } from '../../base/errors.ts';
import { detectCompression } from './decompress.ts';
import { findLogFiles, type LogFile } from './files.ts';
import { beginsWith, Tail, wholeOf } from './tail.ts';

/** How long it takes from one look at the files to the next: a finding is due within a second of its line. */
const betweenLooksMs = 200;
/** For how many looks a file must be left alone until it is taken as it is, although its beginning is not whole yet. */
const looksUntilTaken = 3;
/** For how many looks a file that is gone from the run is still read, by whoever has it open. */
const looksAtGone = 25;
/** How much of a file's beginning must be there until it is looked at. */
const beginningBytes = 64 * 1024;

/** A log of a run that is being written, as it was seen last. */
export interface WatchedLog extends LogFile {
  readonly tail: Tail;
  /** A compressed log cannot be read while it grows. */
  readonly compressed: boolean;
  /** Another text where the file may have changed. */
  readonly version: string;
}

/** A file as a listing shows it. `key` is the file itself, whatever it is called. */
interface Listed extends LogFile {
  readonly key: string;
  readonly version: string;
}

interface Entry extends Listed {
  readonly tail: Tail;
  readonly compressed: boolean;
  /** Its first bytes when it was met. */
  readonly head: Uint8Array;
  /** For how many looks it has not been where the run lies. */
  readonly gone: number;
}

/**
 * The logs at a path, looked at again and again, because to be told of changes is not to be relied on: disks of other machines tell nothing.
 * A file is known by itself and not by its name, so that one which is renamed goes on. Where one is cut short after it was copied, what the copy has more
 * is read from there; a copy beside a file that goes on is set aside.
 */
export class Watch {
  readonly #path: string;
  #entries: Entry[] = [];
  /** Copies, by file: as what they were seen to be copies. */
  readonly #aside = new Map<string, string>();
  /** Files that are not known yet, or cannot be followed: for how many looks they have been left alone. */
  readonly #strangers = new Map<string, { version: string; looks: number }>();
  #looked = false;
  #hasLost = false;

  constructor(path: string) {
    this.#path = path;
  }

  /** The logs that there are, those that are gone included as long as they are read. */
  get logs(): readonly WatchedLog[] {
    return this.#entries;
  }

  /** Whether something that was read is where the run lies no more, so that it could not be read again. */
  get hasLost(): boolean {
    return this.#hasLost || this.#entries.some(({ gone }) => gone > 0);
  }

  /** Looks at the files. What they have more can then be read. */
  async look(): Promise<void> {
    const listed = await this.#list();
    const cut = await this.#update(listed);
    if (cut.length > 0) await this.#replace(cut);
    const known = new Set(this.#entries.map(({ key }) => key));
    const unknown = listed.filter(
      ({ key, bytes, version }) => !known.has(key) && bytes > 0 && this.#aside.get(key) !== version,
    );
    // The longest first: of a log and an older copy of it, the copy is set aside.
    for (const file of unknown.toSorted((left, right) => right.bytes - left.bytes)) await this.#meet(file);
    this.#looked = true;
  }

  /** Forgets what was read: the next look begins with what lies there. */
  async rewind(): Promise<void> {
    this.#hasLost = this.hasLost;
    await this.close();
    this.#aside.clear();
  }

  async close(): Promise<void> {
    const entries = this.#entries;
    this.#entries = [];
    for (const { tail } of entries) {
      tail.stop();
      await tail.handle.close();
    }
  }

  /** Milliseconds on a monotonic clock. */
  now(): number {
    return performance.now();
  }

  /** Waits until it is time for the next look, or until somebody says that there will be none. */
  async pause(stop: AbortSignal): Promise<void> {
    await sleep(betweenLooksMs, undefined, { signal: stop }).catch(() => {});
  }

  async #list(): Promise<Listed[]> {
    const files = await findLogFiles(this.#path).catch((error) => {
      // While a file is rotated there is nothing at its path for a moment.
      if (this.#looked && error instanceof ReplayError) return [];
      throw error;
    });
    const listed = await Promise.all(
      files.map(async (file) => {
        const found = await stat(file.location, { bigint: true }).catch(() => undefined);
        return found ? { ...file, ...identify(found) } : undefined;
      }),
    );
    return listed.filter((file) => file !== undefined);
  }

  /** Lets every known file be read as far as it goes now. Returns those that were cut short, or written anew. */
  async #update(listed: readonly Listed[]): Promise<Entry[]> {
    const byKey = new Map(listed.map((file) => [file.key, file]));
    const cut: Entry[] = [];
    const kept: Entry[] = [];
    for (const entry of this.#entries) {
      const { tail } = entry;
      const found = byKey.get(entry.key);
      const now = found ?? { ...entry, ...identify(await tail.handle.stat({ bigint: true })) };
      const next: Entry = { ...entry, ...now, gone: found || now.version !== entry.version ? 0 : entry.gone + 1 };
      if (next.gone > looksAtGone) {
        this.#hasLost = true;
        tail.stop();
        await tail.handle.close();
        continue;
      }
      kept.push(next);
      const read = tail.read;
      const grew = now.version !== entry.version || now.bytes !== read.bytes;
      if (now.bytes < read.bytes || (grew && !(await beginsWith(tail.handle, read)))) cut.push(next);
      else tail.grownTo(now.bytes);
    }
    this.#entries = kept;
    return cut;
  }

  /** Reads files that were cut short from their beginning, after what copies of them have more than was read. */
  async #replace(cut: readonly Entry[]): Promise<void> {
    // A copy was made before the file was cut: a listing made only now has it.
    const listed = await this.#list();
    for (const entry of cut) {
      const { tail } = entry;
      const fresh: Entry = { ...entry, tail: new Tail(entry.path, tail.handle) };
      const rest = await this.#restOf(tail, listed);
      const continued = rest && { ...entry, ...rest.file, gone: 0 };
      this.#entries.splice(this.#entries.indexOf(entry), 1, ...(continued ? [continued, fresh] : [fresh]));
      if (rest) {
        tail.moveTo(rest.handle);
        tail.grownTo(rest.file.bytes);
      } else {
        this.#hasLost = true;
        tail.stop();
      }
      fresh.tail.grownTo(fresh.bytes);
    }
  }

  /** A file that goes on where this one was read to. */
  async #restOf(tail: Tail, listed: readonly Listed[]): Promise<{ file: Listed; handle: FileHandle } | undefined> {
    const known = new Set(this.#entries.map(({ key }) => key));
    for (const file of listed) {
      if (known.has(file.key) || file.bytes < tail.read.bytes) continue;
      const handle = await openFile(file);
      if (!handle) continue;
      if (await beginsWith(handle, tail.read)) return { file, handle };
      await handle.close();
    }
    return undefined;
  }

  /** A file that was not known: what another was renamed to by copying, a copy, or a log. */
  async #meet(file: Listed): Promise<void> {
    const handle = await openFile(file);
    if (!handle) return;
    const content = await wholeOf(handle);
    for (const [index, entry] of this.#entries.entries()) {
      if (!haveOneBeginning(content.head, entry.head)) continue;
      if (
        entry.gone > 0 &&
        entry.tail.read.bytes > 0 &&
        file.bytes >= entry.tail.read.bytes &&
        (await beginsWith(handle, entry.tail.read))
      ) {
        await entry.tail.handle.close();
        entry.tail.moveTo(handle);
        entry.tail.grownTo(file.bytes);
        this.#entries[index] = { ...entry, ...file, gone: 0 };
        return;
      }
      if (entry.gone === 0 && entry.bytes >= content.bytes && (await beginsWith(entry.tail.handle, content))) {
        this.#aside.set(file.key, file.version);
        await handle.close();
        return;
      }
    }
    const { head } = content;
    const compressed = detectCompression(head.subarray(0, 4)) !== undefined;
    if (!(await this.#isReady(file, handle, compressed))) {
      await handle.close();
      return;
    }
    const tail = new Tail(file.path, handle);
    tail.grownTo(file.bytes);
    this.#entries.push({ ...file, tail, compressed, head, gone: 0 });
  }

  /** Whether enough of a file is there to tell what it is: its first line, and of a compressed one all. */
  async #isReady({ key, version }: Listed, handle: FileHandle, compressed: boolean): Promise<boolean> {
    const before = this.#strangers.get(key);
    const looks = before?.version === version ? before.looks + 1 : 0;
    this.#strangers.set(key, { version, looks: this.#looked ? looks : looksUntilTaken });
    if (!this.#looked || looks >= looksUntilTaken) return true;
    if (compressed) return false;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0);
    return bytesRead === beginningBytes || buffer.subarray(0, bytesRead).includes(0x0a);
  }
}

/** Begins to watch a path. Throws a `ReplayError` where there is nothing, or what can be read only once. */
export async function openWatch(path: string): Promise<Watch> {
  const found = path === '-' ? undefined : await stat(path).catch(() => undefined);
  if (path === '-' || (found && !found.isFile() && !found.isDirectory())) {
    const what = path === '-' ? 'standard input' : 'what is no file and no folder';
    throw new ReplayError(`${path}: ${what} cannot be followed`, 'follow the file or the folder that is written to');
  }
  return new Watch(path);
}

async function openFile({ location, key }: Listed): Promise<FileHandle | undefined> {
  const handle = await open(location).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new ReplayError(`${location}: cannot be read (${error.code})`, 'make it readable, or move it away', {
      cause: error,
    });
  });
  // The name may stand for another file by now: the next look will see.
  if (!handle || identify(await handle.stat({ bigint: true })).key === key) return handle;
  await handle.close();
  return undefined;
}

function identify({ dev, ino, size, mtimeNs }: { dev: bigint; ino: bigint; size: bigint; mtimeNs: bigint }) {
  return { key: `${dev}:${ino}`, bytes: Number(size), version: `${size}:${mtimeNs}` };
}

function haveOneBeginning(left: Uint8Array, right: Uint8Array): boolean {
  const length = Math.min(left.length, right.length);
  return Buffer.from(left.subarray(0, length)).equals(right.subarray(0, length));
}
