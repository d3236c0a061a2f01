import { Column } from '../../base/column.ts';
import { RowNumbers } from './row-numbers.ts';

/** What stands behind the last change of an effect. */
export const noChange = -1;

/** What effects that are under way change, in columns: the token, by how much, and on which devices that is done. */
export class Changes {
  private readonly rows = new RowNumbers();
  private readonly token = new Column(Int32Array);
  private readonly delta = new Column(Int32Array);
  private readonly effect = new Column(Int32Array);
  /** On which devices a line books it, and on which it is done without one; as bits. */
  private readonly bookedOn = new Column(Int32Array);
  private readonly passedOn = new Column(Int32Array);
  private readonly next = new Column(Int32Array);

  /** Takes a change that an effect makes of a token by an amount, all by number; `next`: another of the same effect. Returns its number. */
  add(effect: number, token: number, delta: number, next: number): number {
    const change = this.rows.take();
    this.effect.set(change, effect);
    this.token.set(change, token);
    this.delta.set(change, delta);
    this.bookedOn.set(change, 0);
    this.passedOn.set(change, 0);
    this.next.set(change, next);
    return change;
  }

  effectOf(change: number): number {
    return this.effect.get(change);
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

  /** A change, and those that follow it. */
  *from(first: number): Generator<number> {
    for (let change = first; change !== noChange; change = this.nextOf(change)) yield change;
  }

  /** Whether it is done on a device, which is given as a bit. */
  isDoneOn(change: number, bit: number): boolean {
    return ((this.bookedOn.get(change) | this.passedOn.get(change)) & bit) !== 0;
  }

  /** On which devices a line books it, as bits. */
  linesOf(change: number): number {
    return this.bookedOn.get(change);
  }

  book(change: number, bit: number): void {
    this.bookedOn.set(change, this.bookedOn.get(change) | bit);
  }

  /** A device has nothing to book. */
  pass(change: number, bit: number): void {
    this.passedOn.set(change, this.passedOn.get(change) | bit);
  }

  /** It is to be done once more on a device. */
  undo(change: number, bit: number): void {
    this.bookedOn.set(change, this.bookedOn.get(change) & ~bit);
    this.passedOn.set(change, this.passedOn.get(change) & ~bit);
  }

  /** Gives its number back; the change that follows it is known until it is given again. */
  release(change: number): void {
    this.rows.release(change);
  }
}
