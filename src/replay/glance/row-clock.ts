import type { Peers } from './peers.ts';

/** How many clocks of one device there is room for, at first: a power of two, as it stays. */
const smallRoom = 64;

/** What is kept of a clock, so that another goes on from there. */
export interface KeptClock {
  readonly knows: Int32Array;
  readonly heard: Int32Array;
  readonly written: number;
  /** How many of its effects everybody has heard of, and the clocks of all that it wrote since. */
  readonly forgotten: number;
  readonly sent: Int32Array;
}

/**
 * A device's place in happens-before, while its rows pass: what `CausalClock` keeps of a history, kept of rows in which no effect is missing
 * or out of order. Effects go by their origin and their number there, and stay among the devices of one identity.
 */
export class RowClock {
  /** Its number among all devices of the run, and among those of its identity. */
  readonly number: number;
  readonly #index: number;
  readonly #peers: Peers<RowClock>;
  /** By device of the identity, how many of its rows happened before; its own entry counts for nothing. */
  readonly #knows: Int32Array;
  /** By origin, the newest of its effects that the device has heard of. */
  readonly #heard: Int32Array;
  /** What it knew when it wrote its newest effects, at their numbers modulo the room that there is. */
  #sent: Int32Array;
  #room = smallRoom;
  #written = 0;
  /** How many of its effects everybody has heard of. */
  #forgotten = 0;

  constructor(number: number, peers: Peers<RowClock>, kept?: KeptClock) {
    const { devices, seen } = peers;
    this.number = number;
    this.#index = seen.length;
    this.#peers = peers;
    this.#knows = kept?.knows.slice() ?? new Int32Array(devices);
    this.#heard = kept?.heard.slice() ?? new Int32Array(devices);
    this.#sent = new Int32Array(this.#room * devices);
    seen.push(this);
    if (!kept) return;
    this.#forgotten = kept.forgotten;
    this.#written = kept.forgotten;
    for (let at = 0; at < kept.sent.length; at += devices) this.#send(kept.sent.subarray(at, at + devices));
  }

  /** It writes its next effect, by a line at a place in its order. */
  write(place: number): void {
    this.#knows[this.#index] = place;
    this.#send(this.#knows);
  }

  /** It hears of an effect of another. */
  hear(origin: RowClock, originSeq: number): void {
    const from = origin.#index;
    if ((this.#heard[from] as number) >= originSeq) return;
    this.#heard[from] = originSeq;
    if (originSeq <= origin.#forgotten) return;
    const knows = this.#knows;
    const sent = origin.#sent;
    const base = (originSeq & (origin.#room - 1)) * knows.length;
    for (let other = 0; other < knows.length; other += 1) {
      const known = sent[base + other] as number;
      if (known > (knows[other] as number)) knows[other] = known;
    }
  }

  /** By device of the run, what it knows by a line at a place in its order. */
  at(place: number): readonly number[] {
    const { seen } = this.#peers;
    const clock = new Array<number>(1 + Math.max(...seen.map(({ number }) => number))).fill(0);
    for (const [index, { number }] of seen.entries()) clock[number] = this.#knows[index] as number;
    clock[this.number] = place;
    return clock;
  }

  /** Forgets the clocks of effects of which everybody has heard. Returns how many are left. */
  forgetHeard(): number {
    const { devices, seen } = this.#peers;
    const heardBy = (other: RowClock) => (other === this ? this.#written : (other.#heard[this.#index] as number));
    if (seen.length === devices) this.#forgotten = Math.min(...seen.map(heardBy));
    return this.#written - this.#forgotten;
  }

  /** What others go on from. */
  keep(): KeptClock {
    const forgotten = this.#forgotten;
    const written = this.#written;
    return { knows: this.#knows.slice(), heard: this.#heard.slice(), written, forgotten, sent: this.#newest() };
  }

  #send(clock: Int32Array): void {
    if (this.#written - this.#forgotten === this.#room && this.forgetHeard() * 2 > this.#room) this.#grow();
    this.#written += 1;
    this.#sent.set(clock, (this.#written & (this.#room - 1)) * clock.length);
  }

  #grow(): void {
    const { devices } = this.#peers;
    const newest = this.#newest();
    this.#room *= 2;
    this.#sent = new Int32Array(this.#room * devices);
    for (let at = 0, number = this.#forgotten + 1; at < newest.length; at += devices, number += 1) {
      this.#sent.set(newest.subarray(at, at + devices), (number & (this.#room - 1)) * devices);
    }
  }

  /** The clocks of its effects of which not everybody has heard, the oldest first. */
  #newest(): Int32Array {
    const { devices } = this.#peers;
    const newest = new Int32Array((this.#written - this.#forgotten) * devices);
    for (let at = 0, number = this.#forgotten + 1; at < newest.length; at += devices, number += 1) {
      const base = (number & (this.#room - 1)) * devices;
      newest.set(this.#sent.subarray(base, base + devices), at);
    }
    return newest;
  }
}
