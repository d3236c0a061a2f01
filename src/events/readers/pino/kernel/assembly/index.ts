/**
 * The kernel, in AssemblyScript: lines that agree with a template become rows, sixteen bytes at a time, as `ColumnTemplate` makes them.
 * What it does not plainly know it refuses, so that it may know less than `ColumnTemplate`, and never more.
 */
import {
  Candidate,
  CELLS,
  CELLS_END,
  Head,
  INPUT,
  INPUT_END,
  NUMBERS,
  NUMBERS_END,
  Piece,
  PROGRAM,
  PROGRAM_END,
  STATE,
  STEMS,
  Stem,
  state,
  Template,
  TIMES,
  TIMES_END,
  WORDS,
  WORDS_END,
} from './memory.ts';
import { read } from './slots.ts';
import { literal } from './values.ts';

export {
  CELLS,
  CELLS_END,
  INPUT,
  INPUT_END,
  NUMBERS,
  NUMBERS_END,
  PROGRAM,
  PROGRAM_END,
  STATE,
  TIMES,
  TIMES_END,
  WORDS,
  WORDS_END,
};

/** Where the cell of a line's number stands in a row, in bytes. */
const lineCell: usize = 4;

/**
 * Reads lines between two positions into rows of so many cells, as far as it knows them: at most so many. `line`: the number of the first.
 * Returns how many were read; the state says where the next one begins, and how many words and numbers there are.
 */
export function scan(from: usize, end: usize, line: i32, width: i32, most: i32, wordBase: i32, numberBase: i32): i32 {
  const bytes = (<usize>width) << 2;
  state.at = from;
  state.end = end;
  state.words = WORDS;
  state.numbers = NUMBERS;
  state.wordBase = wordBase;
  state.numberBase = numberBase;
  let rows = 0;
  let row = CELLS;
  let time = TIMES;
  for (; rows < most && state.at < end; rows++) {
    const words = state.words;
    const numbers = state.numbers;
    const behind = readLine(row, bytes);
    if (behind === 0) {
      // What was kept of a line that is refused is forgotten.
      state.words = words;
      state.numbers = numbers;
      break;
    }
    store<i32>(row, line + rows, lineCell);
    store<f64>(time, state.time);
    state.at = behind;
    row += bytes;
    time += 8;
  }
  return rows;
}

/** Reads a line by the first template with which it agrees. Returns the position behind it; 0 where there is none. */
function readLine(row: usize, bytes: usize): usize {
  const start = state.at;
  const words = state.words;
  const numbers = state.numbers;
  const stems = changetype<Head>(PROGRAM).stems;
  for (let index = 0; index < stems; index++) {
    const stem = changetype<Stem>(STEMS + <usize>index * offsetof<Stem>());
    state.words = words;
    state.numbers = numbers;
    let behind = literal(stem.literal, start);
    if (behind === 0) continue;
    behind = read(stem.slot, behind);
    if (behind === 0) continue;
    const end = readBy(stem, behind, row, bytes);
    if (end !== 0) return end;
  }
  return 0;
}

/** Reads on behind the first slot by one of a stem's templates. */
function readBy(stem: Stem, behind: usize, row: usize, bytes: usize): usize {
  const first = state.value;
  const time = state.time;
  const words = state.words;
  const numbers = state.numbers;
  const word = load<i32>(behind + <usize>stem.told);
  for (let index = 0; index < stem.count; index++) {
    const candidate = changetype<Candidate>(stem.candidates + <usize>index * offsetof<Candidate>());
    if (candidate.word !== word) continue;
    state.words = words;
    state.numbers = numbers;
    state.time = time;
    const end = readRest(candidate.template, behind, first, row, bytes);
    if (end !== 0) return end;
  }
  return 0;
}

function readRest(template: Template, from: usize, first: i32, row: usize, bytes: usize): usize {
  if (state.words + <usize>template.room > WORDS_END) return 0;
  for (let byte: usize = 0; byte < bytes; byte += 16) v128.store(row + byte, v128.load(template.row + byte));
  if (!template.timed) state.time = template.time;
  if (template.first.cell >= 0) store<i32>(row + ((<usize>template.first.cell) << 2), first);
  let behind = from;
  const pieces = template.pieces;
  for (let index = 0; index < template.count; index++) {
    const piece = changetype<Piece>(pieces + <usize>index * offsetof<Piece>());
    behind = literal(piece.literal, behind);
    const slot = piece.slot;
    if (behind === 0 || slot === null) return behind;
    behind = read(slot, behind);
    if (behind === 0) return 0;
    if (slot.cell >= 0) store<i32>(row + ((<usize>slot.cell) << 2), state.value);
  }
  return behind;
}
