import type { Amount } from '../../../base/amount.ts';
import { Column } from '../../../base/column.ts';
import { Names } from '../../../events/columns/names.ts';
import { textHeader } from '../../../events/columns/texts.ts';
import type { CoinLedger } from '../../projections/ledger.ts';
import { Beyond } from '../beyond.ts';

/** A whole number of units is `high × base + low`, with `low` less than `base` in size: then each sum of two is exact, and nothing has two forms. */
const base = 1e14;
/** Up to so many digits a double is exact. */
const exactDigits = 15;
const [minus, point, nought] = [0x2d, 0x2e, 0x30];
/** What four digits in a word have in common. No other sign of an amount has it, nor what fills a word up. */
const fourDigits = 0x30303030;

/** What one device holds: of each token, and in all. */
interface Holder {
  readonly high: Column<Float64Array<ArrayBuffer>>;
  readonly low: Column<Float64Array<ArrayBuffer>>;
  totalHigh: number;
  totalLow: number;
}

/** What devices hold of one coin, by their balance lines: the fold of the projection `ledger`, in doubles that stay exact for some thirty digits. */
export class CoinSums {
  /** How many digits behind the point a unit stands for: as many as any amount had so far. */
  #scale = 0;
  readonly #tokens = new Names();
  /** By token, how many devices hold it. */
  readonly #heldBy = new Column(Int32Array);
  /** By device. */
  readonly #holders: (Holder | undefined)[] = [];
  /** The amount that was read last. */
  #high = 0;
  #low = 0;

  /** A device books that it holds so much more of a token, or less. Returns false, and takes nothing, where that is more than these sums can hold. */
  move(device: number, words: Int32Array, tokenAt: number, deltaAt: number): boolean {
    if (!this.#read(words, deltaAt)) return false;
    const token = this.#tokens.numberOf(words, tokenAt);
    if (token < 0) throw new Beyond('a long id');
    const holder = this.#holderOf(device);
    const high = this.#high;
    const low = this.#low;
    const oldHigh = holder.high.get(token);
    const oldLow = holder.low.get(token);
    const carry = carryOf(oldLow + low);
    const newLow = oldLow + low - carry * base;
    const newHigh = oldHigh + high + carry;
    const totalCarry = carryOf(holder.totalLow + low);
    const totalHigh = holder.totalHigh + high + totalCarry;
    if (!isExact(totalHigh) || !isExact(newHigh)) return false;
    holder.high.set(token, newHigh);
    holder.low.set(token, newLow);
    holder.totalLow += low - totalCarry * base;
    holder.totalHigh = totalHigh;
    const wasHeld = oldHigh !== 0 || oldLow !== 0;
    const isHeld = newHigh !== 0 || newLow !== 0;
    if (!wasHeld || !isHeld) this.#count(token, Number(isHeld) - Number(wasHeld));
    return true;
  }

  /** A device holds nothing any more, as if it never had. */
  clear(device: number): void {
    const holder = this.#holders[device];
    if (holder === undefined) return;
    for (const token of this.#heldIn(holder)) {
      holder.high.set(token, 0);
      holder.low.set(token, 0);
      this.#count(token, -1);
    }
    this.#holders[device] = undefined;
  }

  /** What a device holds; `undefined` where no line ever moved any. */
  of(device: number): CoinLedger | undefined {
    const holder = this.#holders[device];
    if (holder === undefined) return undefined;
    const tokens = new Map<string, Amount>();
    for (const token of this.#heldIn(holder)) {
      tokens.set(this.#tokens.text(token), this.#amount(holder.high.get(token), holder.low.get(token)));
    }
    return { tokens, total: this.#amount(holder.totalHigh, holder.totalLow) };
  }

  /** One device more holds a token, or one less. A token that nobody holds is forgotten. */
  #count(token: number, devices: number): void {
    const heldBy = this.#heldBy.get(token) + devices;
    this.#heldBy.set(token, heldBy);
    if (heldBy === 0) this.#tokens.remove(token);
  }

  *#heldIn({ high, low }: Holder): Generator<number> {
    for (let token = 0; token < this.#tokens.bound; token += 1) {
      if (high.get(token) !== 0 || low.get(token) !== 0) yield token;
    }
  }

  #holderOf(device: number): Holder {
    const known = this.#holders[device];
    if (known) return known;
    const holder = { high: new Column(Float64Array), low: new Column(Float64Array), totalHigh: 0, totalLow: 0 };
    this.#holders[device] = holder;
    return holder;
  }

