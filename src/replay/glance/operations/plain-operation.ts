import { Cover, clip, type Interval, toMicroseconds } from '../../../base/intervals.ts';
import { type KeptLayout, KeptRows } from '../../../events/columns/kept-rows.ts';
import type { FoldedOperation, Operation } from '../../operations/operation.ts';
import type { Ended } from '../../projections/operations.ts';
import type { DeviceRows } from './device-rows.ts';

/** Who keeps plain operations. */
interface Keeper {
  close(operation: PlainOperation): Operation | null;
  unfold(operation: PlainOperation): Operation;
}

/**
 * An operation that begins and ends in order on one device, as integers: what its sums need, and its rows in case that more is asked
 * of it. One that begins anew takes the room that the one before it had.
 */
export class PlainOperation implements FoldedOperation {
  /** Its device, and the number of its id there. */
  device: DeviceRows | undefined;
  number = 0;
  incarnation = 0;
  /** Its place among those that ended; `null` as long as it did not. */
  ended: Ended | null = null;
  /** The number of its name, by the line of its end. */
  name = 0;
  ok = false;
  wallUs = 0;
  writes = 0;
  trips = 0;
  retries = 0;
  /** By trip, in the order of their lines: the number of its kind, its attempt, and how long it took. */
  readonly kinds: number[] = [];
  readonly attempts: number[] = [];
  readonly durationsUs: number[] = [];
  readonly rows: KeptRows;
  /** When each of its trips was over, and when it was itself; NaN where a line has no time. */
  readonly #tripEndsUs: number[] = [];
  #endUs = Number.NaN;
  readonly #keeper: Keeper;
  #unfolded: Operation | undefined;

  constructor(keeper: Keeper, layout: KeptLayout) {
    this.#keeper = keeper;
    this.rows = new KeptRows(layout);
  }

  begin(device: DeviceRows, number: number, incarnation: number): void {
    this.device = device;
    this.number = number;
    this.incarnation = incarnation;
    this.ended = null;
    this.writes = 0;
    this.trips = 0;
    this.retries = 0;
    this.rows.clear();
  }

  addTrip(kind: number, attempt: number, durationUs: number, time: number): void {
    this.kinds[this.trips] = kind;
    this.attempts[this.trips] = attempt;
    this.durationsUs[this.trips] = durationUs;
    this.#tripEndsUs[this.trips] = toMicroseconds(time);
    this.trips += 1;
    if (attempt > 1) this.retries += 1;
  }

  /** Returns its place among those that ended. */
  end(name: number, ok: boolean, durationUs: number, time: number): Ended {
    this.name = name;
    this.ok = ok;
    this.wallUs = Math.max(0, durationUs);
    this.#endUs = toMicroseconds(time);
    // All lines but the first and the last are steps.
    this.ended = { operation: this, weight: this.rows.rows - 1 };
    return this.ended;
  }

  close(): Operation | null {
    return this.#keeper.close(this);
  }

  unfold(): Operation {
    this.#unfolded ??= this.#keeper.unfold(this);
    return this.#unfolded;
  }

  /** When it was under way; `null` where the line of its end has no time. */
  get span(): Interval | null {
    return Number.isNaN(this.#endUs) ? null : { start: this.#endUs - this.wallUs, end: this.#endUs };
  }

  /** When its trips were under way within it, in the order of their beginnings. */
  tripsWithin(span: Interval, into: TripsWithin): void {
    into.clear();
    for (let trip = 0; trip < this.trips; trip += 1) {
      const end = this.#tripEndsUs[trip] as number;
      const clipped = Number.isNaN(end) ? null : clip({ start: end - (this.durationsUs[trip] as number), end }, span);
      if (clipped) into.add(clipped.start, clipped.end);
    }
  }
}

/** When trips were under way, in the order of their beginnings. Used again, it takes no more room. */
export class TripsWithin {
  count = 0;
  readonly starts: number[] = [];
  readonly ends: number[] = [];

  clear(): void {
    this.count = 0;
  }

  /** Most come nearly in order. */
  add(start: number, end: number): void {
    const { starts, ends } = this;
    let at = this.count;
    for (; at > 0 && (starts[at - 1] as number) > start; at -= 1) {
      starts[at] = starts[at - 1] as number;
      ends[at] = ends[at - 1] as number;
    }
    starts[at] = start;
    ends[at] = end;
    this.count += 1;
  }

  /** The time in all of them, and the time in which any was under way. */
  lengths(): { readonly tripsUs: number; readonly unionUs: number } {
    const cover = new Cover();
    let tripsUs = 0;
    for (let trip = 0; trip < this.count; trip += 1) {
      const start = this.starts[trip] as number;
      const end = this.ends[trip] as number;
      cover.add(start, end);
      tripsUs += end - start;
    }
    return { tripsUs, unionUs: cover.length };
  }

  all(): Interval[] {
    return Array.from({ length: this.count }, (_, trip) => ({
      start: this.starts[trip] as number,
      end: this.ends[trip] as number,
    }));
  }
}
