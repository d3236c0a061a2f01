/** How many bits there are: enough that of some thousand names few others seem to be among them. */
const bits = 2 ** 15;

/**
 * Which names were mentioned, by their hashes of 32 bits, in bounded memory: of a name that was not it may say that it was, but never the
 * other way round (Bloom, Space/time trade-offs in hash coding with allowable errors, 1970).
 */
export class Mentions {
  readonly #words = new Int32Array(bits / 32);

  add(hash: number): void {
    const words = this.#words;
    const low = hash & (bits - 1);
    const high = hash >>> 17;
    words[low >>> 5] = (words[low >>> 5] as number) | (1 << (low & 31));
    words[high >>> 5] = (words[high >>> 5] as number) | (1 << (high & 31));
  }

  mayHave(hash: number): boolean {
    const words = this.#words;
    const low = hash & (bits - 1);
    const high = hash >>> 17;
    return (((words[low >>> 5] as number) >>> (low & 31)) & ((words[high >>> 5] as number) >>> (high & 31)) & 1) === 1;
  }

  /** Adds all that others hold. */
  addAll(others: Mentions): void {
    const words = this.#words;
    for (let index = 0; index < words.length; index += 1) {
      words[index] = (words[index] as number) | (others.#words[index] as number);
    }
  }
}
