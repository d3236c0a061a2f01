import { isRecord } from '../field.ts';
import type { SourceHead } from '../reader.ts';
import { parseJson } from './salvage.ts';

/** How many lines of a head are looked at to recognise a format. */
const linesLookedAt = 200;

/** The first lines of a file that are not blank; a line that the head cuts off is left out unless it is the only one. */
export function headLines({ text, complete }: SourceHead): string[] {
  const lines = text.split(/\r?\n/);
  if (!complete && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, linesLookedAt);
}

/** How many of the first lines are a JSON object each; the only line of a head, and the last one of a file, may be cut off. */
export function countJsonLines(head: SourceHead): number {
  const lines = headLines(head);
  const whole = lines.filter((line) => line.startsWith('{') && isRecord(parseJson(line))).length;
  return whole === 0 && lines.length === 1 && /^\{\s*"/.test(lines[0] as string) ? 1 : whole;
}

const longestQuote = 60;

/** Text from a log as it is shown in a sentence: quoted, with control characters escaped, and cut. */
export function quote(text: string): string {
  const shown = text.slice(0, longestQuote + 1);
  return shown.length > longestQuote ? `${JSON.stringify(shown.slice(0, longestQuote))}…` : JSON.stringify(shown);
}
