import type { RunReport } from '../results.ts';
import type { Reporter } from './reporter.ts';

/**
 * One line per finding, each with its `run`; then one line per run with its verdict and the rest of its report.
 * `type` tells them apart (`finding`, `verdict`), and nothing of the JSON report is left out. While a run is followed, `found` and `taken-back` are
 * findings without what is not known before the end: id, what they follow from and what follows.
 */
export const ndjson: Reporter = {
  name: 'ndjson',
  description: 'one JSON line per finding, then one per run with its verdict',
  print: (reports) => reports.flatMap(linesOf).join(''),
  printEarly: ({ run, findings }, type) =>
    findings.map(({ id, follows, consequences, ...known }) => `${JSON.stringify({ type, run, ...known })}\n`).join(''),
};

function linesOf({ findings, ...report }: RunReport): string[] {
  return [
    ...findings.map((finding) => ({ type: 'finding', run: report.run, ...finding })),
    { type: 'verdict', ...report },
  ].map((line) => `${JSON.stringify(line)}\n`);
}
