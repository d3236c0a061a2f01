import { groupBy } from '../../base/order.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { LogSource } from '../../events/reader.ts';
import type { Run, RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import type { PickedLine } from './close-look.ts';

const newline = 0x0a;

/** The events of some lines of a run, in the order in which the lines are given. */
export async function eventsOf(run: Run, lines: readonly PickedLine[]): Promise<readonly LoggedEvent[]> {
  const byFile = groupBy(lines, ({ file }) => file.path);
  const events = new Map<PickedLine, LoggedEvent>();
  for (const file of run.files) {
    const ofFile = (byFile.get(file.path) ?? []).toSorted((left, right) => left.line - right.line);
    if (ofFile.length > 0) await readInto(events, run, file, ofFile);
  }
  return lines.map((line) => events.get(line) as LoggedEvent);
}

/** Reads lines of a file again, which are given in their order. A file of lines of our own is not read between them. */
async function readInto(
  events: Map<PickedLine, LoggedEvent>,
  { mapping }: Run,
  { reader, source, defaults }: RunFile,
  lines: readonly PickedLine[],
): Promise<void> {
  const isOurs = reader.name === 'pino' && mapping === undefined;
  let next = 0;
  for await (const batch of reader.read(isOurs ? linesOf(source, lines) : source, { defaults, mapping })) {
    for (const event of batch.events) {
      const line = lines[next];
      if (!line) break;
      if (event.device !== line.lane.device || event.incarnation !== line.incarnation || event.seq !== line.seq)
        continue;
      const { identity } = line.lane.book;
      events.set(line, { ...event, identity, file: line.file, line: line.line });
      next += 1;
    }
  }
  if (next < lines.length) throw new Beyond('a file that changes while it is read');
}

/** These lines of a file, as a source of their own. */
function linesOf(source: LogSource, lines: readonly PickedLine[]): LogSource {
  return {
    path: source.path,
    bytesRead: () => 0,
    async *chunks() {
      let line = 1;
      let next = 0;
      for await (const chunk of source.chunks({ lent: true })) {
        const picked: Uint8Array[] = [];
        for (let start = 0; start < chunk.length && next < lines.length; ) {
          const newlineAt = chunk.indexOf(newline, start);
          const end = newlineAt < 0 ? chunk.length : newlineAt + 1;
          if (line === lines[next]?.line) picked.push(chunk.slice(start, end));
          if (newlineAt >= 0) {
            if (line === lines[next]?.line) next += 1;
            line += 1;
          }
          start = end;
        }
        yield* picked;
        if (next === lines.length) return;
      }
    },
  };
}
