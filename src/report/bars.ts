const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const levels = '▁▂▃▄▅▆▇█';

/** A bar of at most `width` columns, to the eighth; what is there at all has at least one. */
export function bar(value: number, most: number, width: number): string {
  if (value <= 0 || most <= 0) return '';
  const filled = Math.max(1, Math.round(Math.min(1, value / most) * width * 8));
  return '█'.repeat(Math.floor(filled / 8)) + eighths[filled % 8];
}

/** A value for each step, one column high; blank where there was nothing. Its highest is the highest of its own values. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(0, ...values);
  return values
    .map((value) => (value <= 0 || most <= 0 ? ' ' : levels[Math.min(7, Math.floor((value / most) * 8))]))
    .join('');
}
