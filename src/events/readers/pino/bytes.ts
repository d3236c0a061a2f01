/** The bytes that JSON is made of. */
export const byte = {
  tab: 0x09,
  newline: 0x0a,
  carriageReturn: 0x0d,
  blank: 0x20,
  quote: 0x22,
  plus: 0x2b,
  comma: 0x2c,
  minus: 0x2d,
  point: 0x2e,
  zero: 0x30,
  colon: 0x3a,
  upperE: 0x45,
  listStart: 0x5b,
  backslash: 0x5c,
  listEnd: 0x5d,
  lowerE: 0x65,
  lowerU: 0x75,
  objectStart: 0x7b,
  objectEnd: 0x7d,
} as const;

const { blank, tab, quote, backslash, zero } = byte;

/** Where a string must be looked at: at its end, at an escape, and at a control character, which JSON forbids. */
const stops = new Uint8Array(256).fill(1, 0, blank);
stops[quote] = 1;
stops[backslash] = 1;

/** The first byte from `at` on at which a string must be looked at. A line end is one, so that no line is left. */
export function stringStop(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    if (stops[bytes[at] as number] !== 0) return at;
    if (stops[bytes[at + 1] as number] !== 0) return at + 1;
    if (stops[bytes[at + 2] as number] !== 0) return at + 2;
    if (stops[bytes[at + 3] as number] !== 0) return at + 3;
    at += 4;
  }
}

/** The first byte from `at` on that is no blank. A carriage return is none here: it stands before a line end, or is looked at closely. */
export function skipBlanks(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((bytes[at] as number) <= blank && (bytes[at] === blank || bytes[at] === tab)) at += 1;
  return at;
}

/** Whether a byte is a digit. */
export function isDigit(value: number | undefined): boolean {
  return ((value as number) - zero) >>> 0 <= 9;
}
