/**
 * First in, first out: plain data. A `Set` or `Map` from which the oldest is deleted again and again is slow: it looks for the oldest
 * behind the gaps of all that were deleted before.
 */
export interface Queue<Item> {
  items: Item[];
  /** Where the oldest stands; those before it are gone. */
  head: number;
}

/** A queue with nothing in it. */
export function newQueue<Item>(): Queue<Item> {
  return { items: [], head: 0 };
}

/** Puts an item behind all others. */
export function enqueue<Item>({ items }: Queue<Item>, item: Item): void {
  items.push(item);
}

/** Takes the oldest item out; `undefined` where there is none. */
export function dequeue<Item>(queue: Queue<Item>): Item | undefined {
  const item = queue.items[queue.head];
  if (queue.head === queue.items.length) return undefined;
  queue.head++;
  if (queue.head > 64 && queue.head * 2 > queue.items.length) {
    queue.items = queue.items.slice(queue.head);
    queue.head = 0;
  }
  return item;
}

/** What waits, the oldest first. */
export function queued<Item>({ items, head }: Queue<Item>): readonly Item[] {
  return items.slice(head);
}

/** How many wait. */
export function lengthOf({ items, head }: Queue<unknown>): number {
  return items.length - head;
}
