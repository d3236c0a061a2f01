import { byText, sortedEntries } from './base/order.ts';
import { chooseChecks } from './examine.ts';
import { type Invariant, lackingTypes } from './invariants/invariant.ts';
import type { Reading } from './replay/history.ts';
import { type Capture, captures } from './replay/projections/captures.ts';
import { clocks } from './replay/projections/clocks.ts';
import { replayRun } from './replay/replay.ts';
import type { Run } from './replay/run.ts';
import type { CheckAvailability, FileSummary, IncarnationSummary, Inspection } from './results.ts';
import { openAll, type RunOptions } from './run-options.ts';
import { clockBounds, inputSummary } from './run-summary.ts';

/** Says what was captured of each run, and which checks can be asked of it. Throws a `ReplayError` for a wrong path. */
export async function inspectRuns(options: RunOptions): Promise<readonly Inspection[]> {
  const { askEach, maxProblems, onBytes } = await openAll(options);
  return askEach(async (run) => {
    const { states, reading } = await replayRun(run, [captures, clocks], { maxProblems, onBytes });
    const captured = states.read(captures);
    return {
      run: run.name,
      input: inputSummary(run, reading),
      files: fileSummaries(run, reading),
      incarnations: sortedEntries(captured).flatMap(([, capture]) => incarnationSummaries(capture)),
      types: [...reading.types]
        .map(([type, events]) => ({ type, events }))
        .sort((left, right) => right.events - left.events || byText(left.type, right.type)),
      clocks: clockBounds(states),
      checks: availability(reading, chooseChecks(undefined, options.invariants)),
    };
  });
}

function fileSummaries({ files }: Run, reading: Reading): FileSummary[] {
  return files.map(({ path, bytes, reader }) => {
    const found = reading.files.get(path);
    return {
      file: path,
      format: reader.name,
      bytes,
      events: found?.events ?? 0,
      skipped: found?.skipped ?? 0,
      problems: found?.problems ?? 0,
      devices: [...(found?.devices ?? [])].sort(byText),
    };
  });
}

function incarnationSummaries({ device, identity, incarnations }: Capture): IncarnationSummary[] {
  return incarnations.map(({ incarnation, events, firstSeq, lastSeq, gaps, end }) => ({
    device,
    identity,
    incarnation,
    events,
    firstSeq,
    lastSeq,
    gaps: gaps.map(({ from, to }) => ({ from, to: to ?? from })),
    end: end === null ? 'none' : end.event.quiescent ? 'quiescent' : 'orderly',
  }));
}

function availability({ types }: Reading, invariants: readonly Invariant[]): CheckAvailability[] {
  return invariants.map((invariant) => {
    const { name, promise } = invariant;
    const missing = lackingTypes(invariant, (type) => types.has(type));
    return { name, promise, possible: missing.length === 0, missing };
  });
}
