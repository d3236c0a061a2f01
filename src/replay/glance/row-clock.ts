import { Column } from '../../base/column.ts';
import { Names } from '../../events/columns/names.ts';

/** A device's place in happens-before, while its rows pass. */
export interface RowClockLane {
  readonly number: number;
  /** How many devices of its identity there are beside it. */
  readonly others: number;
  /** How many of its rows have passed. */
  place: number;
  /** By lane, how many of its rows happened before; its own entry counts for nothing. */
  readonly knows: Float64Array;
  /** By origin, the newest of its effects whose clock the lane has joined. */
  readonly joined: number[];
}

/** What `CausalClock` keeps of a history, kept of rows: a vector clock per lane, and one of each effect that is on its way. */
export class RowClock {
  readonly #lanes: number;
  readonly #effects = new Names();
  /** By effect, what its device knew when it wrote it; and how many devices have still to receive it. */
  readonly #clocks = new Column(Float64Array);
  readonly #waiting = new Column(Int32Array);

  constructor(lanes: number) {
    this.#lanes = lanes;
  }

  /** A device of which nothing has passed. `devices`: how many its identity has. */
  lane(number: number, devices: number): RowClockLane {
    return { number, others: devices - 1, place: 0, knows: new Float64Array(this.#lanes), joined: [] };
  }

  /** A device writes an effect. */
  write(lane: RowClockLane, words: Int32Array, id: number): void {
    if (lane.others === 0) return;
    const effect = this.#effects.numberOf(words, id);
    const base = effect * this.#lanes;
    for (let other = 0; other < this.#lanes; other += 1) this.#clocks.set(base + other, lane.knows[other] as number);
    this.#clocks.set(base + lane.number, lane.place);
    this.#waiting.set(effect, lane.others);
  }

  /** A device hears of an effect of another. */
  receive(lane: RowClockLane, origin: RowClockLane, originSeq: number, words: Int32Array, id: number): void {
    if ((lane.joined[origin.number] ?? 0) >= originSeq) return;
    const effect = this.#effects.find(words, id);
    if (effect < 0) return;
    lane.joined[origin.number] = originSeq;
    const base = effect * this.#lanes;
    for (let other = 0; other < this.#lanes; other += 1) {
      const known = this.#clocks.get(base + other);
      if (known > (lane.knows[other] as number)) lane.knows[other] = known;
    }
    const waiting = this.#waiting.get(effect) - 1;
    this.#waiting.set(effect, waiting);
    if (waiting <= 0) this.#effects.remove(effect);
  }

  /** What a device knows at its newest row. */
  at(lane: RowClockLane): readonly number[] {
    const clock = [...lane.knows];
    clock[lane.number] = lane.place;
    return clock;
  }
}
