import { Lately } from '../../../base/lately.ts';
import { secondHash } from '../../../events/columns/texts.ts';
import type { TimedStep } from '../../operations/step.ts';
import { figure, figuresOf, tripFigure } from './figures.ts';
import type { PlainOperation } from './plain-operation.ts';

/** What is kept of an operation: how many trips it has, its incarnation, and the end of its last step. */
const header = 3;
/** What is kept of a trip: its end, and how long it took. */
const ofTrip = 2;

/**
 * The plain operations of a device that ended lately: all that is kept of them once they are summed up, which is by what a late line would be known,
 * and when their steps were under way.
 */
export class EndedLately {
  readonly #ids = new Lately();
  /** What is kept of each, one behind the other in a round: counted on, from where the oldest stands to where the next one will. */
  #numbers = new Float64Array(1024);
  #oldest = 0;
  #next = 0;
  /** How many of the oldest are forgotten, and still stand there: they give way together. */
  #gone = 0;

  has(words: Int32Array, id: number): boolean {
    return this.#ids.has(words[id] as number, secondHash(words, id));
  }

  /** Takes one whose id stands at a place. */
  add(words: Int32Array, id: number, { figures, incarnation, lastUs }: PlainOperation): void {
    this.#ids.add(words[id] as number, secondHash(words, id));
    const trips = figures[figure.trips] as number;
    const size = header + trips * ofTrip;
    if (this.#next + size - this.#oldest > this.#numbers.length) this.#giveWay();
    while (this.#next + size - this.#oldest > this.#numbers.length) this.#grow();
    this.#put(trips);
    this.#put(incarnation);
    this.#put(lastUs);
    for (let trip = figuresOf(0); trip < figuresOf(trips); trip += tripFigure.count) {
      this.#put(figures[trip + tripFigure.endUs] as number);
      this.#put(figures[trip + tripFigure.durationUs] as number);
    }
  }

  /** Forgets the oldest of them, so that no more than so many are left. */
  keep(most: number): void {
    for (; this.#ids.size > most; this.#gone += 1) this.#ids.forgetOldest();
  }

  /** When their steps were under way: each trip, and once more the end of each one's last step. */
  steps(): TimedStep[] {
    this.#giveWay();
    const steps: TimedStep[] = [];
    for (let at = this.#oldest; at < this.#next; ) {
      const trips = this.#at(at);
      const incarnation = this.#at(at + 1);
      const lastUs = this.#at(at + 2);
      at += header;
      if (lastUs > Number.NEGATIVE_INFINITY) {
        steps.push({ start: lastUs, end: lastUs, tookUs: 0, incarnation, isTrip: false });
      }
      for (const behind = at + trips * ofTrip; at < behind; at += ofTrip) {
        const end = this.#at(at);
        const tookUs = this.#at(at + 1);
        // A line may have no time.
        if (!Number.isNaN(end)) steps.push({ start: end - tookUs, end, tookUs, incarnation, isTrip: true });
      }
    }
    return steps;
  }

  #at(place: number): number {
    return this.#numbers[place & (this.#numbers.length - 1)] as number;
  }

  #put(value: number): void {
    this.#numbers[this.#next & (this.#numbers.length - 1)] = value;
    this.#next += 1;
  }

  #giveWay(): void {
    for (; this.#gone > 0; this.#gone -= 1) this.#oldest += header + this.#at(this.#oldest) * ofTrip;
  }

  #grow(): void {
    const [old, next] = [this.#numbers, this.#next];
    this.#numbers = new Float64Array(old.length * 2);
    this.#next = this.#oldest;
    while (this.#next < next) this.#put(old[this.#next & (old.length - 1)] as number);
  }
}
