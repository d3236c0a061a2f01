import { inspectionsAsJson } from '../../report/json.ts';
import { defineCommand } from '../command.ts';
import { additionsOf, reportOptionsFor, runOperands, runOptions, usualProblems } from '../common.ts';
import { exitCodes } from '../exit-codes.ts';
import { Refusals } from '../faults.ts';
import { flag } from '../option.ts';
import { withProgress } from '../progress.ts';

/** What was captured, and what can be asked of it. */
export const inspect = defineCommand({
  name: 'inspect',
  summary: 'say what a run holds, and which checks it allows',
  description: `Says what was captured: files and their formats, devices and incarnations
with the gaps in their sequences, event types, bounds of the clocks, lines
that could not be read, which checks are possible, and which lines are
missing for the others. It judges nothing: the exit code is 0 where the run
could be read, and 2 where not.`,
  examples: [
    ['replay inspect run-1/', 'what is in this folder?'],
    ['replay inspect run-1/ --json | jq ".files[].format"', 'for a program'],
    ['replay inspect app.log --max-problems 100', 'why are lines not read?'],
  ],
  operands: runOperands,
  options: {
    json: flag('print JSON: one object for one run, an array for several'),
    all: flag('list every file, incarnation and gap'),
    ...runOptions,
  },
  async run(paths, options, io) {
    const { inspectRuns } = await import('../../inspect.ts');
    const maxProblems = options['max-problems'] ?? usualProblems;
    const additions = await additionsOf(options);
    const refusals = new Refusals();
    const inspections = await withProgress(io, (onProgress) =>
      inspectRuns({ paths, ...additions, maxProblems, onProgress, onRefused: refusals.onRefused }),
    );
    const { inspectionsAsText } = await import('../../report/inspection.ts');
    await io.stdout.write(
      options.json
        ? inspectionsAsJson(inspections)
        : inspectionsAsText(inspections, reportOptionsFor(io, options, paths, options.all)),
    );
    return refusals.tell(io, exitCodes.held);
  },
});
