import type { HistoryEvent } from '../../src/replay/causal-order.ts';
import { devicesByIdentity, type Reading, readHistory } from '../../src/replay/history.ts';
import { openRuns, type Run } from '../../src/replay/run.ts';
import { tell } from '../story/tell.ts';
import { type Files, inFolder } from '../story.ts';

/** A run's events in the order in which they are replayed. */
export interface Replayed {
  readonly events: readonly HistoryEvent[];
  readonly reading: Reading;
  readonly devicesOf: (identity: string) => number;
}

/** Opens a story, or files, as a run; the folder lives as long as `use` takes. */
export async function opened<Outcome>(story: string | Files, use: (run: Run) => Promise<Outcome>): Promise<Outcome> {
  const files = typeof story === 'string' ? tell(story) : story;
  return inFolder(files, 'run-1', async (folder) => use((await openRuns(folder))[0] as Run));
}

/** Replays a story, or files, with every device sorted, and keeps the events. */
export async function replayed(story: string | Files): Promise<Replayed> {
  return opened(story, async (run) => {
    const sorted = new Set(run.files.flatMap(({ devices }) => [...devices.keys()]));
    const { batches, reading } = readHistory(run, { sorted, maxProblems: 10 });
    const events: HistoryEvent[] = [];
    for await (const batch of batches) events.push(...batch);
    return { events, reading, devicesOf: devicesByIdentity(run) };
  });
}

/** An event in two or three words: `peer1 write e1`. */
export function inWords(event: HistoryEvent): string {
  const what = event.type === 'replication' ? event.action : event.type;
  const about = 'effect' in event ? event.effect : 'snapshot' in event ? event.snapshot : undefined;
  return [event.device, what, about].filter((word) => word !== undefined).join(' ');
}
