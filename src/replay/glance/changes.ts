import { Column } from '../../base/column.ts';
import { RowNumbers } from './row-numbers.ts';

/** What effects that are under way change, in columns: the token, by how much, and on which devices it is booked. */
export class Changes {
  private readonly rows = new RowNumbers();
  private readonly token = new Column(Int32Array);
  private readonly delta = new Column(Int32Array);
  private readonly bookedOn = new Column(Int32Array);
  private readonly next = new Column(Int32Array);

  /** Takes a change of a token by an amount, both by number; `next`: another of the same effect. Returns its number. */
  add(token: number, delta: number, next: number): number {
    const change = this.rows.take();
    this.token.set(change, token);
    this.delta.set(change, delta);
    this.bookedOn.set(change, 0);
    this.next.set(change, next);
    return change;
  }

  tokenOf(change: number): number {
    return this.token.get(change);
  }

  deltaOf(change: number): number {
    return this.delta.get(change);
  }

  nextOf(change: number): number {
    return this.next.get(change);
  }

  /** Whether a device booked it; the device as a bit. */
  isBookedOn(change: number, bit: number): boolean {
    return (this.bookedOn.get(change) & bit) !== 0;
  }

  book(change: number, bit: number): void {
    this.bookedOn.set(change, this.bookedOn.get(change) | bit);
  }

  /** Gives its number back; the change that follows it is known until it is given again. */
  release(change: number): void {
    this.rows.release(change);
  }
}
