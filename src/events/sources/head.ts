import { isRecord } from '../field.ts';
import type { SourceHead } from '../reader.ts';
import { parseJson } from './salvage.ts';

/** How many lines of a head are looked at to recognise a format. */
const linesLookedAt = 200;

/** Every reader asks for them. */
const linesOfHeads = new WeakMap<SourceHead, readonly string[]>();

/** The first lines of a file that are not blank; a line that the head cuts off is left out unless it is the only one. */
export function headLines(head: SourceHead): readonly string[] {
  let lines = linesOfHeads.get(head);
  if (lines === undefined) {
    lines = splitHead(head);
    linesOfHeads.set(head, lines);
  }
  return lines;
}

function splitHead({ text, complete }: SourceHead): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (!complete && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== '').slice(0, linesLookedAt);
}

/** How many of the first lines are a JSON object each; the only line of a head, and the last one of a file, may be cut off. */
export function countJsonLines(head: SourceHead): number {
  return headLines(head).filter(isObject).length || Number(isCutObject(headLines(head)));
}

/** Whether any of the first lines is a JSON object; most often the first of all is one. */
export function hasJsonLine(head: SourceHead): boolean {
  return headLines(head).some(isObject) || isCutObject(headLines(head));
}

function isObject(line: string): boolean {
  return line.startsWith('{') && isRecord(parseJson(line));
}

function isCutObject([only, ...more]: readonly string[]): boolean {
  return only !== undefined && more.length === 0 && /^\{\s*"/.test(only);
}

const longestQuote = 60;

/** Text from a log as it is shown in a sentence: quoted, with control characters escaped, and cut. */
export function quote(text: string): string {
  const shown = text.slice(0, longestQuote + 1);
  return shown.length > longestQuote ? `${JSON.stringify(shown.slice(0, longestQuote))}…` : JSON.stringify(shown);
}
