import { groupBy } from '../../base/order.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { LogSource } from '../../events/reader.ts';
import { someLines } from '../../events/sources/some-lines.ts';
import { isReadInParts, type Run, type RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import type { PickedEvent, PickedLine } from './picked-line.ts';

/** Some lines of a run, each once, with their events. */
export async function eventsOf(run: Run, lines: readonly PickedLine[]): Promise<readonly PickedEvent[]> {
  const byFile = groupBy(lines, ({ file }) => file.path);
  const events = new Map<PickedLine, LoggedEvent>();
  for (const file of run.files) {
    const ofFile = (byFile.get(file.path) ?? []).toSorted((left, right) => left.line - right.line);
    if (ofFile.length === 0) continue;
    // Where each line is read by itself, what stands between them is not read.
    if (isReadInParts(run, file)) {
      const byPart = groupBy(ofFile, ({ near }) => String(near.bytes));
      for (const ofPart of byPart.values()) await readInto(events, run, file, ofPart, linesNear(file.source, ofPart));
    } else await readInto(events, run, file, ofFile, file.source);
  }
  return lines.map((line) => ({ ...line, event: events.get(line) as LoggedEvent }));
}

/** Lines that are near one place, as a source of their own. */
function linesNear(source: LogSource, lines: readonly PickedLine[]): LogSource {
  const { bytes, lines: before } = (lines[0] as PickedLine).near;
  return someLines(
    source,
    bytes,
    lines.map(({ line }) => line - before),
  );
}

/** Reads lines of a file again, which are given in their order, from a source that holds them. */
async function readInto(
  events: Map<PickedLine, LoggedEvent>,
  { mapping }: Run,
  { reader, defaults }: RunFile,
  lines: readonly PickedLine[],
  source: LogSource,
): Promise<void> {
  let next = 0;
  for await (const batch of reader.read(source, { defaults, mapping })) {
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
