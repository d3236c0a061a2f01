import { Column } from '../../../base/column.ts';
import { enrol, newRoll, standsAt } from '../../../base/roll.ts';
import { keptDepartures } from '../../projections/clocks.ts';
import { Beyond } from '../beyond.ts';
import { LogLane, mostDevices, type NewLane } from '../log-lane.ts';

/** One device's log as far as it was read, and when its newest effects left. */
export class RoundTripLane extends LogLane {
  /** Its effects in their order. */
  readonly #roll = newRoll();
  /** Of the newest of its effects, by their numbers: which each is, when it left, and who heard of it, as bits. */
  readonly #ids = new Column(Int32Array);
  readonly #left = new Column(Float64Array);
  readonly #heardBy = new Column(Int32Array);

  constructor(lane: NewLane) {
    if (lane.index >= mostDevices) throw new Beyond(`more than ${mostDevices} devices`);
    super(lane);
  }

  /** It writes an effect, which is told by the hash of its id. */
  depart(originSeq: number, id: number, time: number): void {
    if (originSeq !== this.written + 1) throw new Beyond('effects that are missing or out of order');
    this.written = originSeq;
    enrol(this.#roll, id);
    const at = originSeq % keptDepartures;
    this.#ids.set(at, id);
    this.#left.set(at, time);
    this.#heardBy.set(at, 0);
  }

  /**
   * When an effect left, the first time that another device of its identity hears of it; not a number from then on, and where that was long
   * ago. `isTimed`: whether the line by which it hears says when; else that line does not count.
   */
  leftFor(lane: RoundTripLane, originSeq: number, id: number, isTimed: boolean): number {
    const at = originSeq % keptDepartures;
    const isGone = originSeq <= this.written - keptDepartures;
    const isWritten = isGone
      ? standsAt(this.#roll, originSeq, id)
      : originSeq <= this.written && this.#ids.get(at) === id;
    if (!isWritten) throw new Beyond('an effect without its writing');
    if (lane === this || isGone || !isTimed) return Number.NaN;
    if (lane.identity !== this.identity) throw new Beyond('an effect of another identity');
    const heardBy = this.#heardBy.get(at);
    const bit = 1 << lane.index;
    this.#heardBy.set(at, heardBy | bit);
    return (heardBy & bit) === 0 ? this.#left.get(at) : Number.NaN;
  }
}
