import type { Random } from './prng.ts';

/** A device's own idea of the time: off by an offset, running a little fast or slow, perhaps in whole milliseconds. */
export class SkewedClock {
  readonly #offsetMs: number;
  readonly #rate: number;
  readonly #fractional: boolean;

  constructor(random: Random, skewMs: number) {
    this.#offsetMs = (random.next() * 2 - 1) * skewMs;
    // ±200 ppm is a bad quartz; a run of minutes drifts by some tens of milliseconds.
    this.#rate = skewMs === 0 ? 1 : 1 + (random.next() * 2 - 1) * 0.0002;
    this.#fractional = random.chance(0.3);
  }

  /** What the device would write as `time`. */
  time(now: number, epoch: number): number {
    const shown = epoch + this.#offsetMs + now * this.#rate;
    return this.#fractional ? Math.round(shown * 1000) / 1000 : Math.floor(shown);
  }

  /** What the device measures between two moments. */
  elapsed(from: number, to: number): number {
    return Math.round((to - from) * this.#rate * 1000) / 1000;
  }
}
