/**
 * Names in their order, by the sums of their hashes up to each of them: a number for a name, by which a list in any order can be held
 * against all that were there at some point. Lists that differ have the same sum by a chance in 2^32. Plain data.
 */
export interface Roll {
  /** By how many names: their sum, as 32 bits. In pieces, so that none is copied into a larger one. */
  readonly sums: Uint32Array[];
  size: number;
}

/** How many sums are in a piece: a power of two. */
const piece = 1024;

/** A roll with nobody on it. */
export function newRoll(): Roll {
  return { sums: [new Uint32Array(piece)], size: 0 };
}

/** Puts a name, by its hash, behind the others. */
export function enrol(roll: Roll, hash: number): void {
  const { sums, size } = roll;
  const sum = addHash(at(roll, size), hash);
  const next = size + 1;
  if (next % piece === 0) sums.push(new Uint32Array(piece));
  (sums[Math.floor(next / piece)] as Uint32Array)[next % piece] = sum;
  roll.size = next;
}

/** How many names there are. */
export function sizeOf({ size }: Roll): number {
  return size;
}

/** The sum of so many names from the beginning; `undefined` where there are fewer. */
export function sumOf(roll: Roll, count: number): number | undefined {
  return count <= roll.size ? at(roll, count) : undefined;
}

/** Whether the name in this place, from 1, has this hash. */
export function standsAt(roll: Roll, place: number, hash: number): boolean {
  return place >= 1 && place <= roll.size && at(roll, place) === addHash(at(roll, place - 1), hash);
}

/** A sum with one more hash, a whole number of which the lowest 32 bits count. */
export function addHash(sum: number, hash: number): number {
  return (sum + (hash | 0)) >>> 0;
}

function at({ sums }: Roll, count: number): number {
  return (sums[Math.floor(count / piece)] as Uint32Array)[count % piece] as number;
}
