import { isRecord } from '../field.ts';
import type { LogReader } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { countJsonLines, quote } from '../sources/head.ts';
import { type LineBatch, readLines } from '../sources/lines.ts';
import { deviceIn, parseJson, salvage } from '../sources/salvage.ts';

/**
 * NDJSON: a pino log of ours, somebody else's, or any other file with one JSON object per line. A line with `v` is an
 * event of the contract; without it, a mapping may make events of it, and otherwise it is a debug line that is counted.
 */
export const pino: LogReader = {
  name: 'pino',
  recognises: (head) => countJsonLines(head) > 0,
  async *read(source, context) {
    const collector = new Collector(source, context);
    for await (const batch of readLines(source)) {
      for (const [index, line] of batch.lines.entries()) {
        readLine(line, batch, index, collector);
        if (collector.full) yield collector.take();
      }
      if (batch.problem) collector.problem(batch.problem.line, batch.problem.reason, batch.problem.kind);
      yield collector.take();
    }
  },
};

function readLine(line: string, batch: LineBatch, index: number, collector: Collector): void {
  const number = batch.first + index;
  const invalid = batch.invalid?.has(index) === true;
  const value = parseJson(line);
  if (isRecord(value)) readRecord(value, line, number, invalid, collector);
  else if (line.trim() === '') collector.skip();
  else if (value !== undefined) collector.problem(number, `expected one JSON object, got ${quote(line)}`);
  else readBroken(line, number, invalid, batch.unterminated && index === batch.lines.length - 1, collector);
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
