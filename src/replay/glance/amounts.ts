import { type Amount, add, compareAmounts, equal, isZero, negate, parseAmount, zero } from '../../base/amount.ts';
import { Names } from '../../events/columns/names.ts';
import { encodeText, textAt } from '../../events/columns/texts.ts';
import { Beyond } from './beyond.ts';

/** An amount that is added to sums. */
export interface Addend extends Amount {
  /** Its units, exact up to 2^53. */
  readonly double: number;
}

/** Makes an addend of an amount. */
export function addendOf({ units, scale }: Amount): Addend {
  return { units, scale, double: Number(units) };
}

/** Amounts as they are written, each read once for as long as something is worth it. */
export class Amounts {
  private readonly names = new Names();
  private readonly values: Addend[] = [];
  private readonly uses: number[] = [];
  private readonly negatives: (number | undefined)[] = [];

  /** The number of an amount, for somebody who keeps it. */
  acquire(words: Int32Array, at: number): number {
    const known = this.names.find(words, at);
    const number = known < 0 ? this.#add(words, at) : known;
    this.uses[number] = (this.uses[number] as number) + 1;
    return number;
  }

  /** The number of the same amount with a minus, for somebody who keeps it. It is kept as long as the amount is. */
  acquireNegative(number: number): number {
    let negative = this.negatives[number];
    if (negative === undefined) {
      if (this.value(number).units < 0n) throw new Beyond('an amount below zero');
      negative = this.acquire(encodeText(`-${this.names.text(number)}`), 0);
      this.negatives[number] = negative;
    }
    this.uses[negative] = (this.uses[negative] as number) + 1;
    return negative;
  }

  release(number: number): void {
    const uses = (this.uses[number] as number) - 1;
    this.uses[number] = uses;
    if (uses > 0) return;
    this.names.remove(number);
    const negative = this.negatives[number];
    this.negatives[number] = undefined;
    if (negative !== undefined) this.release(negative);
  }

  #add(words: Int32Array, at: number): number {
    const number = this.names.add(words, at);
    if (number < 0) throw new Beyond('a long amount');
    this.values[number] = addendOf(readAmountAt(words, at));
    this.uses[number] = 0;
    return number;
  }

  value(number: number): Addend {
    return this.values[number] as Addend;
  }

  /** Whether the amount that stands here is this one. */
  is(number: number, words: Int32Array, at: number): boolean {
    return this.names.is(number, words, at) || equal(this.value(number), readAmountAt(words, at));
  }
}

/** Reads an amount that is written out. */
export function readAmountAt(words: Int32Array, at: number): Amount {
  const amount = parseAmount(textAt(words, at));
  if (amount === undefined) throw new Beyond('an amount that is none');
  return amount;
}

/** Powers of ten that a double holds exactly. */
const powersOfTen = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

/** A power of ten; NaN where no product with it is sure to be exact. */
function powerOfTen(exponent: number): number {
  return powersOfTen[exponent] ?? Number.NaN;
}

/** The largest number of units up to which a double is exact. */
const largest = Number.MAX_SAFE_INTEGER;

/** A sum that is changed often and asked for rarely: of doubles as long as these are exact, then of bigints. Plain data. */
export interface Sum {
  /** Less than none as long as nothing was added. */
  scale: number;
  units: number;
  rest: Amount;
}

/** The sum of nothing. */
export function newSum(): Sum {
  return { scale: -1, units: 0, rest: zero };
}

/** Makes a sum the one of nothing. */
export function empty(sum: Sum): void {
  sum.scale = -1;
  sum.units = 0;
  sum.rest = zero;
}

/** Adds an amount, or takes it away. */
export function addTo(sum: Sum, amount: Addend, sign: 1 | -1 = 1): void {
  const scale = Math.max(sum.scale, amount.scale);
  const own = sum.scale < 0 ? 0 : sum.units * powerOfTen(scale - sum.scale);
  const other = amount.double * powerOfTen(scale - amount.scale);
  const next = own + sign * other;
  if (Math.abs(own) <= largest && Math.abs(other) <= largest && Math.abs(next) <= largest) {
    sum.scale = scale;
    sum.units = next;
  } else sum.rest = add(sum.rest, sign < 0 ? negate(amount) : amount);
}

/** Whether a sum is less than nothing, nothing, or more: -1, 0 or 1. */
export function signOf(sum: Sum): number {
  return isZero(sum.rest) ? Math.sign(sum.units) : compareAmounts(totalOf(sum), zero);
}

/** What a sum comes to. */
export function totalOf({ scale, units, rest }: Sum): Amount {
  const exact = { units: BigInt(units), scale: Math.max(scale, 0) };
  return isZero(rest) ? exact : add(rest, exact);
}
