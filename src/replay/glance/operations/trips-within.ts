import { Cover, type Interval } from '../../../base/intervals.ts';

/** When trips were under way within their operation, in the order of their beginnings. Used again, it takes no more room. */
export class TripsWithin {
  count = 0;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Most come nearly in order. */
  add(start: number, end: number): void {
    let at = this.count;
    for (; at > 0 && (this.#starts[at - 1] as number) > start; at -= 1) {
      this.#starts[at] = this.#starts[at - 1] as number;
      this.#ends[at] = this.#ends[at - 1] as number;
    }
    this.#starts[at] = start;
    this.#ends[at] = end;
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

  /** The time in which any was under way. */
  unionUs(): number {
    const cover = new Cover();
    for (let trip = 0; trip < this.count; trip += 1)
      cover.add(this.#starts[trip] as number, this.#ends[trip] as number);
    return cover.length;
  }

  all(): Interval[] {
    return Array.from({ length: this.count }, (_, trip) => ({
      start: this.#starts[trip] as number,
      end: this.#ends[trip] as number,
    }));
  }
}
