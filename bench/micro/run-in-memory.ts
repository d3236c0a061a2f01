import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ColumnBatch } from '../../src/events/columns/column-batch.ts';
import type { ColumnPlan } from '../../src/events/columns/wants.ts';
import type { EventBatch, LogSource } from '../../src/events/reader.ts';
import { readFile } from '../../src/events/readers/index.ts';
import { pino } from '../../src/events/readers/pino.ts';
import { causalOrder, type HistoryEvent } from '../../src/replay/causal-order.ts';
import { sourceOf } from '../../test/events/readers/reading.ts';
import { writeLongLife } from '../wallet.ts';

/** The logs of a run in a folder of their own, for as long as `use` takes. */
export async function withRun<Result>(
  events: number,
  divergent: boolean,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-bench-'));
  try {
    await writeLongLife(folder, { until: { events }, devices: 4, tokens: 200, seed: 1, divergent });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files of a folder as sources in memory, so that no disk is measured. */
export function sourcesIn(folder: string): readonly LogSource[] {
  return readdirSync(folder).map((name) => sourceOf(readFileSync(join(folder, name)), name));
}

/** Every batch that the files' readers hand over. */
export async function batchesOf(source: LogSource): Promise<readonly EventBatch[]> {
  const batches: EventBatch[] = [];
  for await (const batch of readFile(source, { defaults: {} })) batches.push(batch);
  return batches;
}

/** Reads every file into columns, and asks for nothing but that they were made. Returns how many rows there were. */
export async function rowsOf(sources: readonly LogSource[], plan: ColumnPlan): Promise<number> {
  let rows = 0;
  for (const source of sources) for await (const batch of columnsOf(source, plan)) rows += batch.rows;
  return rows;
}

/** A file's columns, by the shortest way. */
export function columnsOf(source: LogSource, plan: ColumnPlan): AsyncIterable<ColumnBatch> {
  const reader = pino.columns?.(source.path, { defaults: {}, mapping: undefined }, plan);
  if (!reader) throw new Error('pino reads no columns');
  return reader.read(source);
}

/** The tapes merged into one history, event by event. */
export async function historyOf(tapes: readonly (readonly EventBatch[])[]): Promise<readonly HistoryEvent[]> {
  const nothing = () => {};
  const options = { onBatch: nothing, onConflict: nothing, onDuplicate: nothing, accepts: () => true };
  const events: HistoryEvent[] = [];
  const merged = causalOrder(tapes.map(played), { sorted: new Set(), ...options });
  for await (const batch of merged) for (const event of batch) events.push(event);
  return events;
}

async function* played(batches: readonly EventBatch[]): AsyncGenerator<EventBatch> {
  yield* batches;
}
