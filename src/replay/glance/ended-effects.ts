import { dequeue, enqueue, lengthOf, newQueue, queued } from '../../base/queue.ts';
import type { Amounts } from './amounts.ts';
import { type Changes, noChange } from './changes.ts';
import type { EffectsUnderWay } from './effects-under-way.ts';
import type { TokenBook } from './token-book.ts';

/** How many effects that came everywhere are kept, for devices that are wiped and receive them again. Older ones come by a snapshot alone. */
const mostResting = 4096;

/** What was looked at and went by the book, for a report. */
export interface Booked {
  effects: number;
  changes: number;
  spent: number;
  transfers: number;
}

/** Effects of one identity that came everywhere: counted and forgotten, at once or, where a device may come back from a snapshot, after a while. */
export class EndedEffects {
  readonly booked: Booked = { effects: 0, changes: 0, spent: 0, transfers: 0 };
  /** By device, how far in its order the effects are known that are forgotten and changed balances. */
  readonly bookedUntil: Float64Array;
  readonly #effects: EffectsUnderWay;
  readonly #changes: Changes;
  readonly #tokens: TokenBook;
  readonly #amounts: Amounts;
  /** Whether a snapshot was published: before, nobody can come back from one. */
  private isPublished = false;
  /** Those that are kept, the oldest first. */
  private resting = newQueue<number>();
  /** By origin, the number of its newest effect that is forgotten. */
  private readonly forgotten: number[] = [];

  constructor(effects: EffectsUnderWay, changes: Changes, tokens: TokenBook, amounts: Amounts) {
    this.bookedUntil = new Float64Array(effects.devices);
    this.#effects = effects;
    this.#changes = changes;
    this.#tokens = tokens;
    this.#amounts = amounts;
  }

  publish(): void {
    this.isPublished = true;
  }

  /** Takes one that came everywhere. */
  add(effect: number): void {
    if (!this.isPublished) {
      this.#forget(effect);
      return;
    }
    this.#effects.rest(effect);
    enqueue(this.resting, effect);
    if (lengthOf(this.resting) > mostResting) this.#forget(dequeue(this.resting) as number);
  }

  /** What was kept did not come everywhere after all. */
  reopen(): void {
    this.resting = newQueue();
  }

  /** Whether a snapshot that claims so much of each origin lacks something that is forgotten. */
  isBeyond(claims: readonly number[]): boolean {
    return this.forgotten.some((originSeq, origin) => originSeq > (claims[origin] ?? 0));
  }

  /** Nobody will be wiped any more. */
  forgetAll(): void {
    for (const effect of queued(this.resting)) this.#forget(effect);
    this.resting = newQueue();
  }

  #forget(effect: number): void {
    const { origin, originSeq } = this.#effects.by(effect);
    this.forgotten[origin] = Math.max(this.forgotten[origin] ?? 0, originSeq);
    let lines = 0;
    for (let change = this.#effects.firstChange(effect); change !== noChange; ) {
      lines |= this.#changes.linesOf(change);
      if (this.#tokens.settle(this.#changes.tokenOf(change), change)) this.booked.spent += 1;
      this.booked.changes += this.#effects.devices;
      this.#amounts.release(this.#changes.deltaOf(change));
      this.#changes.release(change);
      change = this.#changes.nextOf(change);
    }
    for (let device = 0; device < this.#effects.devices; device += 1) {
      if ((lines & (1 << device)) === 0) continue;
      const since = this.#effects.since(effect, device);
      if (since > (this.bookedUntil[device] as number)) this.bookedUntil[device] = since;
    }
    this.#effects.end(effect);
    this.booked.effects += 1;
  }
}
