/** A column of integers that grows with the numbers given to rows; a row that nobody wrote holds 0. */
export class Column {
  #values = new Int32Array(64);

  get(row: number): number {
    return this.#values[row] as number;
  }

  set(row: number, value: number): void {
    if (row >= this.#values.length) {
      const grown = new Int32Array(Math.max(this.#values.length * 2, row + 1));
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[row] = value;
  }
}

/** Rows that live, each with a number for as long as it does. */
export class Rows {
  readonly #free: number[] = [];
  #bound = 0;

  take(): number {
    return this.#free.pop() ?? this.#bound++;
  }

  release(row: number): void {
    this.#free.push(row);
  }
}
