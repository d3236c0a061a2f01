/** Numbers of rows of columns: one that was given back is given again. */
export class RowNumbers {
  private readonly free: number[] = [];
  private bound = 0;

  take(): number {
    return this.free.pop() ?? this.bound++;
  }

  release(row: number): void {
    this.free.push(row);
  }
}
