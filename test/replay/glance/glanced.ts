import { inProcess } from '../../../src/engines/in-process.ts';
import { type GlancedRun, glanceRun } from '../../../src/replay/glance/glance-run.ts';
import { glanceAtRoundTrips } from '../../../src/replay/glance/operations/round-trip-run.ts';
import type { PassOptions } from '../../../src/replay/glance/pass.ts';
import type { Replayed } from '../../../src/replay/replay.ts';
import { openRuns, type Run } from '../../../src/replay/run.ts';

/** What a glance at the run in a folder finds; `undefined` where the run is beyond it. */
export async function glanceAtFolder(folder: string): Promise<GlancedRun | undefined> {
  const [run] = await openRuns(folder);
  return glanceAtRun(run as Run);
}

/** The same for a run that is open. */
export async function glanceAtRun(run: Run): Promise<GlancedRun | undefined> {
  return (await glanceRun(run, readingOf(run))) ?? undefined;
}

/** The same of its round trips. */
export async function glanceAtTrips(run: Run): Promise<Replayed | undefined> {
  return (await glanceAtRoundTrips(run, { ...readingOf(run), unfoldsSampled: true })) ?? undefined;
}

function readingOf(run: Run): PassOptions {
  return { read: (file, plan) => inProcess.read(run, file, plan), maxProblems: 10 };
}
