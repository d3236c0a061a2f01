/**
 * Names in their order, by the sums of their hashes up to each of them: a number for a name, by which a list in any order can be held
 * against all that were there at some point. Lists that differ have the same sum by a chance in 2^32. Plain data.
 */
export interface Roll {
  /** By how many names: their sum, as 32 bits; behind these is room for more. */
  sums: Uint32Array;
  size: number;
}

/** A roll with nobody on it. */
export function newRoll(): Roll {
  return { sums: new Uint32Array(16), size: 0 };
}

/** Puts a name, by its hash, behind the others. */
export function enrol(roll: Roll, hash: number): void {
  const { sums, size } = roll;
  const sum = addHash(sums[size] as number, hash);
  if (size + 1 === sums.length) {
    roll.sums = new Uint32Array(Math.ceil(sums.length * 1.5));
    roll.sums.set(sums);
  }
  roll.size = size + 1;
  roll.sums[roll.size] = sum;
}

/** How many names there are. */
export function sizeOf({ size }: Roll): number {
  return size;
}

/** The sum of so many names from the beginning; `undefined` where there are fewer. */
export function sumOf({ sums, size }: Roll, count: number): number | undefined {
  return count <= size ? sums[count] : undefined;
}

/** Whether the name in this place, from 1, has this hash. */
export function standsAt({ sums, size }: Roll, place: number, hash: number): boolean {
  return place >= 1 && place <= size && sums[place] === addHash(sums[place - 1] as number, hash);
}

/** A sum with one more hash, a whole number of which the lowest 32 bits count. */
export function addHash(sum: number, hash: number): number {
  return (sum + (hash | 0)) >>> 0;
}
