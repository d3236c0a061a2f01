/** Every piece begins with how many integers it takes, which is below 0 once it was given back, and one that is not used. */
const header = 2;

/**
 * Memory for pieces of any length, most of which are given back in the order in which they were taken. It goes round, so that its length follows what
 * is in use. Pieces hold integers, and numbers at even places.
 */
export class Ring {
  /** What the pieces stand in, as integers and as numbers. Others, once a piece is taken. */
  integers = new Int32Array(1024);
  numbers = new Float64Array(this.integers.buffer);
  /** Where the oldest piece begins and where the next one will, counted on from one round to the next. */
  #oldest = 0;
  #next = 0;

  /** Takes a piece of so many integers. Returns its key. */
  take(count: number): number {
    const size = header + count + (count & 1);
    let left = this.#left();
    while (this.#next + (left < size ? left : 0) + size - this.#oldest > this.integers.length) {
      this.#grow();
      left = this.#left();
    }
    // A piece does not go over the end.
    if (left < size) this.#next = this.#put(-left);
    const key = this.#next;
    this.#next = this.#put(size);
    return key;
  }

  /** Where a piece stands. */
  at(key: number): number {
    return this.#place(key) + header;
  }

  /** Gives a piece back. Its room is taken again when those before it are given back, too. */
  giveBack(key: number): void {
    const { integers } = this;
    integers[this.#place(key)] = -(integers[this.#place(key)] as number);
    while (this.#oldest < this.#next) {
      const size = integers[this.#place(this.#oldest)] as number;
      if (size > 0) return;
      this.#oldest -= size;
    }
  }

  #place(key: number): number {
    return key & (this.integers.length - 1);
  }

  /** How much room is left up to the end. */
  #left(): number {
    return this.integers.length - this.#place(this.#next);
  }

  #put(size: number): number {
    this.integers[this.#place(this.#next)] = size;
    return this.#next + Math.abs(size);
  }

  /** Pieces stand where they stood, or one length further on. */
  #grow(): void {
    const old = this.integers;
    this.integers = new Int32Array(old.length * 2);
    this.numbers = new Float64Array(this.integers.buffer);
    for (let key = this.#oldest; key < this.#next; key += 1) {
      this.integers[this.#place(key)] = old[key & (old.length - 1)] as number;
    }
  }
}
