import { Column } from '../../base/column.ts';
import { Names } from '../../events/columns/names.ts';
import { noChange } from './changes.ts';

/** More steps than any effect has: one in dispute never comes to its end. */
const withoutEnd = 2 ** 30;

/** Nothing is to come, and it is kept all the same. */
const atRest = -1;

/** The effects of one identity that did not come everywhere yet, in columns: who wrote each, who knows it, and what is still to come. */
export class EffectsUnderWay {
  readonly names = new Names();
  readonly devices: number;
  private readonly origin = new Column(Int32Array);
  private readonly originSeq = new Column(Int32Array);
  private readonly time: number[] = [];
  /** Which devices know it and which heard of it, as bits. */
  private readonly known = new Column(Int32Array);
  private readonly heard = new Column(Int32Array);
  /** Where in its order each device came to know it. */
  private readonly places = new Column(Int32Array);
  private readonly remaining = new Column(Int32Array);
  private readonly changes = new Column(Int32Array);
  /** Whether a device heard of one at a time that is not known, so that it is not known whether it heard. */
  private timeless = false;

  constructor(devices: number) {
    this.devices = devices;
  }

  /** Takes an effect that a device writes at a place in its order. Returns its number; -1 where its id is too long. */
  begin(words: Int32Array, id: number, device: number, originSeq: number, time: number, place: number): number {
    const effect = this.names.add(words, id);
    if (effect < 0) return effect;
    this.origin.set(effect, device);
    this.originSeq.set(effect, originSeq);
    this.time[effect] = time;
    this.known.set(effect, 1 << device);
    this.places.set(effect * this.devices + device, place);
    this.heard.set(effect, 0);
    this.changes.set(effect, noChange);
    return effect;
  }

  /** What is still to come: on every device but one that it is known, and on every one its changes. Returns whether that is nothing. */
  expect(effect: number, changes: number): boolean {
    const steps = this.devices * (1 + changes) - 1;
    this.remaining.set(effect, steps);
    return steps === 0;
  }

  /** One thing came. Returns whether it was the last one. */
  step(effect: number): boolean {
    const remaining = this.remaining.get(effect) - 1;
    this.remaining.set(effect, remaining);
    return remaining === 0;
  }

  /** Something about an effect does not go by the book: it is kept. */
  dispute(effect: number): void {
    this.remaining.set(effect, withoutEnd);
  }

  /** Whether these are the effect's origin and its number there. */
  isBy(effect: number, origin: number, originSeq: number): boolean {
    return this.origin.get(effect) === origin && this.originSeq.get(effect) === originSeq;
  }

  /** The effect's origin, and its number there. */
  by(effect: number): { readonly origin: number; readonly originSeq: number } {
    return { origin: this.origin.get(effect), originSeq: this.originSeq.get(effect) };
  }

  /** Whether whoever claims so much of each origin claims the effect. */
  isClaimed(effect: number, claims: readonly number[]): boolean {
    return this.originSeq.get(effect) <= (claims[this.origin.get(effect)] ?? 0);
  }

  /** How many milliseconds an effect took to a device, the first time that the device hears of it; NaN from then on, and where a time is not known. */
  hear(effect: number, device: number, time: number): number {
    const heard = this.heard.get(effect);
    if (Number.isNaN(time)) this.timeless = true;
    if (Number.isNaN(time) || (heard & (1 << device)) !== 0) return Number.NaN;
    this.heard.set(effect, heard | (1 << device));
    return time - (this.time[effect] as number);
  }

  /** Whether a device may have heard of an effect. */
  mayHaveHeard(effect: number, device: number): boolean {
    return this.timeless || (this.heard.get(effect) & (1 << device)) !== 0;
  }

  /** A device comes to know an effect. Returns false where it knew it before. */
  learn(effect: number, device: number, place: number): boolean {
    const known = this.known.get(effect);
    if ((known & (1 << device)) !== 0) return false;
    this.known.set(effect, known | (1 << device));
    this.places.set(effect * this.devices + device, place);
    return true;
  }

  /** A device that knew an effect does not any more: so many things are to come once more. */
  unlearn(effect: number, device: number, steps: number): void {
    this.known.set(effect, this.known.get(effect) & ~(1 << device));
    this.remaining.set(effect, steps + Math.max(this.remaining.get(effect), 0));
  }

  isKnownTo(effect: number, device: number): boolean {
    return (this.known.get(effect) & (1 << device)) !== 0;
  }

  /** Where in its order a device came to know an effect that it knows. */
  since(effect: number, device: number): number {
    return this.places.get(effect * this.devices + device);
  }

  firstChange(effect: number): number {
    return this.changes.get(effect);
  }

  setFirstChange(effect: number, change: number): void {
    this.changes.set(effect, change);
  }

  /** It came everywhere, and is kept. */
  rest(effect: number): void {
    this.remaining.set(effect, atRest);
  }

  end(effect: number): void {
    this.remaining.set(effect, 0);
    this.names.remove(effect);
  }

  /** All that are kept. */
  *kept(): Generator<number> {
    for (let effect = 0; effect < this.names.bound; effect += 1) if (this.remaining.get(effect) !== 0) yield effect;
  }

  /** By origin and by device, the number of the oldest effect that the device lacks. */
  oldestLacked(): readonly (readonly number[])[] {
    const oldest = Array.from({ length: this.devices }, () =>
      new Array<number>(this.devices).fill(Number.POSITIVE_INFINITY),
    );
    for (const effect of this.open()) {
      const { origin, originSeq } = this.by(effect);
      const ofOrigin = oldest[origin] as number[];
      for (const [device, known] of ofOrigin.entries()) {
        if (!this.isKnownTo(effect, device)) ofOrigin[device] = Math.min(known, originSeq);
      }
    }
    return oldest;
  }

  /** Those that did not end. */
  *open(): Generator<number> {
    for (let effect = 0; effect < this.names.bound; effect += 1) if (this.remaining.get(effect) > 0) yield effect;
  }
}
