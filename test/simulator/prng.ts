/** A small seeded generator (mulberry32), so that one seed is one run on every machine and every Node. */
export class Random {
  readonly #seed: number;
  #state: number;

  constructor(seed: number) {
    this.#seed = seed >>> 0;
    this.#state = this.#seed;
  }

  /** A number in [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number between the two, both included. */
  between(lowest: number, highest: number): number {
    return lowest + Math.floor(this.next() * (highest - lowest + 1));
  }

  /** True in the given share of calls. */
  chance(share: number): boolean {
    return this.next() < share;
  }

  /** One of the list, or nothing where the list is empty. */
  pickOptional<Item>(list: readonly Item[]): Item | undefined {
    return list[Math.floor(this.next() * list.length)];
  }

  /** One of a list that is known to have something in it. */
  pick<Item>(list: readonly Item[]): Item {
    if (list.length === 0) throw new Error('simulator: nothing to pick from');
    return list[Math.floor(this.next() * list.length)] as Item;
  }

  /** The same things in another order. */
  shuffled<Item>(list: readonly Item[]): Item[] {
    const result = [...list];
    for (let last = result.length - 1; last > 0; last--) {
      const other = this.between(0, last);
      [result[last], result[other]] = [result[other] as Item, result[last] as Item];
    }
    return result;
  }

  /** That many hexadecimal digits. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits)
      text += Math.floor(this.next() * 4294967296)
        .toString(16)
        .padStart(8, '0');
    return text.slice(0, digits);
  }

  /** A whole amount between 1 and the highest, of any size. */
  amountUpTo(highest: bigint): bigint {
    return highest <= 1n ? 1n : (BigInt(`0x${this.hex(highest.toString(16).length + 8)}`) % highest) + 1n;
  }

  /** A generator of its own for one purpose: drawing from it does not move the others, so a new feature leaves old seeds alone. */
  fork(label: string): Random {
    let hash = (this.#seed ^ 0x811c9dc5) >>> 0;
    for (let index = 0; index < label.length; index++)
      hash = Math.imul(hash ^ label.charCodeAt(index), 0x01000193) >>> 0;
    return new Random(hash);
  }
}
