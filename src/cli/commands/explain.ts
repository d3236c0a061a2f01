import { explanationAsJson } from '../../report/json.ts';
import { defineCommand } from '../command.ts';
import { additionsOf, checkNames, findingFlagsOf, reportOptionsFor, runOptions, usualProblems } from '../common.ts';
import { exitCodes } from '../exit-codes.ts';
import { flag, word, words } from '../option.ts';
import { withProgress } from '../progress.ts';

/** One finding as a story, and what would be without it. */
export const explain = defineCommand({
  name: 'explain',
  summary: 'tell one finding as a story, and what would be without it',
  description: `Judges the run, takes one finding and tells it in full: how far the effect
came on its way (written, durable, published, sent, received, accepted,
applied, visible), which side is wrong and by whose word, and every line that
bears on it, causes first, with the ledger of the device before and after.

Then one sentence says what would be without the fault: the run is replayed
with it mended and judged again. Where the devices would differ still, or
where nobody can say, it says why.

Ids are those that check-balances prints; where it was given --until or
--check, give the same here. The exit code is 0 where the finding could be
explained, and 2 where not.`,
  examples: [
    ['replay explain run-1/ F1', 'what happened, line by line?'],
    ['replay explain run-1/ F3 --all', 'every line and id in full, also what follows from others'],
    ['replay explain run-1/ F1 --json | jq -r .counterfactual.sentence', 'for a program'],
  ],
  operands: {
    placeholder: '<run> <finding>',
    describe: 'a folder, a file or a pattern; and the id of a finding, e.g. F1',
    least: 2,
    most: 2,
  },
  options: {
    check: words('the checks that check-balances was told to make', checkNames),
    until: word('the point up to which check-balances was told to judge'),
    json: flag('print JSON'),
    all: flag('tell every line, ids in full'),
    ...runOptions,
  },
  async run([path = '', finding = ''], { check, until, ...options }, io) {
    const { explainFinding } = await import('../../explain.ts');
    const maxProblems = options['max-problems'] ?? usualProblems;
    const additions = await additionsOf(options);
    const explanation = await withProgress(io, (onProgress) =>
      explainFinding({ paths: [path], finding, checks: check, until, ...additions, maxProblems, onProgress }),
    );
    const { explanationAsText } = await import('../../report/explanation.ts');
    const look = reportOptionsFor(io, options, [path], options.all);
    const findingFlags = findingFlagsOf({ until, check });
    await io.stdout.write(
      options.json ? explanationAsJson(explanation) : explanationAsText(explanation, { ...look, findingFlags }),
    );
    return exitCodes.held;
  },
});
