import type { Cursor } from './cursor.ts';
import type { Literal } from './literal.ts';
import { type ReadLine, Template } from './template.ts';

/** How many templates are kept, and how often one is learned in a file: who writes every line differently is not worth more. */
const mostKept = 64;
const mostLearned = 1000;

const width = 4;

/** Templates whose lines agree up to and with their first slot; a few bytes behind it tell which of them a line may be. */
interface Stem {
  readonly of: Template;
  /** Where these bytes stand, counted from the end of the first slot. */
  readonly told: number;
  readonly byWord: ReadonlyMap<number, readonly Template[]>;
}

/** The templates of one file, learned while it is read. */
export class Templates {
  #all: Template[] = [];
  #stems: readonly Stem[] = [];
  #learned = 0;

  /** Reads a line where the cursor stands, by a template that it agrees with; `undefined` where there is none. */
  read(cursor: Cursor): Template | undefined {
    const start = cursor.at;
    for (let index = 0; index < this.#stems.length; index += 1) {
      const { of, told, byWord } = this.#stems[index] as Stem;
      cursor.at = start;
      const slot = of.slots[0];
      const at = (of.literals[0] as Literal).endAt(cursor, start);
      if (at < 0 || slot === undefined) continue;
      cursor.at = at;
      const first = slot.read(cursor);
      const behind = cursor.at;
      if (first === undefined || behind + told + width > cursor.view.byteLength) continue;
      const found = byWord.get(cursor.view.getInt32(behind + told, true));
      if (found === undefined) continue;
      for (let other = 0; other < found.length; other += 1) {
        const template = found[other] as Template;
        cursor.at = behind;
        if (!template.readFrom(cursor, 1)) continue;
        template.values[slot.key] = first;
        return template;
      }
    }
    return undefined;
  }

  /** Learns from a line that agreed with no template. */
  learn(line: ReadLine): void {
    if (this.#learned >= mostLearned) return;
    const like = this.#all.findIndex((template) => template.isLike(line));
    const learned = like < 0 ? new Template(line) : this.#all[like]?.with(line);
    if (learned === undefined) return;
    this.#learned += 1;
    if (like >= 0) this.#all[like] = learned;
    else this.#all = this.#all.length < mostKept ? [...this.#all, learned] : [learned];
    this.#stems = stemsOf(this.#all);
  }
}

function stemsOf(templates: readonly Template[]): Stem[] {
  const groups: Template[][] = [];
  for (const template of templates) {
    // Without a slot there is but one such line, and with so little behind the slot there is nothing to tell it by.
    if ((template.literals[1]?.bytes.length ?? 0) < width) continue;
    const group = groups.find(([first]) => first?.beginsLike(template));
    if (group) group.push(template);
    else groups.push([template]);
  }
  return groups.map((group) => {
    const behind = group.map(({ literals }) => Buffer.from((literals[1] as Literal).bytes));
    const told = Math.min(alike(behind), ...behind.map(({ length }) => length - width));
    const words = behind.map((bytes) => bytes.readInt32LE(told));
    const byWord = new Map(words.map((word) => [word, group.filter((_, index) => words[index] === word)]));
    return { of: group[0] as Template, told, byWord };
  });
}

/** How many bytes the texts have in common at their beginning. */
function alike(texts: readonly Buffer[]): number {
  const [first = Buffer.alloc(0), ...others] = texts;
  const parted = first.findIndex((value, index) => others.some((other) => other[index] !== value));
  return parted < 0 ? first.length : parted;
}
