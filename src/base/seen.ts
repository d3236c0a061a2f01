import { hashText } from './sample.ts';

/**
 * Which names were there before, by 64 bits of a hash of each: eight bytes a name, however long it is. Says of a new name that it was there
 * by a chance of a few in 10^8 with millions of them, and never that an old one was not. Plain data.
 */
export interface Seen {
  /** Pairs of hash words, at the place of the first or behind it; a pair of zeros is free. */
  slots: Int32Array;
  size: number;
}

/** Nothing seen yet. */
export function newSeen(): Seen {
  return { slots: new Int32Array(2 * 64), size: 0 };
}

/** Takes a name down, by two hash words. Returns whether it was there before. */
export function see(seen: Seen, first: number, second: number): boolean {
  if (!put(seen.slots, first | 0, second | 1)) return true;
  seen.size++;
  if (seen.size * 8 <= seen.slots.length * 3) return false;
  const { slots } = seen;
  seen.slots = new Int32Array(slots.length * 2);
  for (let at = 0; at < slots.length; at += 2) {
    if (slots[at + 1] !== 0) put(seen.slots, slots[at] as number, slots[at + 1] as number);
  }
  return false;
}

/** The same of a name that is a string. */
export function seeName(seen: Seen, name: string): boolean {
  return see(seen, ...hashesOf(name));
}

/** Whether a name was there before. */
export function hasName(seen: Seen, name: string): boolean {
  return has(seen, ...hashesOf(name));
}

/** The same of a name by its hash words. */
export function has({ slots }: Seen, first: number, second: number): boolean {
  const mask = slots.length - 1;
  for (let at = (first * 2) & mask; slots[at + 1] !== 0; at = (at + 2) & mask) {
    if (slots[at] === (first | 0) && slots[at + 1] === (second | 1)) return true;
  }
  return false;
}

function hashesOf(name: string): [number, number] {
  const hash = hashText(name);
  return [hash % 2 ** 32, Math.floor(hash / 2 ** 31)];
}

/** `second` is odd, so that no pair is one of zeros. Returns whether the pair was not there. */
function put(slots: Int32Array, first: number, second: number): boolean {
  const mask = slots.length - 1;
  for (let at = (first * 2) & mask; ; at = (at + 2) & mask) {
    if (slots[at + 1] === 0) {
      slots[at] = first;
      slots[at + 1] = second;
      return true;
    }
    if (slots[at] === first && slots[at + 1] === second) return false;
  }
}
