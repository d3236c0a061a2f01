/**
 * What stands where in the kernel's memory. `kernel.ts` goes by the places that are exported here, and `program.ts` writes what the classes
 * say, in the order of their fields.
 */

/** How far everything came. It stands behind what the compiler itself puts at the beginning. */
export const STATE: usize = 4096;
/** The templates of a file. */
export const PROGRAM: usize = STATE + 64;
/** The end of the room for them. */
export const PROGRAM_END: usize = PROGRAM + 256 * 1024;
/** Lines. */
export const INPUT: usize = PROGRAM_END;
/** The end of the room for lines. They are read sixteen bytes at a time, and therefore past their end. */
export const INPUT_END: usize = INPUT + 576 * 1024;
/** Rows. */
export const CELLS: usize = INPUT_END + 64;
/** The end of the room for rows, of which the last is written a little past its end. */
export const CELLS_END: usize = CELLS + 64 * 1024;
/** Their times. */
export const TIMES: usize = CELLS_END + 64;
/** The end of the room for times. */
export const TIMES_END: usize = TIMES + 8 * 1024;
/** The numbers that are in them. */
export const NUMBERS: usize = TIMES_END;
/** The end of the room for numbers. */
export const NUMBERS_END: usize = NUMBERS + 16 * 1024;
/** The items of one list. */
export const ITEMS: usize = NUMBERS_END;
/** The end of the room for items. */
export const ITEMS_END: usize = ITEMS + 16 * 1024;
/** The texts and lists that are in rows. */
export const WORDS: usize = ITEMS_END;
/** The end of the room for words. */
export const WORDS_END: usize = WORDS + 192 * 1024;

/** The longest text that is read, in bytes. */
export const LONGEST_TEXT: usize = 256;
/** The room that a text needs, with its header and with what is copied behind its end. */
export const TEXT_ROOM: usize = LONGEST_TEXT + 32;

/** What `STATE` is. */
@unmanaged
class State {
  /** Where the next line begins, and where words and numbers end. */
  at: usize;
  words: usize;
  numbers: usize;
  /** Where the lines end. */
  end: usize;
  /** What is added to places of words and of numbers, so that they count from the beginning of a batch. */
  wordBase: i32;
  numberBase: i32;
  /** The value that was read last, as a cell holds it. */
  value: i32;
  /** Where the items of the list at hand end. */
  items: usize;
  /** The time of the line at hand. */
  time: f64;
}

/** The one state that there is. */
export const state = changetype<State>(STATE);

/** Bytes that are looked for as they are. */
@unmanaged
export class Literal {
  length: i32;
  /** Which of sixteen bytes count; for literals that have less. */
  mask: usize;
  bytes: usize;
}

/** What varies from line to line. */
@unmanaged
export class Slot {
  /** How it is read, by the numbers that `program.ts` gives. */
  way: i32;
  /** The cell that it goes into; -1 where it goes into none. */
  cell: i32;
  /** The least that a whole number may be; the fewest bytes of a string that is stepped over; the members that an object must have, as bits. */
  least: i32;
  /** How many literals, or members, there are to choose from, and where they stand; of a list, the slot of its items. */
  count: i32;
  parts: usize;
}

/** A member of an object in a list. */
@unmanaged
export class Member {
  key: Literal;
  slot: Slot;
}

/** A literal and the slot behind it; none behind the last one. */
@unmanaged
export class Piece {
  literal: Literal;
  slot: Slot | null;
}

/** What lines have in common that agree with it. */
@unmanaged
export class Template {
  /** Their cells, as far as these do not vary. */
  row: usize;
  /** Whether each has a time of its own. */
  timed: i32;
  /** What stands behind the first slot. */
  count: i32;
  pieces: usize;
  first: Slot;
  /** How many bytes the texts of a line take at most, lists aside. */
  room: i32;
  /** Their time, unless each has its own. */
  time: f64;
}

/** A template, and the four bytes by which its stem tells it from others. */
@unmanaged
export class Candidate {
  word: i32;
  template: Template;
}

/** Templates whose lines begin alike, up to and with their first slot. */
@unmanaged
export class Stem {
  literal: Literal;
  slot: Slot;
  /** Where they are told from each other, counted from the end of the first slot. */
  told: i32;
  count: i32;
  candidates: usize;
}

/** What stands at the beginning of a program: how many stems there are. They follow. */
@unmanaged
export class Head {
  stems: i32;
}

/** The first stem. */
export const STEMS: usize = PROGRAM + 16;
