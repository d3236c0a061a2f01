/**
 * Which names came lately, by 64 bits of a hash of each, as in `seen.ts`; the oldest can be forgotten, one after the other. A name that came twice is
 * forgotten twice, too. Names stand in a round, each with the place of the one before it in its bucket: what is forgotten needs no clearing away.
 */
export class Lately {
  /** Counted on, from one round to the next: where the oldest stands, and where the next one will. */
  #oldest = 0;
  #next = 0;
  #hashes = new Int32Array(2 * 64);
  /** By place in the round: one more than the place of the name before it in its bucket; 0 where there was none. */
  #before = new Int32Array(64);
  /** By bucket: one more than the place of its newest name. */
  #newest = new Int32Array(64);

  get size(): number {
    return this.#next - this.#oldest;
  }

  has(first: number, second: number): boolean {
    const mask = this.#newest.length - 1;
    const oldest = this.#oldest;
    for (let place = (this.#newest[first & mask] as number) - 1; place >= oldest; ) {
      const at = place & mask;
      if (this.#hashes[2 * at] === first && this.#hashes[2 * at + 1] === second) return true;
      place = (this.#before[at] as number) - 1;
    }
    return false;
  }

  /** Takes a name down, by two hash words. */
  add(first: number, second: number): void {
    if (this.size === this.#newest.length) this.#grow();
    const mask = this.#newest.length - 1;
    const at = this.#next & mask;
    this.#hashes[2 * at] = first;
    this.#hashes[2 * at + 1] = second;
    this.#before[at] = this.#newest[first & mask] as number;
    this.#next += 1;
    this.#newest[first & mask] = this.#next;
  }

  forgetOldest(): void {
    if (this.size > 0) this.#oldest += 1;
  }

  #grow(): void {
    const [hashes, mask, oldest, next] = [this.#hashes, this.#newest.length - 1, this.#oldest, this.#next];
    this.#hashes = new Int32Array(hashes.length * 2);
    this.#before = new Int32Array(hashes.length);
    this.#newest = new Int32Array(hashes.length);
    this.#next = oldest;
    for (let place = oldest; place < next; place += 1) {
      const at = 2 * (place & mask);
      this.add(hashes[at] as number, hashes[at + 1] as number);
    }
  }
}
