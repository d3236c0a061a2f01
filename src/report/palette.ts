import { styleText } from 'node:util';
import type { Verdict } from '../results.ts';

type Paint = (text: string) => string;

/** What a colour means. Without colour, every paint hands its text back. */
export interface Palette {
  readonly bad: Paint;
  readonly good: Paint;
  readonly unknown: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly command: Paint;
}

/** The palette of a report. Whether there is colour is decided by the caller alone, never by looking at a stream. */
export function createPalette(color: boolean): Palette {
  const paint =
    (style: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  return {
    bad: paint('red'),
    good: paint('green'),
    unknown: paint('yellow'),
    strong: paint('bold'),
    faint: paint('dim'),
    command: paint('cyan'),
  };
}

/** The mark of a verdict, or of a note. */
export const marks: Readonly<Record<Verdict | 'note', string>> = {
  violated: '✗',
  held: '✓',
  'not-checked': '?',
  note: '·',
};

/** The paint of a verdict, or of a note. */
export function paintOf(palette: Palette, verdict: Verdict | 'note'): Paint {
  return { violated: palette.bad, held: palette.good, 'not-checked': palette.unknown, note: palette.faint }[verdict];
}
