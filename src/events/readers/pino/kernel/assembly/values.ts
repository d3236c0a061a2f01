/** Single values. Each function returns the position behind what it read, 0 where that does not stand there, and leaves the value in the state. */
import { Literal, LONGEST_TEXT, NUMBERS, NUMBERS_END, Slot, state, WORDS } from './memory.ts';

const quote: u8 = 0x22;
const backslash: u8 = 0x5c;
const blank: u8 = 0x20;
const minus: u8 = 0x2d;
const point: u8 = 0x2e;
const zero: u8 = 0x30;
const lowerE: u8 = 0x65;

/** A hash and a length stand before a text. */
const header: usize = 8;
/** The most digits of an amount, of a cell, and of a number. */
const amountDigits: usize = 78;
const cellDigits: usize = 9;
const numberDigits: usize = 18;
/** The most that a number may be without its point, so that nothing is lost of it. */
const largestSafe: i64 = 9007199254740991;

/** Bytes that are looked for as they are. */
export function literal(bytes: Literal, from: usize): usize {
  const length = <usize>bytes.length;
  const expected = bytes.bytes;
  const behind = from + length;
  if (behind > state.end) return 0;
  if (length < 16) {
    const differs = v128.and(v128.xor(v128.load(from), v128.load(expected)), v128.load(bytes.mask));
    return v128.any_true(differs) ? 0 : behind;
  }
  const last = length - 16;
  for (let byte: usize = 0; byte < last; byte += 16) {
    if (v128.any_true(v128.xor(v128.load(from + byte), v128.load(expected + byte)))) return 0;
  }
  return v128.any_true(v128.xor(v128.load(from + last), v128.load(expected + last))) ? 0 : behind;
}

/** Which of sixteen bytes end a plain string: quotes, backslashes and control characters, such as the line end behind the last line. */
function stopsIn(bytes: v128): i32 {
  const quotes = i8x16.eq(bytes, i8x16.splat(quote));
  const escapes = i8x16.eq(bytes, i8x16.splat(backslash));
  return i8x16.bitmask(v128.or(v128.or(quotes, escapes), i8x16.lt_u(bytes, i8x16.splat(blank))));
}

/** A string without an escape that is not empty, copied to the words: its place is the value. `storeText` does the same. */
export function text(from: usize): usize {
  if (load<u8>(from) !== quote) return 0;
  const start = from + 1;
  const to = state.words + header;
  let length: usize = 0;
  for (;;) {
    const bytes = v128.load(start + length);
    v128.store(to + length, bytes);
    const stops = stopsIn(bytes);
    if (stops !== 0) {
      length += <usize>ctz(stops);
      break;
    }
    length += 16;
    if (length >= LONGEST_TEXT) return 0;
  }
  if (length === 0 || load<u8>(start + length) !== quote) return 0;
  const rest = <i32>(length & 3);
  if (rest !== 0) {
    const last = to + (length & ~3);
    store<i32>(last, load<i32>(last) & ((1 << (rest << 3)) - 1));
  }
  const end = to + ((length + 3) & ~3);
  let hash = 0x2545f491;
  for (let word = to; word < end; word += 4) hash = rotl<i32>((hash ^ load<i32>(word)) * 0x9e3779b1, 13);
  const mixed = (hash ^ <i32>length ^ (hash >>> 15)) * 0x85ebca6b;
  const place = state.words;
  store<i32>(place, mixed ^ (mixed >>> 13));
  store<i32>(place, <i32>length, 4);
  state.value = state.wordBase + <i32>((place - WORDS) >>> 2);
  state.words = end;
  return start + length + 1;
}

/** A string without an escape of at least so many bytes, of which nothing is kept. */
export function string(from: usize, least: i32): usize {
  if (load<u8>(from) !== quote) return 0;
  let behind = from + 1;
  let stops = stopsIn(v128.load(behind));
  while (stops === 0) {
    behind += 16;
    stops = stopsIn(v128.load(behind));
  }
  behind += <usize>ctz(stops);
  return load<u8>(behind) === quote && <i32>(behind - from - 1) >= least ? behind + 1 : 0;
}

