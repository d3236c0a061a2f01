import type { LogReader } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { countJsonLines, headLines, quote } from '../sources/head.ts';
import { readLines } from '../sources/lines.ts';
import { interpret, type WindowStart } from './sphere/reading.ts';
import { isHead, type Message, RecordAssembler, type SphereRecord, splitMessage } from './sphere/record.ts';

/**
 * The text log of the Sphere SDK, in all its shapes. Every record is an event: those that say more are named in `sphere/reading.ts`, the rest are
 * `log`. Lines between records, printed by something else, are skipped unless a mapping names them.
 */
export const sphere: LogReader = {
  name: 'sphere',
  recognises(head) {
    const heads = headLines(head).filter(isHead).length;
    return heads > 0 && heads > countJsonLines(head);
  },
  async *read(source, context) {
    const collector = new Collector(source, context);
    const assembler = new RecordAssembler();
    const window: WindowStart = { time: null };
    for await (const { first, lines, invalid, unterminated, problem } of readLines(source)) {
      for (const [index, line] of lines.entries()) {
        const last = unterminated && index === lines.length - 1;
        const record = assembler.push(line, first + index, invalid?.has(index) === true, last);
        if (record) readRecord(record, false, window, collector);
        if (collector.full) yield collector.take();
      }
      if (problem) collector.problem(problem.line, problem.reason, problem.kind);
      yield collector.take();
    }
    const record = assembler.end();
    if (record) readRecord(record, true, window, collector);
    yield collector.take();
  },
};

function readRecord(record: SphereRecord, last: boolean, window: WindowStart, collector: Collector): void {
  const { line, time, level, namespace, content } = record;
  const text = content.join('\n');
  const message = splitMessage(text);
  if (namespace === null) readStray(record, text, collector);
  else if (last && isTorn(record, message)) {
    collector.problem(line, `the last record is cut off: ${quote(text)}`, 'torn');
  } else {
    window.time ??= time;
    collector.identity = /^Identity set: (\S+)/.exec(text)?.[1] ?? collector.identity;
    const whole = [record.head, ...content.slice(1)].join('\n');
    const subject = { line: whole, record: { time, level, namespace, ...message } };
    collector.map(subject, line, () => readMessage(message, record, window, collector));
  }
}

function readMessage(message: Message, record: SphereRecord, window: WindowStart, collector: Collector): void {
  const { records, problems = [] } = interpret(message, record, window);
  if (record.invalid && records.some(({ type }) => type !== 'log')) {
    collector.problem(record.line, 'the line is not valid UTF-8');
    return;
  }
  for (const found of records) collector.place(found, record.line);
  for (const reason of problems) collector.problem(record.line, reason);
}

/** A line that is no record: somebody else's output, or the last one, cut off in its head. */
function readStray({ line, lineCount, unterminated }: SphereRecord, text: string, collector: Collector): void {
  if (unterminated && text.startsWith('[')) collector.problem(line, `the last line is cut off: ${quote(text)}`, 'torn');
  else collector.map({ line: text }, line, () => collector.skip(lineCount));
}

/** A text line has no sure sign of its end: it is torn where its block, or the JSON behind its message, is left open. */
function isTorn({ open, unterminated, content }: SphereRecord, { fields }: Message): boolean {
  if (open) return unterminated || content.length > 1;
  return unterminated && fields === undefined && / \{"/.test(content[0] ?? '');
}
