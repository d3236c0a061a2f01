/** How often each of some numbers occurred: for very many of them that are mostly the same few. */
export type Occurrences = Map<number, number>;

/** Takes a number down. */
export function note(occurrences: Occurrences, number: number): void {
  occurrences.set(number, (occurrences.get(number) ?? 0) + 1);
}

/** How many of the numbers are as asked. */
export function countWhere(occurrences: Occurrences, isAsked: (number: number) => boolean): number {
  let count = 0;
  for (const [number, times] of occurrences) if (isAsked(number)) count += times;
  return count;
}

/** What all of them come to. */
export function sumOf(occurrences: Occurrences): number {
  let sum = 0;
  for (const [number, times] of occurrences) sum += number * times;
  return sum;
}

/** The numbers at these ranks, each always one of them: what a count's percentile should be. Throws for no numbers. */
export function nearestRanks(occurrences: Occurrences, ranks: readonly number[]): number[] {
  if (occurrences.size === 0) throw new Error('nearestRanks: no numbers');
  const sorted = [...occurrences].sort(([left], [right]) => left - right);
  const all = countWhere(occurrences, () => true);
  return ranks.map((rank) => {
    let below = Math.max(1, Math.ceil(Math.min(1, rank) * all));
    const found = sorted.find(([, times]) => {
      below -= times;
      return below <= 0;
    });
    return (found as [number, number])[0];
  });
}
