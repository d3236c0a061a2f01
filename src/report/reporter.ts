import type { RunReport } from '../results.ts';

/** How a report is to look. It never changes what a report says in JSON. */
export interface ReportOptions {
  /** Columns to fit into. */
  readonly width: number;
  readonly color: boolean;
  /** Everything in full: consequences, every token, every line of a story, ids as they came. */
  readonly all: boolean;
  /** The paths as they were named on the command line, for the commands that a report suggests. */
  readonly paths: readonly string[];
  /** Flags without which a suggested command would see another run, e.g. `--mapping rules.json`. */
  readonly flags: readonly string[];
  /** Flags without which findings would have other ids, e.g. `--until bob-peer2:2:97`. */
  readonly findingFlags?: readonly string[];
}

/** One member of the family of reporters: the same plain data, in another dress. */
export interface Reporter {
  readonly name: string;
  /** What it prints, as a clause for `--help`. */
  readonly description: string;
  /** The text for standard output: ends with a newline, or is empty. */
  print(reports: readonly RunReport[], options: ReportOptions): string;
  /**
   * The text for violations of a run that is still being written, and for those that were told and hold no more. A reporter without it prints
   * nothing before the end. Such findings have no id.
   */
  printEarly?(report: RunReport, news: 'found' | 'taken-back', options: ReportOptions): string;
}
