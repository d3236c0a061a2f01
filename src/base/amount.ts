/**
 * An exact decimal number: `units × 10^-scale`. Amounts are never floats, because wallets count in units so small
 * (10^-12, 10^-18) that a double loses them beside a balance of a hundred.
 * Instances are immutable; `scale` is ≥ 0 and trailing zeros may be present (compare with `equal`, never by fields).
 */
export interface Amount {
  readonly units: bigint;
  readonly scale: number;
}

/** The most digits that an amount may have, before and after the point together. */
export const maxAmountDigits = 78;

/** No amount at all: the ledger's starting point. */
export const zero: Amount = { units: 0n, scale: 0 };

const decimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** Reads a decimal string such as `"-1.25"`. Returns `undefined` for anything else: exponents, `+`, blanks, over 78 digits. */
export function parseAmount(text: string): Amount | undefined {
  if (text.length > maxAmountDigits + 2 || !decimal.test(text)) return undefined;
  const point = text.indexOf('.');
  const digits = text.length - (point < 0 ? 0 : 1) - (text.startsWith('-') ? 1 : 0);
  if (digits > maxAmountDigits) return undefined;
  if (point < 0) return { units: BigInt(text), scale: 0 };
  return { units: BigInt(text.slice(0, point) + text.slice(point + 1)), scale: text.length - point - 1 };
}

/** Prints an amount as a canonical decimal string: no exponent, no trailing zeros, no `-0`. */
export function formatAmount({ units, scale }: Amount): string {
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** The exact sum. */
export function add(left: Amount, right: Amount): Amount {
  if (left === zero) return right;
  if (left.scale === right.scale) return { units: left.units + right.units, scale: left.scale };
  return left.scale > right.scale
    ? { units: left.units + rescale(right, left.scale), scale: left.scale }
    : { units: rescale(left, right.scale) + right.units, scale: right.scale };
}

/** The exact difference `left − right`. */
export function subtract(left: Amount, right: Amount): Amount {
  return add(left, negate(right));
}

/** The amount with the other sign. */
export function negate({ units, scale }: Amount): Amount {
  return { units: -units, scale };
}

/** −1, 0 or 1, as `left` is less than, equal to or greater than `right`. */
export function compareAmounts(left: Amount, right: Amount): number {
  const { units } = subtract(left, right);
  return units < 0n ? -1 : units > 0n ? 1 : 0;
}

/** Whether both are the same number, however many trailing zeros they carry. */
export function equal(left: Amount, right: Amount): boolean {
  return left.scale === right.scale ? left.units === right.units : compareAmounts(left, right) === 0;
}

/** Whether an amount is another one taken `times` times. */
export function isMultiple(sum: Amount, amount: Amount, times: number): boolean {
  let multiple = amount;
  for (let index = 1; index < times; index++) multiple = add(multiple, amount);
  return equal(sum, multiple);
}

/** Whether the amount is zero. */
export function isZero({ units }: Amount): boolean {
  return units === 0n;
}

function rescale({ units, scale }: Amount, to: number): bigint {
  return units * 10n ** BigInt(to - scale);
}
