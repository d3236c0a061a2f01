import { ReplayError } from '../../base/errors.ts';
import { cutAsJson } from '../../report/json.ts';
import { defineCommand } from '../command.ts';
import { additionsOf, reportOptionsFor, runOperands, runOptions, usualProblems } from '../common.ts';
import { exitCodes } from '../exit-codes.ts';
import { count, flag, word, words } from '../option.ts';
import { withProgress } from '../progress.ts';

const usualSteps = 3;

/** Time travel: every device's ledger at one point of a run. */
export const show = defineCommand({
  name: 'show',
  summary: "print every device's ledger at one point of a run",
  description: `Prints the ledger of every device at a consistent cut of the run: all that
happened before the event that you name, on every device, and no effect
without its cause. --at F1 is the event at which that finding was seen.
--step adds the events on both sides of the cut, and what
each of them changed.`,
  examples: [
    ['replay show run-1/ --at bob-peer2:2:97', 'at the 97th event of its 2nd incarnation'],
    ['replay show run-1/ --at F1 --step', 'where check-balances saw its first finding'],
    ['replay show run-1/ --at 2026-05-30T22:03:16.123Z', 'at a time'],
    ['replay show run-1/ --at bob-peer2:2:97 --step=10', 'with ten events on either side'],
  ],
  operands: { ...runOperands, placeholder: '<run>', most: 1 },
  options: {
    at: word('the point: device:incarnation:seq, an ISO time, or a finding (F1)'),
    step: count(`show this many events before and after (${usualSteps} where no number is given)`, {
      least: 0,
      bare: usualSteps,
    }),
    device: words('show these devices alone (repeat, or a,b)'),
    json: flag('print JSON'),
    all: flag('list every token, ids in full'),
    ...runOptions,
  },
  async run(paths, { at, step, device, ...options }, io) {
    if (at === undefined)
      throw new ReplayError('show: --at is missing', 'e.g. --at bob-peer2:2:97, an ISO time, or a finding such as F1');
    const { showCut } = await import('../../show.ts');
    const maxProblems = options['max-problems'] ?? usualProblems;
    const additions = await additionsOf(options);
    const cut = await withProgress(io, (onProgress) =>
      showCut({ paths, at, steps: step, ...additions, maxProblems, onProgress, ...(device && { devices: device }) }),
    );
    const { cutAsText } = await import('../../report/cut.ts');
    await io.stdout.write(
      options.json ? cutAsJson(cut) : cutAsText(cut, reportOptionsFor(io, options, paths, options.all)),
    );
    return exitCodes.held;
  },
});
