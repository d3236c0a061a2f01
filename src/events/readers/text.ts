import type { LogReader } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { readLines } from '../sources/lines.ts';

/** Any other text, line by line, by the rules of a mapping alone. It claims no file by itself: it is taken where a mapping applies to one. */
export const text: LogReader = {
  name: 'text',
  recognises: () => false,
  async *read(source, context) {
    const collector = new Collector(source, context);
    for await (const { first, lines, problem } of readLines(source)) {
      for (const [index, line] of lines.entries()) {
        collector.map({ line }, first + index, () => collector.skip());
        if (collector.full) yield collector.take();
      }
      if (problem) collector.problem(problem.line, problem.reason, problem.kind);
      yield collector.take();
    }
  },
};
