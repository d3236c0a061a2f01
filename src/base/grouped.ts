/** A whole number with commas between thousands, the same in every locale. A process that asks `toLocaleString` for it pays for loading the locale's rules. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}
