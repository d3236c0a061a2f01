import type { Peers } from './peers.ts';

/** How many clocks of one device there is room for, at first: a power of two, as it stays. */
const smallRoom = 64;

/** What is kept of a clock, so that another goes on from there. */
export interface KeptClock {
  readonly written: number;
  /** How many of its effects everybody has heard of. */
  readonly forgotten: number;
  /** A row for what the device knows, one for what it has heard of, and one for what it knew when it wrote each effect since. */
  readonly rows: Int32Array;
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
    this.#knows = kept?.rows.slice(0, devices) ?? new Int32Array(devices);
    this.#heard = kept?.rows.slice(devices, 2 * devices) ?? new Int32Array(devices);
    this.#sent = new Int32Array(this.#room * devices);
    seen.push(this);
    if (!kept) return;
    this.#forgotten = kept.forgotten;
    this.#written = kept.forgotten;
    for (let at = 2 * devices; at < kept.rows.length; at += devices) this.#send(kept.rows.subarray(at, at + devices));
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

  /** It learns what another device knew, by device of the run. */
  learn(clock: readonly number[]): void {
    for (const [index, { number }] of this.#peers.seen.entries()) {
      this.#knows[index] = Math.max(this.#knows[index] as number, clock[number] ?? 0);
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
    const { devices } = this.#peers;
    const rows = new Int32Array((2 + written - forgotten) * devices);
    rows.set(this.#knows);
    rows.set(this.#heard, devices);
    for (let number = forgotten + 1, at = 2 * devices; number <= written; number += 1, at += devices) {
      rows.set(this.#sentBy(number), at);
    }
    return { written, forgotten, rows };
  }

  #send(clock: Int32Array): void {
    if (this.#written - this.#forgotten === this.#room && this.forgetHeard() * 2 > this.#room) this.#grow();
    this.#written += 1;
    this.#sent.set(clock, (this.#written & (this.#room - 1)) * clock.length);
  }

  #grow(): void {
    const { devices } = this.#peers;
    const room = this.#room * 2;
    const sent = new Int32Array(room * devices);
    for (let number = this.#forgotten + 1; number <= this.#written; number += 1) {
      sent.set(this.#sentBy(number), (number & (room - 1)) * devices);
    }
    this.#room = room;
    this.#sent = sent;
  }

  /** What it knew when it wrote an effect of which not everybody has heard. */
  #sentBy(number: number): Int32Array {
    const { devices } = this.#peers;
    const base = (number & (this.#room - 1)) * devices;
    return this.#sent.subarray(base, base + devices);
  }
}
