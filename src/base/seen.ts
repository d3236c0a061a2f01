import { hashText } from './sample.ts';

/**
 * Which names were there before, by 64 bits of a hash of each: eight bytes a name, however long it is. Says of a new name that it was there
 * by a chance of a few in 10^8 with millions of them, and never that an old one was not. Grows part by part, so that no large table is
 * copied into one twice as large (Fagin et al., Extendible hashing, 1979). Plain data.
 */
export interface Seen {
  /** By the lowest bits of the second hash, but for the last one; as many entries as need be are the same part. */
  readonly parts: Part[];
  size: number;
}

interface Part {
  /** Pairs of hash words, at the place of the first or behind it; a pair of zeros is free. */
  slots: Int32Array;
  size: number;
  /** How many bits all of its names have in common. */
  bits: number;
}

/** How many words the slots of a part have before it is split. */
const partLength = 2 * 4096;
/** A part whose names have so many bits in common grows however long it is. */
const mostBits = 12;
/** The slots of a part that is split, while it is. */
const scratch = new Int32Array(partLength);

/** Nothing seen yet. */
export function newSeen(): Seen {
  return { parts: [newPart(2 * 64, 0)], size: 0 };
}

/** Takes a name down, by two hash words. Returns whether it was there before. */
export function see(seen: Seen, first: number, second: number): boolean {
  const part = partOf(seen, second);
  if (!put(part, first | 0, second | 1)) return true;
  seen.size++;
  if (part.size * 8 > part.slots.length * 3) makeRoom(seen, part);
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
export function has(seen: Seen, first: number, second: number): boolean {
  const { slots } = partOf(seen, second);
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

function newPart(length: number, bits: number): Part {
  return { slots: new Int32Array(length), size: 0, bits };
}

function partOf({ parts }: Seen, second: number): Part {
  return parts[(second >>> 1) & (parts.length - 1)] as Part;
}

/** `second` is odd, so that no pair is one of zeros. Returns whether the pair was not there. */
function put(part: Part, first: number, second: number): boolean {
  const { slots } = part;
  const mask = slots.length - 1;
  for (let at = (first * 2) & mask; ; at = (at + 2) & mask) {
    if (slots[at + 1] === 0) {
      slots[at] = first;
      slots[at + 1] = second;
      part.size++;
      return true;
    }
    if (slots[at] === first && slots[at + 1] === second) return false;
  }
}

/** Makes a part longer, or half of it another one. */
function makeRoom({ parts }: Seen, part: Part): void {
  const { slots, bits } = part;
  part.size = 0;
  if (slots.length !== partLength || bits === mostBits) {
    part.slots = new Int32Array(slots.length * 2);
    share(slots, () => part);
    return;
  }
  part.bits += 1;
  const other = newPart(partLength, part.bits);
  if (2 ** bits === parts.length) parts.push(...parts);
  for (let index = 2 ** bits; index < parts.length; index += 1) {
    if (parts[index] === part && isSet(index, bits)) parts[index] = other;
  }
  scratch.set(slots);
  slots.fill(0);
  share(scratch, (second) => (isSet(second >>> 1, bits) ? other : part));
}

/** Puts all that is in some slots where it belongs. */
function share(slots: Int32Array, partFor: (second: number) => Part): void {
  for (let at = 0; at < slots.length; at += 2) {
    const second = slots[at + 1] as number;
    if (second !== 0) put(partFor(second), slots[at] as number, second);
  }
}

function isSet(word: number, bit: number): boolean {
  return ((word >>> bit) & 1) === 1;
}
