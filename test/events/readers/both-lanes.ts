import { isDeepStrictEqual } from 'node:util';
import type { EventBatch, LogSource, ReadContext } from '../../../src/events/reader.ts';
import { pino } from '../../../src/events/readers/pino.ts';

/** What one lane made of a log: its batches, and everything in them as one text, in which the order of keys counts. */
export interface Lane {
  readonly batches: readonly EventBatch[];
  readonly text: string;
}

/** Reads a log by one lane. */
export async function readBy(
  lane: 'fast' | 'slow',
  source: LogSource,
  defaults: ReadContext['defaults'],
): Promise<Lane> {
  return inLane(lane, async () => {
    const batches: EventBatch[] = [];
    for await (const batch of pino.read(source, { defaults })) batches.push(batch);
    const text = JSON.stringify(batches, (_, value) =>
      typeof value === 'bigint' ? `${value}n` : value === undefined ? 'undefined' : value,
    );
    return { batches, text };
  });
}

/** The lanes, by what the environment says; `plain` is the fast one without its kernel. */
const environment = { fast: '', plain: 'plain', slow: '1' } as const;

/** Does something while lines take one lane. */
export async function inLane<Outcome>(lane: keyof typeof environment, use: () => Promise<Outcome>): Promise<Outcome> {
  const before = process.env.REPLAY_SLOW;
  process.env.REPLAY_SLOW = environment[lane];
  try {
    return await use();
  } finally {
    if (before === undefined) delete process.env.REPLAY_SLOW;
    else process.env.REPLAY_SLOW = before;
  }
}

/** Whether both lanes came to the same; deep equality sees prototypes, zeros with a sign and infinities, which a text hides. */
export function areAlike(fast: Lane, slow: Lane): boolean {
  return fast.text === slow.text && isDeepStrictEqual(fast.batches, slow.batches);
}
