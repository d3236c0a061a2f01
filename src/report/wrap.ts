import { widthOf } from './table.ts';

/** The text in lines of at most `width` columns, broken at blanks; a word that is longer stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

/** The text after a lead such as a mark or a name; what does not fit goes on under where the text began. */
export function hang(lead: string, text: string, width: number): string[] {
  const indent = widthOf(lead);
  return wrap(text, Math.max(20, width - indent)).map((line, index) =>
    (index === 0 ? lead + line : ' '.repeat(indent) + line).trimEnd(),
  );
}
