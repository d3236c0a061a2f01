import { ReplayError } from '../../base/errors.ts';
import { reporters } from '../../report/index.ts';
import type { Reporter } from '../../report/reporter.ts';
import { answersFor } from '../answer-folder.ts';
import { defineCommand } from '../command.ts';
import {
  additionsOf,
  cacheOption,
  checkNames,
  findingFlagsOf,
  reportOptionsFor,
  runOperands,
  runOptions,
  usualProblems,
  workersOption,
} from '../common.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { Refusals } from '../faults.ts';
import { flag, word, words } from '../option.ts';
import { withProgress } from '../progress.ts';

/** The main job: rebuild every device's ledger, and say where two devices part. */
export const checkBalances = defineCommand({
  name: 'check-balances',
  summary: "rebuild each device's ledger and say where two devices part",
  description: `Rebuilds the ledger of every device from its log, with exact amounts,
compares the devices of one identity token by token, and says where they part
first, and why.

Exit codes: 0 all held, 1 violated, 2 could not run, 3 not enough evidence,
70 a fault of replay itself, 130 interrupted. Where several apply, 1 wins over
70, 70 over 2, 2 over 3. A reader that stops early (| head) changes nothing.

--json: one object for one run, an array for several (replay schema report).
--ndjson: a line per finding, {"type":"finding","run":…}, then a line per run,
{"type":"verdict","run":…}, with the rest of its report.
--follow: each violation within a second of its line; what is under way, or
missing, is judged at the end. Ctrl-C prints the report of what is there and
exits with its verdict; Ctrl-C twice exits with 130. JSON is printed at the end
alone; in NDJSON, {"type":"found",…} and {"type":"taken-back",…} come before.
-q: a line per finding, with its run, id, verdict, code, identity, coin,
device, difference and place (- for none); and nothing when all held.`,
  examples: [
    ['replay check-balances run-1/', 'judge one run'],
    ['replay check-balances run-1/ run-2/ -q', 'two runs, a line per finding'],
    ['replay check-balances run-1/ --json | jq .verdict', 'for a program'],
    ['replay check-balances run-1/ --coin UCT --until bob-peer2:2:97', 'one coin, up to an event'],
    ['replay check-balances run-1/ --follow', 'while it is written; Ctrl-C ends with the verdict'],
    ['zcat app.log.gz | replay check-balances - --mapping rules.json', "somebody else's log"],
  ],
  operands: runOperands,
  options: {
    device: words('compare these devices alone (repeat, or a,b)'),
    coin: words('look at these coins alone'),
    check: words('make these checks alone', checkNames),
    until: word('judge what happened up to here: device:incarnation:seq or an ISO time'),
    follow: flag('keep checking the run while its logs are written, until Ctrl-C', 'f'),
    json: flag('print the report as JSON; the same as --reporter json'),
    ndjson: flag('print a JSON line per finding; the same as --reporter ndjson'),
    quiet: flag('print a line per finding; the same as --reporter quiet', 'q'),
    reporter: word(
      `how to print: ${reporters.map(({ name, description }) => `${name} (${description})`).join('; ')}`,
      async () => reporters.map(({ name }) => name),
    ),
    all: flag('tell all: findings that follow from others, every token and line, ids in full'),
    'allow-inconclusive': flag('exit with 0 where there is not enough evidence, and still say so'),
    ...workersOption,
    ...cacheOption,
    ...runOptions,
  },
  async run(paths, options, io) {
    const reporter = chooseReporter(options);
    const { device, coin, check, until, all } = options;
    const additions = await additionsOf(options);
    const asked = { ...additions, all, devices: device, coins: coin, checks: check };
    const style = reportOptionsFor(io, options, paths, all);
    if (options.follow) {
      if (until !== undefined)
        throw new ReplayError('--follow and --until: a run that is cut is at its end', 'choose one of them');
      const { follow } = await import('../follow.ts');
      await follow(paths, asked, { reporter, style }, io);
    }
    const { checkBalances } = await import('../../check.ts');
    const cache = answersFor(io, options.cache);
    const refusals = new Refusals();
    const reports = await withProgress(io, (onProgress) =>
      checkBalances({
        ...{ paths, ...asked, until, cache, onProgress, maxProblems: options['max-problems'] ?? usualProblems },
        workers: options.workers,
        onRefused: refusals.onRefused,
      }),
    );
    const findingFlags = findingFlagsOf({ until, check });
    await io.stdout.write(reporter.print(reports, { ...style, findingFlags }));
    const verdicts = reports.map(({ verdict }) => verdict);
    return refusals.tell(io, exitCodeOf(verdicts, options['allow-inconclusive']));
  },
});

function chooseReporter(options: {
  readonly json: boolean;
  readonly ndjson: boolean;
  readonly quiet: boolean;
  readonly reporter: string | undefined;
}): Reporter {
  const asked = new Set<string>((['json', 'ndjson', 'quiet'] as const).filter((name) => options[name]));
  if (options.reporter !== undefined) asked.add(options.reporter);
  if (asked.size > 1)
    throw new ReplayError(`${[...asked].join(' and ')}: two ways to print at once`, 'choose one of them');
  const [name] = asked;
  const reporter = name === undefined ? reporters[0] : reporters.find((candidate) => candidate.name === name);
  if (reporter === undefined) throw new Error(`no reporter ${name}`);
  return reporter;
}
