/** The items with the smallest hashes of all that were offered: the same sample in whatever order they came. Plain data. */
export interface Sample<Item> {
  readonly size: number;
  readonly kept: { readonly hash: number; readonly item: Item }[];
  /** No hash above it is kept any more. */
  limit: number;
}

/** An empty sample that will keep at most this many items. */
export function newSample<Item>(size: number): Sample<Item> {
  return { size, kept: [], limit: Number.POSITIVE_INFINITY };
}

/** Offers an item. What stays is settled each time that twice as many as needed wait. */
export function offer<Item>(sample: Sample<Item>, hash: number, item: Item): void {
  if (hash > sample.limit) return;
  sample.kept.push({ hash, item });
  if (sample.kept.length >= sample.size * 2) settle(sample);
}

/** The sampled items, by their hashes. */
export function sampled<Item>(sample: Sample<Item>): readonly Item[] {
  settle(sample);
  return sample.kept.map(({ item }) => item);
}

/** A hash of 53 bits of a text (cyrb53), to choose a sample by: not for secrets. */
export function hashText(text: string): number {
  const hash = new RunningHash();
  hash.addText(text);
  return hash.value();
}

/** The same of a text that is not at hand as a string, unit by unit of its UTF-16. */
export class RunningHash {
  #high = 0xdeadbeef;
  #low = 0x41c6ce57;

  add(unit: number): void {
    this.#high = Math.imul(this.#high ^ unit, 2654435761);
    this.#low = Math.imul(this.#low ^ unit, 1597334677);
  }

  addText(text: string): void {
    for (let index = 0; index < text.length; index++) this.add(text.charCodeAt(index));
  }

  /** Goes on from where another one is. */
  goOnFrom(other: RunningHash): void {
    this.#high = other.#high;
    this.#low = other.#low;
  }

  value(): number {
    const [first, second] = [this.#high, this.#low];
    const high = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
    const low = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
    return 4294967296 * (2097151 & low) + (high >>> 0);
  }
}

function settle<Item>(sample: Sample<Item>): void {
  const { kept, size } = sample;
  kept.sort((left, right) => left.hash - right.hash);
  if (kept.length < size) return;
  kept.length = size;
  sample.limit = (kept.at(-1) as { hash: number }).hash;
}
