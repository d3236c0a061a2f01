import { isRecord } from '../field.ts';
import type { LogReader, LogSource } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { SourceDamage } from '../sources/damage.ts';
import { quote } from '../sources/head.ts';
import { readTokens } from '../sources/json-tokens.ts';
import { readLines } from '../sources/lines.ts';
import { parseJson } from '../sources/salvage.ts';
import { findSpans, SpanFinder } from './otlp/span-finder.ts';
import { Timeline } from './otlp/timeline.ts';

/** How many events are read before progress is told: a small file is one batch, whose first event names its device. */
const silent = 4096;

/**
 * OpenTelemetry traces as OTLP/JSON: one document, or a line per request as the collector's file exporter writes them. What spans become is in
 * `otlp/span.ts`, and in which order in `otlp/timeline.ts`. Mappings are not asked. Lines with metrics or logs, which a collector may write
 * into the same file, are skipped.
 */
export const otlp: LogReader = {
  name: 'otlp',
  needsWhole: true,
  recognises: ({ text }) => /^[ \t]*(?:\[\s*)?\{\s*"resourceSpans"\s*:/m.test(text),
  async *read(source, context) {
    const perLine = await isPerLine(source);
    const collector = new Collector(source, context, perLine ? 'line' : 'item', 'bundle');
    const timeline = new Timeline(collector);
    for await (const _ of perLine
      ? readRequests(source, collector, timeline)
      : readDocument(source, collector, timeline)) {
      if (timeline.size >= silent) yield collector.take();
    }
    for (const { record, at } of timeline.inOrder()) {
      collector.place(record, at);
      if (collector.full) yield collector.take();
    }
    yield collector.take();
  },
};

function readDocument(source: LogSource, collector: Collector, timeline: Timeline): AsyncGenerator<void> {
  return readTokens(source, new SpanFinder(timeline, (at, reason, kind) => collector.problem(at, reason, kind)));
}

async function* readRequests(source: LogSource, collector: Collector, timeline: Timeline): AsyncGenerator<void> {
  for await (const { first, lines, invalid, unterminated, problem } of readLines(source)) {
    for (const [index, line] of lines.entries()) {
      const number = first + index;
      const request = parseJson(line);
      if (isRecord(request)) {
        if (!findSpans(request, number, invalid?.has(index) === true, timeline)) collector.skip();
      } else if (line.trim() === '') collector.skip();
      else if (request === undefined && unterminated && index === lines.length - 1) {
        collector.problem(number, `the last line is cut off: ${quote(line)}`, 'torn');
      } else collector.problem(number, `expected one JSON object, got ${quote(line)}`);
    }
    if (problem) collector.problem(problem.line, problem.reason, problem.kind);
    yield;
  }
}

const [newline, opening, closing] = [0x0a, 0x7b, 0x7d];

/** Whether a file is one request per line: its first line closes what it opens, and the next one opens something again. A single line is a document. */
async function isPerLine(source: LogSource): Promise<boolean> {
  let last: number | undefined;
  let ended = false;
  try {
    for await (const chunk of source.chunks()) {
      for (let start = 0; start < chunk.length; ) {
        if (ended) {
          const next = chunk.subarray(start).find(isInk);
          if (next !== undefined) return next === opening;
          break;
        }
        const end = chunk.indexOf(newline, start);
        const line = chunk.subarray(start, end < 0 ? chunk.length : end);
        last = line.findLast(isInk) ?? last;
        ended = end >= 0 && last !== undefined;
        if (ended && last !== closing) return false;
        start = end < 0 ? chunk.length : end + 1;
      }
    }
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
  }
  return false;
}

/** Whether a byte is neither a blank nor part of a byte order mark. */
function isInk(byte: number): boolean {
  return byte > 0x20 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf;
}
