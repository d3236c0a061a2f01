/** When trips were under way within their operation, in the order of their ends. Used again, it takes no more room. */
export class TripsWithin {
  count = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** By number of trips from the first on: how long the longest chain among them is. */
  readonly #longest: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Most come in order: a line is written when its trip is over. */
  add(start: number, end: number): void {
    const starts = this.#starts;
    const ends = this.#ends;
    let at = this.count;
    for (; at > 0; at -= 1) {
      const before = ends[at - 1] as number;
      if (before < end || (before === end && (starts[at - 1] as number) <= start)) break;
      starts[at] = starts[at - 1] as number;
      ends[at] = before;
    }
    starts[at] = start;
    ends[at] = end;
    this.count += 1;
  }

  /** The time in all of them. */
  tripsUs(): number {
    let sum = 0;
    for (let trip = 0; trip < this.count; trip += 1) {
      sum += (this.#ends[trip] as number) - (this.#starts[trip] as number);
    }
    return sum;
  }

  /** The time in which any was under way: the last first, each as far as none behind it was. */
  unionUs(): number {
    let sum = 0;
    let reached = Number.POSITIVE_INFINITY;
    for (let trip = this.count - 1; trip >= 0; trip -= 1) {
      const start = this.#starts[trip] as number;
      if (start >= reached) continue;
      sum += Math.min(this.#ends[trip] as number, reached) - start;
      reached = start;
    }
    return sum;
  }

  /** How long the longest chain is of those of which each begins when the one before it is over: the length that `longestChain` finds. */
  chainUs(slack: number): number {
    const longest = this.#longest;
    longest[0] = 0;
    for (let trip = 0; trip < this.count; trip += 1) {
      const start = this.#starts[trip] as number;
      let before = trip;
      while (before > 0 && (this.#ends[before - 1] as number) > start + slack) before -= 1;
      const chain = (longest[before] as number) + (this.#ends[trip] as number) - start;
      longest[trip + 1] = Math.max(longest[trip] as number, chain);
    }
    return longest[this.count] as number;
  }
}
