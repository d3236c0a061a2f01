/**
 * Names in their order, by the sums of their hashes up to each of them: a number for a name, by which a list in any order can be held
 * against all that were there at some point. Lists that differ have the same sum by a chance in 2^32 or less. Plain data.
 */
export interface Roll {
  readonly sums: number[];
}

const modulus = 2 ** 52;

/** A roll with nobody on it. */
export function newRoll(): Roll {
  return { sums: [0] };
}

/** Puts a name, by its hash, behind the others. */
export function enrol({ sums }: Roll, hash: number): void {
  sums.push(addHash(sums[sums.length - 1] as number, hash));
}

/** How many names there are. */
export function sizeOf({ sums }: Roll): number {
  return sums.length - 1;
}

/** The sum of so many names from the beginning; `undefined` where there are fewer. */
export function sumOf({ sums }: Roll, count: number): number | undefined {
  return sums[count];
}

/** Whether the name in this place, from 1, has this hash. */
export function standsAt({ sums }: Roll, place: number, hash: number): boolean {
  const before = sums[place - 1];
  return before !== undefined && sums[place] === addHash(before, hash);
}

/** A sum with one more hash, a whole number. */
export function addHash(sum: number, hash: number): number {
  return (sum + (((hash % modulus) + modulus) % modulus)) % modulus;
}
