import { groupBy } from '../../base/order.ts';
import type { LoggedEvent } from '../../events/event.ts';
import { someLines } from '../../events/sources/some-lines.ts';
import { isReadInParts, type Run, type RunFile } from '../run.ts';
import { Beyond } from './beyond.ts';
import type { PickedLine } from './close-look.ts';

/** The events of some lines of a run, in the order in which the lines are given. */
export async function eventsOf(run: Run, lines: readonly PickedLine[]): Promise<readonly LoggedEvent[]> {
  const byFile = groupBy(lines, ({ file }) => file.path);
  const events = new Map<PickedLine, LoggedEvent>();
  for (const file of run.files) {
    const byPart = groupBy(byFile.get(file.path) ?? [], ({ near }) => String(near.bytes));
    for (const ofPart of byPart.values()) {
      await readInto(
        events,
        run,
        file,
        ofPart.toSorted((left, right) => left.line - right.line),
      );
    }
  }
  return lines.map((line) => events.get(line) as LoggedEvent);
}

/** Reads lines of a part of a file again, which are given in their order. A file whose lines are read each by itself is not read between them. */
async function readInto(
  events: Map<PickedLine, LoggedEvent>,
  run: Run,
  file: RunFile,
  lines: readonly PickedLine[],
): Promise<void> {
  const { reader, source, defaults } = file;
  const isApart = isReadInParts(run, file);
  const near = lines[0]?.near ?? { bytes: 0, lines: 0 };
  const numbers = lines.map(({ line }) => line - near.lines);
  let next = 0;
  for await (const batch of reader.read(isApart ? someLines(source, near.bytes, numbers) : source, {
    defaults,
    mapping: run.mapping,
  })) {
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
