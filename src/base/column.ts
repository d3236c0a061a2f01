/** The typed arrays that a column can be made of. */
type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

/** A list of numbers that takes as few bytes as they need, and grows. What was never set is 0. */
export class Column<Kind extends Numbers> {
  readonly #make: new (
    length: number,
  ) => Kind;
  private numbers: Kind;

  constructor(make: new (length: number) => Kind) {
    this.#make = make;
    this.numbers = new make(256);
  }

  get(index: number): number {
    return this.numbers[index] ?? 0;
  }

  set(index: number, value: number): void {
    if (index >= this.numbers.length) {
      const grown = new this.#make(2 ** Math.ceil(Math.log2(index + 1)));
      grown.set(this.numbers);
      this.numbers = grown;
    }
    this.numbers[index] = value;
  }
}
