import { inProcess } from '../../../src/engines/in-process.ts';
import { type GlancedRun, glanceRun, type LookBeside } from '../../../src/replay/glance/glance-run.ts';
import { openRuns, type Run } from '../../../src/replay/run.ts';

/** What a glance at the run in a folder finds; `undefined` where the run is beyond it. */
export async function glanceAtFolder(folder: string): Promise<GlancedRun | undefined> {
  const [run] = await openRuns(folder);
  return glanceAtRun(run as Run);
}

/** The same for a run that is open, with a look at something else beside it. */
export async function glanceAtRun(run: Run, beside?: LookBeside): Promise<GlancedRun | undefined> {
  const found = await glanceRun(run, {
    read: (file, plan) => inProcess.read(run, file, plan),
    maxProblems: 10,
    beside,
  });
  return found ?? undefined;
}
