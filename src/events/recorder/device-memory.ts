import {
  appendFileSync,
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ReplayError } from '../../base/errors.ts';
import { count, isRecord, ordinal } from '../field.ts';

/** What a device must still know after it was killed: how often it started, and how many effects it has written. */
export interface DeviceMemory {
  readonly incarnation: number;
  /** The `originSeq` of its last `write`, 0 before the first. */
  readonly originSeq: number;
}

/** `bytes`: the log up to there is part of the memory; what follows has to be read. */
interface StoredMemory extends DeviceMemory {
  readonly bytes: number;
}

const nothing: StoredMemory = { incarnation: 0, originSeq: 0, bytes: 0 };

/**
 * Takes the device's next incarnation, or the one that the caller counted, and keeps it beside the log, on the disk, before the first line of it is written. If the last process was
 * killed in the middle of a line, the log gets a newline, so that the next line is whole. The log's lines past
 * what was kept are read at each start, or all of them where nothing usable was kept: a killed process had no time to write down what it knew.
 * Throws `ReplayError` where log or memory cannot be read or written.
 */
export function beginIncarnation(log: string, device: string, incarnation?: number): DeviceMemory {
  try {
    mkdirSync(dirname(log), { recursive: true });
    const known = readMemory(log, device);
    const begun = { ...known, incarnation: incarnation ?? known.incarnation + 1 };
    writeMemory(log, device, begun);
    return begun;
  } catch (error) {
    throw new ReplayError(
      `${log}: cannot record here: ${(error as Error).message}`,
      'the log and its .incarnation file need a folder that can be written',
      { cause: error },
    );
  }
}

/** Spares the next start from reading this incarnation's lines. What cannot be kept is no loss: then they are read. */
export function keepMemory(log: string, device: string): void {
  try {
    writeMemory(log, device, readMemory(log, device));
  } catch {}
}

/** One file per device: devices that share a log never write the same memory. */
export function memoryPath(log: string, device: string): string {
  return `${log}.${encodeURIComponent(device)}.incarnation`;
}

function readMemory(log: string, device: string): StoredMemory {
  const fd = openSync(log, 'a+');
  try {
    const { size } = fstatSync(fd);
    let { incarnation, originSeq, bytes } = readStored(memoryPath(log, device));
    if (bytes > size) bytes = 0;
    const name = JSON.stringify(device);
    for (const line of linesOf(fd, bytes, size)) {
      const record = line.includes(name) ? parse(line) : undefined;
      if (record?.device !== device) continue;
      incarnation = Math.max(incarnation, ordinal.parse(record.incarnation) ?? 0);
      if (record.type === 'write') originSeq = Math.max(originSeq, ordinal.parse(record.originSeq) ?? 0);
    }
    if (!endsWithNewline(fd, size)) appendFileSync(fd, '\n');
    return { incarnation, originSeq, bytes: fstatSync(fd).size };
  } finally {
    closeSync(fd);
  }
}

function readStored(path: string): StoredMemory {
  try {
    const stored = parse(readFileSync(path, 'utf8'));
    const incarnation = ordinal.parse(stored?.incarnation);
    const originSeq = count.parse(stored?.originSeq);
    const bytes = count.parse(stored?.bytes);
    if (incarnation === undefined || originSeq === undefined || bytes === undefined) return nothing;
    return { incarnation, originSeq, bytes };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return nothing;
    throw error;
  }
}

/** Old or new, never half: a file of its own is written through to the disk and takes the place of the last one. */
function writeMemory(log: string, device: string, memory: StoredMemory): void {
  const path = memoryPath(log, device);
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, `${JSON.stringify(memory)}\n`, { flush: true });
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(dirname(path));
}

/** Makes the renaming last through a power cut, where the system lets a folder be opened. */
function syncFolder(folder: string): void {
  let fd: number | undefined;
  try {
    fd = openSync(folder, 'r');
    fsyncSync(fd);
  } catch {
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

const chunkBytes = 256 * 1024;
const newline = 0x0a;

/** The lines between two bytes, a last one without newline too. Memory is bounded by the longest line. */
function* linesOf(fd: number, from: number, to: number): Generator<string> {
  const chunk = Buffer.allocUnsafe(chunkBytes);
  let pieces: Buffer[] = [];
  for (let position = from; position < to; ) {
    const read = readSync(fd, chunk, 0, Math.min(chunkBytes, to - position), position);
    if (read === 0) break;
    position += read;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0 && end < read; end = chunk.indexOf(newline, start)) {
      pieces.push(chunk.subarray(start, end));
      yield Buffer.concat(pieces).toString();
      pieces = [];
      start = end + 1;
    }
    pieces.push(Buffer.from(chunk.subarray(start, read)));
  }
  yield Buffer.concat(pieces).toString();
}

function endsWithNewline(fd: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return size === 0 || readSync(fd, last, 0, 1, size - 1) === 0 || last[0] === newline;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
