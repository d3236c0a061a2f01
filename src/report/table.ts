/** How a column's cells stand: `decimal` puts the points of exact amounts under each other. */
export type Alignment = 'left' | 'right' | 'decimal';

/** The number of columns that a text takes up; one for each character, without looking for wide ones. */
export function widthOf(text: string): number {
  return [...text].length;
}

/** Lines of a table with two blanks between columns, and none at the end of a line. */
export function table(rows: readonly (readonly string[])[], alignments: readonly Alignment[]): string[] {
  const columns = alignments.map((alignment, index) =>
    align(
      rows.map((row) => row[index] ?? ''),
      alignment,
    ),
  );
  return rows.map((_, row) =>
    columns
      .map((cells) => cells[row] ?? '')
      .join('  ')
      .trimEnd(),
  );
}

/** The cells of one column, padded to one width. */
export function align(cells: readonly string[], alignment: Alignment): string[] {
  const placed = alignment === 'decimal' ? alignPoints(cells) : cells;
  const width = Math.max(0, ...placed.map(widthOf));
  return placed.map((cell) => {
    const padding = ' '.repeat(width - widthOf(cell));
    return alignment === 'left' ? cell + padding : padding + cell;
  });
}

const amount = /^[+-]?\d+(?:\.\d+)?$/;

function alignPoints(cells: readonly string[]): string[] {
  const fractionOf = (cell: string) => (amount.test(cell) && cell.includes('.') ? cell.length - cell.indexOf('.') : 0);
  const longest = Math.max(0, ...cells.map(fractionOf));
  return cells.map((cell) => (amount.test(cell) ? cell + ' '.repeat(longest - fractionOf(cell)) : cell));
}
