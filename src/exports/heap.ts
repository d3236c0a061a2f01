/** Items of which the least is always at hand. */
export class Heap<Item> {
  readonly #items: Item[] = [];
  readonly #compare: (left: Item, right: Item) => number;

  constructor(compare: (left: Item, right: Item) => number) {
    this.#compare = compare;
  }

  /** The least item. */
  get least(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    let at = this.#items.push(item) - 1;
    while (at > 0 && this.#swapIfLess(at, (at - 1) >> 1)) at = (at - 1) >> 1;
  }

  /** Takes the least item away. */
  take(): Item | undefined {
    const least = this.least;
    const last = this.#items.pop();
    if (last === undefined || this.#items.length === 0) return least;
    this.#items[0] = last;
    for (let at = 0; ; ) {
      const [left, right] = [2 * at + 1, 2 * at + 2];
      if (left >= this.#items.length) return least;
      const child = right < this.#items.length && this.#isLess(right, left) ? right : left;
      if (!this.#swapIfLess(child, at)) return least;
      at = child;
    }
  }

  #swapIfLess(at: number, above: number): boolean {
    if (!this.#isLess(at, above)) return false;
    const items = this.#items as [Item, ...Item[]];
    [items[at], items[above]] = [items[above] as Item, items[at] as Item];
    return true;
  }

  #isLess(left: number, right: number): boolean {
    return this.#compare(this.#items[left] as Item, this.#items[right] as Item) < 0;
  }
}
