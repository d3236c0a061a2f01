/** So many ids are told apart. Where there are more, every operation is taken for a late one. */
const mostKept = 4096;

/**
 * Operations to which something happens when they are over, by the first hashes of their ids. Whoever learns of one has summed it up by then, and must
 * look at the run once more, with its lines as events from the first one on.
 */
export class LateIds {
  readonly #hashes = new Set<number>();

  /** Whether there are any. */
  get any(): boolean {
    return this.#hashes.size > 0;
  }

  has(hash: number): boolean {
    return this.#hashes.size > 0 && (this.#hashes.has(hash) || this.#hashes.size >= mostKept);
  }

  add(hash: number): void {
    if (this.#hashes.size < mostKept) this.#hashes.add(hash);
  }

  addAll(others: LateIds): void {
    for (const hash of others.#hashes) this.add(hash);
  }
}
