import { isUtf8 } from 'node:buffer';
import { ColumnWriter } from '../columns/column-writer.ts';
import type { LoggedEvent } from '../event.ts';
import { isRecord } from '../field.ts';
import type { LogReader, LogSource, Place } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { hasJsonLine, quote } from '../sources/head.ts';
import { slowLaneOnly, withoutKernel } from '../sources/lanes.ts';
import { type LineBatch, readPieces, toLines } from '../sources/lines.ts';
import { deviceIn, parseJson, salvage } from '../sources/salvage.ts';
import { byte } from './pino/bytes.ts';
import { ColumnScanner } from './pino/column-scanner.ts';
import { kernelOfThread } from './pino/kernel/kernel.ts';
import { LineScanner } from './pino/line-scanner.ts';

/**
 * NDJSON: a pino log of ours, somebody else's, or any other file with one JSON object per line. A line with `v` is an
 * event of the contract; without it, a mapping may make events of it, and otherwise it is a debug line that is counted.
 *
 * A line that is plainly one of ours takes the fast lane, from bytes to the event; every other goes through JSON.parse.
 */
export const pino: LogReader = {
  name: 'pino',
  recognises: hasJsonLine,
  read(source, context) {
    const collector = new Collector(source, context);
    const scanner = slowLaneOnly() ? undefined : new LineScanner(collector.file, collector.stated);
    return readLog(source, collector, scanner && eventLane(scanner, collector), () => collector.take());
  },
  columns(path, context, plan) {
    const writer = new ColumnWriter(plan, { path, unit: 'line' });
    const to = { event: (event: LoggedEvent) => writer.event(event) };
    let scanner: ColumnScanner | undefined;
    return {
      writer,
      read(source) {
        const collector = new Collector(source, context, 'line', 'device', to);
        if (!slowLaneOnly()) {
          const kernel = withoutKernel() ? undefined : kernelOfThread();
          scanner ??= new ColumnScanner(collector.file, collector.stated, writer, kernel);
        }
        return readLog(source, collector, scanner, (lines, begins) => writer.take(collector.take(), lines, begins));
      },
    };
  },
};

/** The fast lane of a file: takes lines, or refuses one. */
interface Lane {
  begin(bytes: Buffer): void;
  /** How many lines were taken, from the one that begins here on; the next one begins at `next`. */
  read(start: number, line: number): number;
  readonly next: number;
}

function eventLane(scanner: LineScanner, to: Collector): Lane {
  return {
    begin: (bytes) => scanner.begin(bytes),
    read(start, line) {
      const event = scanner.read(start, line);
      if (event) to.event(event);
      return Number(event !== undefined);
    },
    get next() {
      return scanner.next;
    },
  };
}

async function* readLog<Batch>(
  source: LogSource,
  collector: Collector,
  lane: Lane | undefined,
  take: (lines: number, begins: Place) => Batch,
): AsyncGenerator<Batch> {
  let number = 1;
  let begins: Place = { bytes: 0, lines: 0 };
  const takeHere = (lines: number) => take(lines, begins);
  for await (const piece of readPieces(source)) {
    if (!('bytes' in piece)) {
      collector.problem(number, piece.reason, piece.kind);
      number += 1;
    } else {
      const from = source.begins?.();
      if (from !== undefined) begins = { bytes: from + piece.at, lines: number - 1 };
      number =
        lane && piece.ends && isUtf8(piece.bytes)
          ? yield* readBytes(piece.bytes, number, lane, collector, takeHere)
          : yield* readTexts(toLines(piece.bytes, piece.ends, number), collector, takeHere);
    }
    yield takeHere(number - 1);
  }
  // A part of a file in which no line begins has bytes all the same.
  if (number === 1) yield takeHere(0);
}

/** Reads whole lines that are UTF-8, from bytes where it can be done. Returns the number of the line after them. */
function* readBytes<Batch>(
  { buffer, byteOffset, length }: Uint8Array,
  first: number,
  lane: Lane,
  to: Collector,
  take: (lines: number) => Batch,
): Generator<Batch, number> {
  const bytes = Buffer.from(buffer, byteOffset, length);
  lane.begin(bytes);
  let number = first;
  for (let start = 0; start < length; ) {
    const taken = lane.read(start, number);
    if (taken > 0) {
      start = lane.next;
      number += taken;
    } else {
      const end = bytes.indexOf(byte.newline, start);
      const text = bytes.toString('utf8', start, bytes[end - 1] === byte.carriageReturn && end > start ? end - 1 : end);
      readLine(text, number, false, false, to);
      start = end + 1;
      number += 1;
    }
    if (to.full) yield take(number - 1);
  }
  return number;
}

function* readTexts<Batch>(
  { first, lines, invalid, unterminated }: LineBatch,
  to: Collector,
  take: (lines: number) => Batch,
): Generator<Batch, number> {
  for (const [index, line] of lines.entries()) {
    const torn = unterminated && index === lines.length - 1;
    readLine(line, first + index, invalid?.has(index) === true, torn, to);
    if (to.full) yield take(first + index);
  }
  return first + lines.length;
}

function readLine(line: string, number: number, invalid: boolean, unterminated: boolean, to: Collector): void {
  const value = parseJson(line);
  if (isRecord(value)) readRecord(value, line, number, invalid, to);
  else if (line.trim() === '') to.skip();
  else if (value !== undefined) to.problem(number, `expected one JSON object, got ${quote(line)}`);
  else readBroken(line, number, invalid, unterminated, to);
}

/** A record as a JSON object; `text` is what it was parsed from. */
function readRecord(
  record: Record<string, unknown>,
  text: string,
  line: number,
  invalid: boolean,
  to: Collector,
): void {
  if (record.v !== undefined) to.record(withoutRoundedAmounts(record, text), line, invalid);
  else to.map({ line: text, record }, line, () => to.skip());
}

function readBroken(line: string, number: number, invalid: boolean, unterminated: boolean, to: Collector): void {
  for (const part of salvage(line)) {
    if (part.record) readRecord(part.record, part.text, number, invalid, to);
    else if (!part.last) to.problem(number, `cut off where another record begins: ${quote(part.text)}`);
    else if (unterminated) {
      to.problem(number, `the last line is cut off: ${quote(part.text)}`, 'torn', deviceIn(part.text));
    } else to.problem(number, `expected one JSON object, got ${quote(part.text)}`);
  }
}

const fractionalAmount = /"(?:delta|amount)"\s*:\s*-?\d+[.eE]/;

/**
 * `1.00000000000000000001` is a safe integer once JSON.parse is done with it. Where an amount is a number with a fraction
 * in the text, it is taken away, so that the decoder says what is wrong with it.
 */
function withoutRoundedAmounts(record: Record<string, unknown>, text: string): Record<string, unknown> {
  const field = typeof record.delta === 'number' ? 'delta' : typeof record.amount === 'number' ? 'amount' : undefined;
  return field !== undefined && fractionalAmount.test(text) ? { ...record, [field]: Number.NaN } : record;
}
