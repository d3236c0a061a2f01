import { json as asJson } from '../../report/json.ts';
import { answersFor } from '../answer-folder.ts';
import { defineCommand } from '../command.ts';
import {
  additionsOf,
  cacheOption,
  reportOptionsFor,
  runOperands,
  runOptions,
  usualProblems,
  workersOption,
} from '../common.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { Refusals } from '../faults.ts';
import { count, flag, word, words } from '../option.ts';
import { withProgress } from '../progress.ts';

/** The second job: what each operation costs in round trips, and whether batching its writes would pay. */
export const roundTrips = defineCommand({
  name: 'round-trips',
  aliases: ['rt'],
  summary: 'count the round trips of each operation, and say what batching would save',
  description: `Counts the network round trips (verify and request lines) of each logical
operation, with those of the operations nested in it, the time in them, and how
much of it the operation waits. Says where like trips wait for each other
without need, whether wall time grows with the writes, and with --what-if what
batching would save. A trip without an opId belongs to the one operation that is
open on its device; where there are several or none, it is attributed to none.

--budget 'pay<=4' limits the trips of one pay operation; 'pay.verify<=1' its
verifies; 'pay.retries<=3' how often one request is repeated; '*<=10' is for
all operations without a budget. A retry (attempt > 1) is counted apart.

Exit codes: 0 all held, 1 a budget exceeded or a write unverified, 2 could not
run, 3 not enough evidence, 70 a fault of replay itself, 130 interrupted.

--json: the report of check-balances with roundTrips filled (replay schema
report).`,
  examples: [
    ['replay round-trips run-1/', 'what each operation costs'],
    ['replay rt run-1/ --op pay', 'each payment by itself, most trips first'],
    ['replay rt run-1/ --what-if op', 'if all writes of an operation were verified at once'],
    ["replay rt run-1/ --budget 'pay.verify<=1' --budget '*<=20'", 'a gate for CI'],
    ['replay rt run-1/ --json | jq .roundTrips.byOperation', 'for a program'],
  ],
  operands: runOperands,
  options: {
    budget: words("limit an operation's trips: 'pay<=4' (repeat, or a,b)"),
    op: words('list each operation of this name or id, with its trips by kind'),
    'what-if': word('replay with writes batched: window=50ms, op or blocks'),
    seed: count('draw the durations of --what-if by this number', { least: 0, usual: '1' }),
    until: word('count what happened up to here: device:incarnation:seq or an ISO time'),
    json: flag('print the report as JSON'),
    all: flag('list all: every operation name, kind, candidate and snapshot, ids in full'),
    'allow-inconclusive': flag('exit with 0 where there is not enough evidence, and still say so'),
    ...workersOption,
    ...cacheOption,
    ...runOptions,
  },
  async run(paths, options, io) {
    const { countRoundTrips, joinBudgets, parseBudgets } = await import('../../round-trips.ts');
    const { budget = [], op, until, seed, all, json } = options;
    const limits = parseBudgets(budget);
    const { budgets = {}, ...additions } = await additionsOf(options);
    const cache = answersFor(io, options.cache);
    const refusals = new Refusals();
    const reports = await withProgress(io, (onProgress) =>
      countRoundTrips({
        ...{ paths, ...additions, onProgress, maxProblems: options['max-problems'] ?? usualProblems },
        budgets: joinBudgets(budgets, limits),
        ...(options['what-if'] !== undefined && { whatIf: options['what-if'] }),
        ...(op && { operations: op }),
        ...(seed !== undefined && { seed }),
        ...(until !== undefined && { until }),
        ...(options.workers !== undefined && { workers: options.workers }),
        ...(cache && { cache }),
        onRefused: refusals.onRefused,
      }),
    );
    if (json) {
      await io.stdout.write(asJson.print(reports, reportOptionsFor(io, options, paths, all)));
    } else {
      const { roundTripsAsText } = await import('../../report/round-trips.ts');
      await io.stdout.write(roundTripsAsText(reports, reportOptionsFor(io, options, paths, all)));
    }
    const verdicts = reports.map(({ verdict }) => verdict);
    return refusals.tell(io, exitCodeOf(verdicts, options['allow-inconclusive']));
  },
});
