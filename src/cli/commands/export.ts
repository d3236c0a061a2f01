import { ReplayError } from '../../base/errors.ts';
import { grouped } from '../../base/grouped.ts';
import type { ExportSummary } from '../../export.ts';
import { exporters } from '../../exports/index.ts';
import { defineCommand } from '../command.ts';
import { additionsOf, runOperands, runOptions, usualProblems } from '../common.ts';
import { exitCodes } from '../exit-codes.ts';
import { word } from '../option.ts';
import { writeOutput } from '../output-file.ts';
import { withProgress } from '../progress.ts';

const formats = exporters.map(({ name }) => name);
const out = word('write this file, instead of standard output');

/** A run for other tools. */
const exportCommand = defineCommand({
  name: 'export',
  summary: 'write operations, round trips and counters for other tools',
  description: `Writes a run in the format of a tool that shows times: operations, their
round trips, writes and snapshots, the windows of counters, sections and failed
assertions, each with its place in the log, as far as the format can hold them
(docs/exporting.md). Times are those of each device's own clock. The run is
read twice, and a file of several devices once for each of them. The exit code
is 0 where the run could be read and written, and 2 where not.`,
  examples: [
    ['replay export run-1/ --to perfetto --out run-1.trace.json', 'open it at ui.perfetto.dev'],
    ['replay export run-1/ --to speedscope -o run-1.speedscope.json', 'npx speedscope run-1.speedscope.json'],
    ['replay export run-1/ --to otlp | gzip > run-1.otlp.jsonl.gz', 'for a collector'],
    ['replay export run-1/ --to csv | duckdb -c "FROM read_csv(\'/dev/stdin\')"', 'as a table'],
  ],
  operands: { ...runOperands, placeholder: '<run>', most: 1 },
  options: {
    to: word(
      `the format: ${exporters.map(({ name, description }) => `${name} (${description})`).join('; ')}`,
      async () => formats,
    ),
    out: { ...out, spec: { ...out.spec, alias: 'o' } },
    ...runOptions,
  },
  async run(paths, { to, out: file, ...options }, io) {
    if (to === undefined) throw new ReplayError('export: --to is missing', `formats: ${formats.join(' ')}`);
    const { exportRun } = await import('../../export.ts');
    const maxProblems = options['max-problems'] ?? usualProblems;
    const additions = await additionsOf(options);
    const exportTo = (write: (text: string) => Promise<void>) =>
      withProgress(io, (onProgress) => exportRun({ paths, to, ...additions, maxProblems, onProgress, write }));
    const summary =
      file === undefined
        ? await exportTo((text) => io.stdout.write(text))
        : await writeOutput(file, paths, io, exportTo);
    if (file !== undefined) await io.stderr.write(`wrote ${file}: ${contentOf(summary)}\n`);
    for (const warning of warningsOf(summary, paths)) await io.stderr.write(`replay: ${warning}\n`);
    return exitCodes.held;
  },
});

// The family's rule is that a member is exported by its name, and this one is a word of the language.
export { exportCommand as export };

function contentOf(summary: ExportSummary): string {
  const { operations, roundTrips, writes, counterWindows, sections, failedAssertions } = summary;
  const counts = [
    [operations, 'operation'],
    [roundTrips, 'round trip'],
    [writes, 'write'],
    [counterWindows, 'counter window'],
    [sections, 'section'],
    [failedAssertions, 'failed assertion'],
  ] as const;
  const said = counts.filter(([count]) => count > 0).map(([count, what]) => countOf(count, what));
  return said.length > 0 ? said.join(', ') : 'nothing';
}

function warningsOf(summary: ExportSummary, paths: readonly string[]): string[] {
  const { run, input } = summary;
  const unread = input.problems.length + input.problemsOmitted;
  const warnings: string[] = [];
  if (contentOf(summary) === 'nothing')
    warnings.push(`${run} has no line of an operation, a round trip or counters: the export is empty`);
  if (unread > 0)
    warnings.push(`${countOf(unread, 'line')} could not be read: replay inspect ${paths.join(' ')} says why`);
  return warnings;
}

function countOf(count: number, what: string): string {
  return `${grouped(count)} ${what}${count === 1 ? '' : 's'}`;
}
