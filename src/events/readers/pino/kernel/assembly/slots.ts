/** Slots, and lists in them. As with single values, the position behind is returned, 0 where they do not agree. */
import { ITEMS, ITEMS_END, Member, Slot, state, TEXT_ROOM, WORDS, WORDS_END } from './memory.ts';
import { amount, anything, flag, keptNumber, literal, number, string, text, time, whole, word } from './values.ts';

const comma: u8 = 0x2c;
const listStart: u8 = 0x5b;
const listEnd: u8 = 0x5d;
const objectStart: u8 = 0x7b;
const objectEnd: u8 = 0x7d;

/** The ways to read a slot. */
const TEXT = 0;
const AMOUNT = 1;
const WHOLE = 2;
const STRING = 3;
const WORD = 4;
const FLAG = 5;
const KEPT_NUMBER = 6;
const NUMBER = 7;
const TIME = 8;
const ANYTHING = 9;
const LIST = 10;
const OBJECT = 11;

/** Reads what a slot says. */
export function read(slot: Slot, from: usize): usize {
  switch (slot.way) {
    case TEXT:
      return text(from);
    case AMOUNT: {
      const behind = amount(from);
      return behind === 0 || slot.cell < 0 ? behind : text(from);
    }
    case WHOLE:
      return whole(from, slot.least);
    case STRING:
      return string(from, slot.least);
    case WORD:
      return word(slot, from);
    case FLAG:
      return flag(from);
    case KEPT_NUMBER:
      return keptNumber(from);
    case NUMBER:
      return number(from);
    case TIME:
      return time(from);
    case ANYTHING:
      return anything(from);
    case LIST:
      return list(slot, from);
    default:
      return 0;
  }
}

/**
 * A list. What is gathered of its items is put down behind the texts in them, and before it how many there are: that place is the value.
 * Of one that nobody wants nothing is kept.
 */
function list(slot: Slot, from: usize): usize {
  if (load<u8>(from) !== listStart) return 0;
  const item = changetype<Slot>(slot.parts);
  const words = state.words;
  const numbers = state.numbers;
  let behind = from + 1;
  let count = 0;
  state.items = ITEMS;
  if (load<u8>(behind) === listEnd) behind++;
  else {
    let next: u8 = comma;
    for (; next === comma; count++) {
      behind = item.way === OBJECT ? object(item, behind) : single(item, behind);
      if (behind === 0) return 0;
      next = load<u8>(behind++);
    }
    if (next !== listEnd) return 0;
  }
  if (slot.cell < 0) {
    state.words = words;
    state.numbers = numbers;
    return behind;
  }
  const bytes = state.items - ITEMS;
  const place = state.words;
  if (place + 4 + bytes > WORDS_END) return 0;
  store<i32>(place, count);
  memory.copy(place + 4, ITEMS, bytes);
  state.value = state.wordBase + <i32>((place - WORDS) >>> 2);
  state.words = place + 4 + bytes;
  return behind;
}

/** An item that is no object. */
function single(item: Slot, from: usize): usize {
  const place = state.items;
  if (place + 4 > ITEMS_END || state.words + TEXT_ROOM > WORDS_END) return 0;
  const behind = read(item, from);
  store<i32>(place, state.value);
  state.items = place + 4;
  return behind;
}

/** An object in a list. Its members, in whatever order they stand, become items in the order of the slot's; one that is absent is 0. */
function object(slot: Slot, from: usize): usize {
  const first = state.items;
  const last = first + ((<usize>slot.count) << 2);
  if (load<u8>(from) !== objectStart || last > ITEMS_END) return 0;
  memory.fill(first, 0, last - first);
  state.items = last;
  let behind = from + 1;
  let seen = 0;
  for (let next: u8 = comma, index = 0; next === comma; ) {
    let start = literal(memberAt(slot, index).key, behind);
    for (let tried = 1; start === 0 && tried < slot.count; tried++) {
      index = index + 1 < slot.count ? index + 1 : 0;
      start = literal(memberAt(slot, index).key, behind);
    }
    if (start === 0 || (seen & (1 << index)) !== 0 || state.words + TEXT_ROOM > WORDS_END) return 0;
    behind = read(memberAt(slot, index).slot, start);
    if (behind === 0) return 0;
    store<i32>(first + ((<usize>index) << 2), state.value);
    seen |= 1 << index;
    index = index + 1 < slot.count ? index + 1 : 0;
    next = load<u8>(behind++);
    if (next === objectEnd) return (seen & slot.least) === slot.least ? behind : 0;
  }
  return 0;
}

function memberAt(slot: Slot, index: i32): Member {
  return changetype<Member>(slot.parts + <usize>index * offsetof<Member>());
}
