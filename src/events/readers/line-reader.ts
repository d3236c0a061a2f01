import type { EventRecord } from '../mapping/function-mapping.ts';
import type { LogReader, SourceHead } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { readLines } from '../sources/lines.ts';

/** Says which events a line stands for: none where it says nothing. What it throws is the line's problem. */
export type LineParser = (line: string, number: number) => EventRecord | readonly EventRecord[] | undefined;

/** A log format of lines, as somebody who adds one describes it. */
export interface LineFormat {
  /** The word by which reports call it, in kebab-case. */
  readonly name: string;
  /** Whether a file that begins like this is in this format. */
  recognises(head: SourceHead): boolean;
  /** Begins a file: the parser may remember what it has seen of it, such as the names of columns. */
  begin(path: string): LineParser;
}

/** Declares a reader for a format of lines. Mappings are asked before it; blank lines are counted and not shown to it. */
export function defineReader({ name, recognises, begin }: LineFormat): LogReader {
  return {
    name,
    recognises,
    async *read(source, context) {
      const collector = new Collector(source, context);
      const parse = begin(source.path);
      for await (const { first, lines, unterminated, problem } of readLines(source)) {
        for (const [index, line] of lines.entries()) {
          const cut = unterminated && index === lines.length - 1;
          collector.map({ line }, first + index, () => readLine(line, first + index, cut, parse, collector));
          if (collector.full) yield collector.take();
        }
        if (problem) collector.problem(problem.line, problem.reason, problem.kind);
        yield collector.take();
      }
    },
  };
}

function readLine(line: string, number: number, cut: boolean, parse: LineParser, to: Collector): void {
  let records: readonly EventRecord[];
  try {
    records = line.trim() === '' ? [] : [parse(line, number) ?? []].flat();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (cut) to.problem(number, `the last line is cut off: ${message}`, 'torn');
    else to.problem(number, message);
    return;
  }
  if (records.length === 0) to.skip();
  for (const record of records) to.place(record, number);
}