/** An amount in a string, of which nothing is kept. */
export function amount(from: usize): usize {
  if (load<u8>(from) !== quote) return 0;
  const start = load<u8>(from + 1) === minus ? from + 2 : from + 1;
  let behind = digitsEnd(start);
  if (behind === start || (load<u8>(start) === zero && behind > start + 1)) return 0;
  if (load<u8>(behind) === point) {
    const decimals = digitsEnd(behind + 1);
    if (decimals === behind + 1) return 0;
    behind = decimals;
  }
  return load<u8>(behind) === quote && behind - start <= amountDigits ? behind + 1 : 0;
}

function digitsEnd(from: usize): usize {
  let behind = from;
  while (<u32>(<i32>load<u8>(behind) - zero) <= 9) behind++;
  return behind;
}

/** A whole number of at least so much. */
export function whole(from: usize, least: i32): usize {
  let behind = from;
  let sum = 0;
  for (let digit = <i32>load<u8>(behind) - zero; <u32>digit <= 9; digit = <i32>load<u8>(++behind) - zero) {
    sum = sum * 10 + digit;
  }
  const digits = behind - from;
  if (digits === 0 || digits > cellDigits || (digits > 1 && load<u8>(from) === zero) || sum < least) return 0;
  state.value = sum;
  return behind;
}

/** The powers of ten. */
const powers = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]);

/** The number that was read last. */
let sum: f64 = 0;

/** A number without an exponent. A safe integer, divided by a power of ten that is exact, is rounded once, as with JSON.parse. */
export function number(from: usize): usize {
  const negative = load<u8>(from) === minus;
  const start = negative ? from + 1 : from;
  let behind = start;
  let units: i64 = 0;
  for (let digit = <i32>load<u8>(behind) - zero; <u32>digit <= 9; digit = <i32>load<u8>(++behind) - zero) {
    units = units * 10 + <i64>digit;
  }
  let digits = behind - start;
  if (digits === 0 || (digits > 1 && load<u8>(start) === zero)) return 0;
  let decimals: usize = 0;
  if (load<u8>(behind) === point) {
    const first = ++behind;
    for (let digit = <i32>load<u8>(behind) - zero; <u32>digit <= 9; digit = <i32>load<u8>(++behind) - zero) {
      units = units * 10 + <i64>digit;
    }
    decimals = behind - first;
    if (decimals === 0) return 0;
    digits += decimals;
  }
  if (digits > numberDigits || units > largestSafe || (load<u8>(behind) | blank) === lowerE) return 0;
  const value = <f64>units / load<f64>(powers + (decimals << 3));
  sum = negative ? -value : value;
  return behind;
}

/** A number as the line's time. */
export function time(from: usize): usize {
  const behind = number(from);
  if (behind !== 0) state.time = sum;
  return behind;
}

/** A number that is kept: its place is the value. */
export function keptNumber(from: usize): usize {
  const behind = number(from);
  const place = state.numbers;
  if (behind === 0 || place + 8 > NUMBERS_END) return 0;
  store<f64>(place, sum);
  state.value = state.numberBase + <i32>((place - NUMBERS) >>> 3);
  state.numbers = place + 8;
  return behind;
}

/** What nobody reads: a string or a number. */
export function anything(from: usize): usize {
  return load<u8>(from) === quote ? string(from, 0) : number(from);
}

/** One of a slot's words: its index plus one. */
export function word(slot: Slot, from: usize): usize {
  for (let index = 0; index < slot.count; index++) {
    const behind = literal(changetype<Literal>(load<usize>(slot.parts + ((<usize>index) << 2))), from);
    if (behind === 0) continue;
    state.value = index + 1;
    return behind;
  }
  return 0;
}

/** `true`, which is 2, or `false`, which is 1. */
export function flag(from: usize): usize {
  const letters = load<i32>(from);
  const isTrue = letters === 0x65757274;
  state.value = isTrue ? 2 : 1;
  if (isTrue) return from + 4;
  return letters === 0x736c6166 && load<u8>(from + 4) === lowerE ? from + 5 : 0;
}
