import { dequeue, enqueue, lengthOf, newQueue, type Queue, queued } from '../../base/queue.ts';
import type { Peers } from './peers.ts';

/** How many clocks of one device are kept at least before anybody looks which of them are needed no more. */
const fewSent = 64;

/** What is kept of a clock, so that another goes on from there. */
export interface KeptClock {
  readonly knows: readonly number[];
  readonly joined: readonly number[];
  readonly written: number;
  readonly sent: readonly (readonly number[])[];
}

/**
 * A device's place in happens-before, while its rows pass: what `CausalClock` keeps of a history, kept of rows in which no effect is missing
 * or out of order. Effects go by their origin and their number there.
 */
export class RowClock {
  /** Its number among all devices of the run. */
  readonly number: number;
  readonly #peers: Peers<RowClock>;
  /** By device, how many of its rows happened before; its own entry counts for nothing. */
  readonly #knows: number[];
  /** By origin, the newest of its effects that the device has heard of. */
  readonly #joined: number[];
  /** What it knew when it wrote its newest effects, of which not everybody may have heard. */
  readonly #sent: Queue<readonly number[]> = newQueue();
  #written: number;
  #mostSent = fewSent;

  constructor(number: number, peers: Peers<RowClock>, { knows, joined, written, sent }: KeptClock = nothingKnown) {
    this.number = number;
    this.#peers = peers;
    this.#knows = [...knows];
    this.#joined = [...joined];
    this.#written = written;
    this.#sent.items.push(...sent);
    peers.seen.push(this);
  }

  /** It writes its next effect, by a line at a place in its order. */
  write(place: number): void {
    this.#written += 1;
    if (this.#peers.devices === 1) return;
    enqueue(this.#sent, this.at(place));
    if (lengthOf(this.#sent) >= this.#mostSent) this.#mostSent = Math.max(fewSent, 2 * this.forgetHeard());
  }

  /** It hears of an effect of another. */
  hear(origin: RowClock, originSeq: number): void {
    if ((this.#joined[origin.number] ?? 0) >= originSeq) return;
    fill(this.#joined, origin.number)[origin.number] = originSeq;
    const { items } = origin.#sent;
    const clock = items[items.length - 1 - (origin.#written - originSeq)];
    if (clock === undefined) return;
    const knows = fill(this.#knows, clock.length - 1);
    for (let other = 0; other < clock.length; other += 1) {
      const known = clock[other] as number;
      if (known > (knows[other] as number)) knows[other] = known;
    }
  }

  /** What it knows by a line at a place in its order. */
  at(place: number): readonly number[] {
    const clock = [...fill(this.#knows, this.number)];
    clock[this.number] = place;
    return clock;
  }

  /** What others go on from. */
  keep(): KeptClock {
    return {
      ...{ knows: [...this.#knows], joined: [...this.#joined], written: this.#written },
      sent: queued(this.#sent),
    };
  }

  /** Forgets the clocks of effects of which everybody has heard. Returns how many are left. */
  forgetHeard(): number {
    const { devices, seen } = this.#peers;
    const heardBy = (other: RowClock) => (other === this ? this.#written : (other.#joined[this.number] ?? 0));
    const heard = seen.length < devices ? 0 : Math.min(...seen.map(heardBy));
    for (let gone = lengthOf(this.#sent) - (this.#written - heard); gone > 0; gone -= 1) dequeue(this.#sent);
    return lengthOf(this.#sent);
  }
}

const nothingKnown: KeptClock = { knows: [], joined: [], written: 0, sent: [] };

/** A list with zeros up to a place, where it ended before that. */
function fill(list: number[], place: number): number[] {
  while (list.length <= place) list.push(0);
  return list;
}
