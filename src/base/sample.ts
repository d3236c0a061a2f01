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
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}

function settle<Item>(sample: Sample<Item>): void {
  const { kept, size } = sample;
  kept.sort((left, right) => left.hash - right.hash);
  if (kept.length < size) return;
  kept.length = size;
  sample.limit = (kept.at(-1) as { hash: number }).hash;
}
