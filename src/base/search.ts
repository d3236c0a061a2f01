/** How many of the ordered items stand before the first for which the test fails; it holds for none after one for which it fails. */
export function countWhile<Item>(ordered: ArrayLike<Item>, holds: (item: Item) => boolean): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(ordered[middle] as Item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
