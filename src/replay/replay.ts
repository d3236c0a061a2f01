import { from, ignoreElements, lastValueFrom, map, tap } from 'rxjs';
import { ReplayError } from '../base/errors.ts';
import { CausalClock } from './causal-clock.ts';
import type { HistoryEvent } from './causal-order.ts';
import { type Cut, causalPast, PointFinder, parsePoint, until } from './cut.ts';
import { bytesIn, devicesByIdentity, type Reading, readHistory } from './history.ts';
import { type AnyProjection, Replayer, type States } from './projection.ts';
import type { Run } from './run.ts';
import { Disorder } from './sequence.ts';

/** How a run is replayed. */
export interface ReplayOptions {
  readonly maxProblems: number;
  /** Makes the cut anew for each pass. Only what lies inside it reaches the projections; all is read and counted. */
  readonly cut?: (() => Cut) | undefined;
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Whether projections keep what they could forget; see `settle`. */
  readonly retainsAll?: boolean | undefined;
}

/** Thrown by a pass of which nothing can come any more. */
export class InVain extends Error {
  override readonly name = 'InVain';
}

/** The states that a replay left, and what was found while reading. */
export interface Replayed {
  readonly states: States;
  readonly reading: Reading;
}

/** Runs projections over a whole run, in place, batch by batch. Throws `InVain` once a batch leaves them in states that are `inVain`. */
export async function replayRun(
  run: Run,
  projections: readonly AnyProjection[],
  options: ReplayOptions,
  inVain?: (states: States) => boolean,
): Promise<Replayed> {
  const devicesOf = devicesByIdentity(run);
  return onePass(run, options, () => {
    const states = new Replayer(projections, devicesOf, options.retainsAll ?? false);
    return {
      result: states,
      take: (event) => states.apply(event),
      endBatch() {
        if (inVain?.(states)) throw new InVain();
      },
    };
  }).then(({ result, reading }) => ({ states: result, reading }));
}

/** Finds a consistent cut by the name that a user gives it. Reads the run once where an event must be found. */
export async function findCut(run: Run, name: string, options: ReplayOptions): Promise<() => Cut> {
  const point = parsePoint(name);
  if (point.kind === 'time') return () => until(point.time);
  const { result } = await onePass(run, options, () => {
    const clock = new CausalClock(devicesByIdentity(run));
    const finder = new PointFinder(point);
    return {
      result: finder,
      take(event) {
        clock.advance(event);
        finder.take(event, clock);
      },
    };
  });
  const { known, seen } = result;
  if (known) return () => causalPast(known);
  throw new ReplayError(
    `${name}: no such event in ${run.name}`,
    seen
      ? `incarnation ${point.incarnation} of ${point.device} has seq ${seen.first} to ${seen.last} here`
      : `devices here: ${[...run.files.flatMap(({ devices }) => [...devices.keys()])].join(' ')}; replay inspect lists their incarnations`,
  );
}

/** What one pass does with the events: `take` is called with each, `endBatch` after some of them, `result` is what it leaves. */
export interface Pass<Result> {
  readonly result: Result;
  take(event: HistoryEvent): void;
  endBatch?(): void;
}

/**
 * Reads a run once from the start. Where a device turns out to be logged out of order, the pass begins anew with that
 * device sorted in memory: rare, and then right.
 */
export async function onePass<Result>(
  run: Run,
  { maxProblems, cut, onBytes }: ReplayOptions,
  begin: () => Pass<Result>,
): Promise<{ result: Result; reading: Reading }> {
  const sorted = new Set<string>();
  for (;;) {
    const { batches, reading } = readHistory(run, { sorted, maxProblems, ...(onBytes && { onBytes }) });
    const pass = begin();
    const within = cut?.();
    const inside = (batch: readonly HistoryEvent[]) =>
      within ? batch.filter((event) => within.includes(event)) : batch;
    try {
      await lastValueFrom(
        from(batches).pipe(
          map(inside),
          tap((batch) => {
            for (const event of batch) pass.take(event);
            pass.endBatch?.();
          }),
          ignoreElements(),
        ),
        { defaultValue: undefined },
      );
      return { result: pass.result, reading };
    } catch (error) {
      onBytes?.(-bytesIn(reading));
      if (!(error instanceof Disorder) || sorted.has(error.key)) throw error;
      sorted.add(error.key);
    }
  }
}
