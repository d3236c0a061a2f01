import { ReplayError } from '../../base/errors.ts';
import { printJson } from '../../report/json.ts';
import { defineCommand } from '../command.ts';
import { additionsOf, reportOptionsFor, runOperands, runOptions, usualProblems } from '../common.ts';
import { exitCodeOf, exitCodes } from '../exit-codes.ts';
import { Refusals } from '../faults.ts';
import { count, flag, type Option, oneOf, word } from '../option.ts';
import { withProgress } from '../progress.ts';

const usualRows = 10;

/** What took how long, how often, and whether the counters add up. */
export const top = defineCommand({
  name: 'top',
  summary: 'say what took how long, and whether counters add up',
  description: `The table of counters, operations and requests: summed time, own time, calls,
mean, 95th percentile, longest, and how busy it kept the processes; with what
no counter covers, section by section.

--against: does the time of each name grow with this one? A slope with its
interval, linear or quadratic, or not decided.
--check: do two counts agree? A name is a counter's count, requests of a kind,
operations of a name, or events of a type; counter:, request:, op: or event:
before it says which. Blanks stand around a +.

Exit codes: 1 where an identity is violated, 3 where one is not checked, 0
otherwise; 2 could not run.`,
  examples: [
    ['replay top run-1/', 'what took the time?'],
    ['replay top run-1/ --group section -n 3', 'in each section'],
    ['replay top run-1/ --by calls -n 20', 'what is called most?'],
    ["replay top run-1/ --check 'blocks.pinned == dag/put'", 'is every block pinned with one request?'],
    ['replay top run-1/ --against bundles', 'what grows with the number of bundles?'],
    ["replay top run-1/ --against 'entries per listings'", 'per call, with what each of them met'],
  ],
  operands: runOperands,
  options: {
    rows: short(count('show this many rows of each table', { least: 1, usual: String(usualRows) }), 'n'),
    by: oneOf('order rows by total, calls or max', ['total', 'calls', 'max'], { fallback: 'total', negated: 'total' }),
    group: oneOf('one table, or one for each device, op or section', ['counter', 'device', 'op', 'section'], {
      fallback: 'counter',
      negated: 'counter',
    }),
    against: word('ask what grows with this: a name, or "a per b"'),
    check: repeated('hold counts against each other: "a == b", "a + b == c" (repeat for several)'),
    json: flag('print JSON: one object for one run, an array for several; all rows, but for -n'),
    all: flag('leave nothing out'),
    'allow-inconclusive': flag('exit with 0 where there is not enough evidence, and still say so'),
    ...runOptions,
  },
  async run(paths, { rows, by, group, against, check, json, all, ...options }, io) {
    const { topCounters } = await import('../../top.ts');
    const additions = await additionsOf(options);
    const limit = rows ?? (json || all ? undefined : usualRows);
    const refusals = new Refusals();
    const reports = await withProgress(io, (onProgress) =>
      topCounters({
        ...{ paths, ...additions, onProgress, maxProblems: options['max-problems'] ?? usualProblems },
        onRefused: refusals.onRefused,
        ...{ by, grouping: group, limit, against, identities: check },
      }),
    );
    const { topAsText } = await import('../../report/top.ts');
    await io.stdout.write(
      json
        ? printJson(reports.length === 1 ? reports[0] : reports)
        : topAsText(reports, reportOptionsFor(io, options, paths, all)),
    );
    const verdicts = reports.flatMap(({ verdict }) => verdict ?? []);
    const code = check === undefined ? exitCodes.held : exitCodeOf(verdicts, options['allow-inconclusive']);
    return refusals.tell(io, code);
  },
});

/** The option, with a letter for it. */
function short<Value>(option: Option<Value>, letter: string): Option<Value> {
  return { ...option, spec: { ...option.spec, alias: letter } };
}

/** Any number of texts: the flag repeated. A comma is a part of its text. */
function repeated(describe: string): Option<readonly string[] | undefined> {
  return {
    spec: { type: 'string', array: true, describe },
    parse(given, name) {
      if (given === undefined) return undefined;
      const texts = [given].flat().map(String);
      if (texts.length === 0 || texts.includes('')) throw new ReplayError(`${name}: needs a value`);
      return texts;
    },
  };
}