  /** Reads an amount that is written out, which readers made sure of. Returns false where it is too long, or its units are too small. */
  #read(words: Int32Array, at: number): boolean {
    const bytes = words[at + 1] as number;
    const begin = byteAt(words, at, 0) === minus ? 1 : 0;
    let units = 0;
    let whole = bytes;
    for (let index = 0; index < bytes; index += 4) {
      const word = words[at + textHeader + (index >>> 2)] as number;
      if ((word & 0xf0f0f0f0) === fourDigits) {
        units = units * 10_000 + numberIn(word);
        continue;
      }
      const end = Math.min(index + 4, bytes);
      for (let each = index; each < end; each += 1) {
        const byte = byteAt(words, at, each);
        if (byte === point) whole = each;
        else if (byte !== minus) units = units * 10 + byte - nought;
      }
    }
    const fraction = whole === bytes ? 0 : bytes - whole - 1;
    if (fraction > this.#scale && !this.#refine(fraction)) return false;
    const digits = whole - begin + this.#scale;
    if (digits <= exactDigits) {
      if (fraction < this.#scale) units *= 10 ** (this.#scale - fraction);
      this.#high = carryOf(units);
      this.#low = units - this.#high * base;
    } else this.#readLong(words, at, digits);
    if (begin > 0) {
      this.#high = -this.#high;
      this.#low = -this.#low;
    }
    return isExact(this.#high);
  }

  /** The same of one of so many digits that a double does not hold them, with noughts at its end; without its sign. */
  #readLong(words: Int32Array, at: number, digits: number): void {
    const bytes = words[at + 1] as number;
    this.#high = 0;
    this.#low = 0;
    for (let index = 0, left = digits; left > 0; index += 1) {
      const byte = index < bytes ? byteAt(words, at, index) : nought;
      if (byte === minus || byte === point) continue;
      left -= 1;
      const low = this.#low * 10 + byte - nought;
      const carry = carryOf(low);
      this.#low = low - carry * base;
      this.#high = this.#high * 10 + carry;
    }
  }

  /** Counts in finer units from now on. Returns false where some sum is too large for that. */
  #refine(scale: number): boolean {
    const factor = 10 ** (scale - this.#scale);
    const holders = this.#holders.filter((holder) => holder !== undefined);
    const largest = (Number.MAX_SAFE_INTEGER - 1) / factor - 1;
    for (const holder of holders) {
      if (Math.abs(holder.totalHigh) > largest) return false;
      for (const token of this.#heldIn(holder)) if (Math.abs(holder.high.get(token)) > largest) return false;
    }
    const finer = (high: number, low: number) => {
      const units = unitsOf(high, low) * BigInt(factor);
      return { high: Number(units / BigInt(base)), low: Number(units % BigInt(base)) };
    };
    for (const holder of holders) {
      for (const token of this.#heldIn(holder)) {
        const held = finer(holder.high.get(token), holder.low.get(token));
        holder.high.set(token, held.high);
        holder.low.set(token, held.low);
      }
      const total = finer(holder.totalHigh, holder.totalLow);
      holder.totalHigh = total.high;
      holder.totalLow = total.low;
    }
    this.#scale = scale;
    return true;
  }

  #amount(high: number, low: number): Amount {
    return { units: unitsOf(high, low), scale: this.#scale };
  }
}

/** Whether the higher part of a sum is what it says. */
function isExact(high: number): boolean {
  return Math.abs(high) < Number.MAX_SAFE_INTEGER;
}

function byteAt(words: Int32Array, at: number, index: number): number {
  return ((words[at + textHeader + (index >>> 2)] as number) >>> ((index & 3) * 8)) & 0xff;
}

/** The number that four digits are which fill a word. */
function numberIn(word: number): number {
  return (word & 15) * 1000 + ((word >>> 8) & 15) * 100 + ((word >>> 16) & 15) * 10 + ((word >>> 24) & 15);
}

/** How many times the base is in what is to be the lower part. */
function carryOf(low: number): number {
  return low >= base || low <= -base ? Math.trunc(low / base) : 0;
}

function unitsOf(high: number, low: number): bigint {
  return BigInt(high) * BigInt(base) + BigInt(low);
}
