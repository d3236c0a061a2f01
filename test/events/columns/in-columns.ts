import { isDeepStrictEqual } from 'node:util';
import { columnsFromEvents } from '../../../src/events/columns/from-events.ts';
import type { ColumnPlan } from '../../../src/events/columns/wants.ts';
import type { LogSource, ReadContext } from '../../../src/events/reader.ts';
import { pino } from '../../../src/events/readers/pino.ts';
import { inLane, readBy } from '../readers/both-lanes.ts';
import { decodeAll, type Rows, rowsOf } from './rows.ts';

/** The rows of a log by each way to them: from bytes by the kernel and without it, from events, and those that the events of the slow lane would make. */
export interface InColumns {
  readonly fast: Rows;
  readonly plain: Rows;
  readonly slow: Rows;
  readonly fromEvents: Rows;
  readonly measure: Rows;
}

/** Reads a log in columns by every way. */
export async function readInColumns(
  source: () => LogSource,
  defaults: ReadContext['defaults'],
  plan: ColumnPlan,
): Promise<InColumns> {
  const columns = () => {
    const from = source();
    const reader = pino.columns?.(from.path, { defaults }, plan);
    if (reader === undefined) throw new Error('pino reads no columns');
    return decodeAll(reader.read(from), plan);
  };
  return {
    fast: await inLane('fast', columns),
    plain: await inLane('plain', columns),
    slow: await inLane('slow', columns),
    fromEvents: await inLane('slow', () => decodeAll(columnsFromEvents(pino.read(source(), { defaults }), plan), plan)),
    measure: rowsOf((await readBy('slow', source(), defaults)).batches, plan),
  };
}

/** Whether all ways came to the same. */
export function areAlikeInColumns({ fast, plain, slow, fromEvents, measure }: InColumns): boolean {
  return [fast, plain, slow, fromEvents].every((rows) => isDeepStrictEqual(rows, measure));
}
