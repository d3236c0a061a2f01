import type { Palette } from './palette.ts';

/** What every part of a text needs to know of the page that it is written on. */
export interface Page {
  readonly width: number;
  readonly palette: Palette;
  readonly shorten: (text: string) => string;
  /** Leave nothing out. */
  readonly all: boolean;
}

/** The first of them, and the number of those left out; all of them where all are asked for. One more than the limit is no reason to cut. */
export function limited<Item>(
  items: readonly Item[],
  limit: number,
  all: boolean,
): { shown: readonly Item[]; rest: number } {
  const shown = all || items.length <= limit + 1 ? items : items.slice(0, limit);
  return { shown, rest: items.length - shown.length };
}

/** Lines moved to the right; empty ones stay empty. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => (line === '' ? '' : ' '.repeat(columns) + line));
}

/** Sections with one empty line between them; empty sections vanish. */
export function spaced(sections: readonly (readonly string[])[]): string[] {
  return sections.filter(({ length }) => length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}
