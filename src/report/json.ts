import type { CutView, Inspection } from '../results.ts';
import type { Explanation } from '../results-explanation.ts';
import type { Reporter } from './reporter.ts';

/** One object for one run, an array for several: the shape that `replay schema report` prints. */
export const json: Reporter = {
  name: 'json',
  description: 'one JSON object, an array of them for several runs',
  print: (reports) => printJson(reports.length === 1 ? reports[0] : reports),
};

/** Inspections as JSON: one object for one run, an array for several. */
export function inspectionsAsJson(inspections: readonly Inspection[]): string {
  return printJson(inspections.length === 1 ? inspections[0] : inspections);
}

/** A cut as one JSON object. */
export function cutAsJson(cut: CutView): string {
  return printJson(cut);
}

/** An explanation as one JSON object. */
export function explanationAsJson(explanation: Explanation): string {
  return printJson(explanation);
}

/** Any plain data as indented JSON with a newline at its end. */
export function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
