/** So many ids are told apart. */
const mostKept = 4096;

/**
 * Operations to which something happens when they are over, by the first hashes of their ids. Whoever learns of one has summed it up by then, and must
 * look at the run once more, with its lines as events from the first one on.
 */
export class LateIds {
  readonly #hashes = new Set<number>();
  readonly #most: number;

  /** `most`: where there are more, each operation is taken for one of them. */
  constructor(most = mostKept) {
    this.#most = most;
  }

  /** Whether there are any. */
  get any(): boolean {
    return this.#hashes.size > 0;
  }

  has(hash: number): boolean {
    return this.#hashes.size >= this.#most || (this.#hashes.size > 0 && this.#hashes.has(hash));
  }

  add(hash: number): void {
    if (this.#hashes.size < this.#most) this.#hashes.add(hash);
  }
}
