/** What messages between the devices of one identity say of their clocks: the least time that one seemed to take, and how many there were. */
export interface Flight {
  readonly from: string;
  readonly to: string;
  leastMs: number;
  messages: number;
}

/** Flights by sender and receiver. */
export class Flights {
  readonly #all = new Map<string, Map<string, Flight>>();

  /** Takes a message that took so long, by the clocks of both devices. */
  take(from: string, to: string, tookMs: number): void {
    let ofSender = this.#all.get(from);
    if (ofSender === undefined) {
      ofSender = new Map();
      this.#all.set(from, ofSender);
    }
    let flight = ofSender.get(to);
    if (flight === undefined) {
      flight = { from, to, leastMs: tookMs, messages: 0 };
      ofSender.set(to, flight);
    }
    flight.messages += 1;
    if (tookMs < flight.leastMs) flight.leastMs = tookMs;
  }

  /** By sender, by receiver. */
  get all(): ReadonlyMap<string, ReadonlyMap<string, Flight>> {
    return this.#all;
  }
}
