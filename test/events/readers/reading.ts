import type { LoggedEvent, Problem } from '../../../src/events/event.ts';
import { formatLocation } from '../../../src/events/event.ts';
import type { EventBatch, LogSource, ReadContext } from '../../../src/events/reader.ts';
import { readFile, recogniseFormat } from '../../../src/events/readers/index.ts';

/** A log in memory, handed over in chunks of the given size. */
export function sourceOf(content: string | Uint8Array, path = 'peer1.log', chunkBytes = 1 << 16): LogSource {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  let read = 0;
  return {
    path,
    bytesRead: () => read,
    async *chunks() {
      for (read = 0; read < bytes.length; ) {
        const chunk = bytes.subarray(read, read + chunkBytes);
        read += chunk.length;
        yield chunk;
      }
    },
  };
}

/** Everything that the batches of a file hold, one behind the other. */
export interface Reading {
  readonly format: string;
  readonly events: readonly LoggedEvent[];
  readonly problems: readonly Problem[];
  /** `file:line: reason` of each problem. */
  readonly sentences: readonly string[];
  readonly skipped: number;
  readonly bytes: number;
}

export async function readLog(source: LogSource, context: Partial<ReadContext> = {}): Promise<Reading> {
  const whole: ReadContext = { defaults: {}, ...context };
  const batches: EventBatch[] = [];
  for await (const batch of readFile(source, whole)) batches.push(batch);
  const problems = batches.flatMap((batch) => batch.problems);
  return {
    format: (await recogniseFormat(source, whole)).name,
    events: batches.flatMap((batch) => batch.events),
    problems,
    sentences: problems.map((problem) => `${formatLocation(problem)}: ${problem.reason}`),
    skipped: batches.reduce((sum, batch) => sum + batch.skipped, 0),
    bytes: batches.reduce((sum, batch) => sum + batch.bytes, 0),
  };
}

export async function readText(
  text: string | Uint8Array,
  path?: string,
  context?: Partial<ReadContext>,
): Promise<Reading> {
  return readLog(sourceOf(text, path), context);
}

/** The event without what every event has, for comparing what was read. */
export function essence(event: LoggedEvent): Record<string, unknown> {
  const { file, line, seq, stream, run, mono, incarnation, identity, ...rest } = event;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
}
