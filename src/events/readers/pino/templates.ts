import type { Cursor } from './cursor.ts';
import type { Literal } from './literal.ts';
import { type Pattern, type ReadLine, variesAtFirst } from './pattern.ts';

/** How many patterns are kept, and how often one is learned in a file: who writes every line differently is not worth more. */
const mostKept = 64;
const mostLearned = 1000;

const width = 4;

/** Patterns whose lines agree up to and with their first slot; a few bytes behind it tell which of them a line may be. */
export interface Stem<Kind extends Pattern> {
  readonly of: Kind;
  /** Where these bytes stand, counted from the end of the first slot. */
  readonly told: number;
  readonly byWord: ReadonlyMap<number, readonly Kind[]>;
}

/** The patterns of one file, learned while it is read. */
export class Templates<Kind extends Pattern> {
  readonly #make: (line: ReadLine, varies: readonly boolean[]) => Kind | undefined;
  #all: Kind[] = [];
  /** The patterns by how their lines begin; others once something was learned. */
  stems: readonly Stem<Kind>[] = [];
  #learned = 0;

  /** `make`: a pattern of a line and of which of its members vary; `undefined` for one that is not worth it. */
  constructor(make: (line: ReadLine, varies: readonly boolean[]) => Kind | undefined) {
    this.#make = make;
  }

  /** Reads a line where the cursor stands, by a pattern that it agrees with; `undefined` where there is none. */
  read(cursor: Cursor): Kind | undefined {
    const start = cursor.at;
    for (let index = 0; index < this.stems.length; index += 1) {
      const { of, told, byWord } = this.stems[index] as Stem<Kind>;
      cursor.at = start;
      const at = (of.literals[0] as Literal).endAt(cursor, start);
      if (at < 0) continue;
      cursor.at = at;
      if (!of.readFirst(cursor)) continue;
      const behind = cursor.at;
      if (behind + told + width > cursor.end) continue;
      const found = byWord.get(cursor.view.getInt32(behind + told, true));
      if (found === undefined) continue;
      for (let other = 0; other < found.length; other += 1) {
        const pattern = found[other] as Kind;
        cursor.at = behind;
        if (pattern.readRest(cursor, of)) return pattern;
      }
    }
    return undefined;
  }

  /** Learns from a line that agreed with no pattern. */
  learn(line: ReadLine): void {
    if (this.#learned >= mostLearned) return;
    const like = this.#all.findIndex((pattern) => pattern.isLike(line));
    const known = this.#all[like];
    const learned = this.#make(line, known ? known.variesWith(line) : variesAtFirst(line));
    if (learned === undefined || known?.equals(learned)) return;
    this.#learned += 1;
    if (like >= 0) this.#all[like] = learned;
    else this.#all = this.#all.length < mostKept ? [...this.#all, learned] : [learned];
    this.stems = stemsOf(this.#all);
  }
}

function stemsOf<Kind extends Pattern>(patterns: readonly Kind[]): Stem<Kind>[] {
  const groups: Kind[][] = [];
  for (const pattern of patterns) {
    // Without a slot there is but one such line, and with so little behind the slot there is nothing to tell it by.
    if ((pattern.literals[1]?.bytes.length ?? 0) < width) continue;
    const group = groups.find(([first]) => first?.beginsLike(pattern));
    if (group) group.push(pattern);
    else groups.push([pattern]);
  }
  return groups.map((group) => {
    const behind = group.map(({ literals }) => Buffer.from((literals[1] as Literal).bytes));
    const told = Math.min(alike(behind), ...behind.map(({ length }) => length - width));
    const words = behind.map((bytes) => bytes.readInt32LE(told));
    const byWord = new Map(words.map((word) => [word, group.filter((_, index) => words[index] === word)]));
    return { of: group[0] as Kind, told, byWord };
  });
}

/** How many bytes the texts have in common at their beginning. */
function alike(texts: readonly Buffer[]): number {
  const [first = Buffer.alloc(0), ...others] = texts;
  const parted = first.findIndex((value, index) => others.some((other) => other[index] !== value));
  return parted < 0 ? first.length : parted;
}
