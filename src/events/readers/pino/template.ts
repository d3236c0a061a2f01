import type { Cursor, ValueReader } from './cursor.ts';
import type { EventPlan } from './event-plan.ts';
import { hop } from './hop.ts';
import { Literal } from './literal.ts';

/** A member's key, by its index, -1 for one that is not known, and where its value stands. */
export interface Place {
  readonly key: number;
  readonly from: number;
  readonly to: number;
}

/** A line that was read member by member: what a template is learned from. */
export interface ReadLine {
  readonly plan: EventPlan;
  /** The line with its line end. */
  readonly bytes: Uint8Array;
  /** The members in their order, in places counted from the line's beginning. */
  readonly members: readonly Place[];
  /** What each key brought, by its index. */
  readonly values: readonly unknown[];
  readonly numericAmount: boolean;
  readonly strange: boolean;
}

interface Slot {
  readonly read: ValueReader;
  readonly key: number;
}

/**
 * What lines of one writer have in common, byte by byte, and between it the values that vary. A line that agrees has the same
 * members in the same order, so that reading these values is reading the line.
 */
export class Template {
  readonly plan: EventPlan;
  /** What each key brings: what all lines share, and what the line at hand has in its slots. */
  readonly values: unknown[];
  /** The bytes before each slot, and those behind the last. */
  readonly literals: readonly Literal[];
  readonly slots: readonly Slot[];
  readonly #line: ReadLine;
  readonly #varies: readonly boolean[];

  constructor(line: ReadLine, known?: readonly boolean[]) {
    const { plan, bytes, members, values } = line;
    // A list or an object is read anew even where it is always the same, so that no two events hold the same one.
    const varies = known ?? members.map(({ key }) => typeof values[key] === 'object');
    this.plan = plan;
    this.#line = line;
    this.#varies = varies;
    this.values = [...values, undefined];
    const varying = members.filter((_, index) => varies[index]);
    const starts = [0, ...varying.map(({ to }) => to)];
    const ends = [...varying.map(({ from }) => from), bytes.length];
    this.literals = starts.map((start, index) => new Literal(bytes.subarray(start, ends[index])));
    this.slots = varying.map(({ key }) => {
      const reader = plan.members[key]?.reader;
      return reader ? { read: reader, key } : { read: stepOverAny, key: values.length };
    });
  }

  /** Reads on behind a slot that was read. True where the line agrees to its end; the cursor is then behind it. */
  readFrom(cursor: Cursor, slot: number): boolean {
    const { literals, slots, values } = this;
    for (let index = slot; index < literals.length; index += 1) {
      const at = (literals[index] as Literal).endAt(cursor, cursor.at);
      if (at < 0) return false;
      cursor.at = at;
      if (index === slots.length) break;
      const { read, key } = slots[index] as Slot;
      const value = read(cursor);
      if (value === undefined) return false;
      values[key] = value;
    }
    const { numericAmount, strange } = this.#line;
    return !((numericAmount || cursor.numericAmount) && (strange || cursor.strange));
  }

  /** Whether lines of both agree up to and with their first slot. */
  beginsLike({ literals: [literal], slots: [slot] }: Template): boolean {
    const [own] = this.literals;
    const [first] = this.slots;
    return (
      own !== undefined &&
      literal !== undefined &&
      Buffer.from(own.bytes).equals(literal.bytes) &&
      first?.key === slot?.key &&
      first?.read === slot?.read
    );
  }

  /** Whether a line has the same members in the same order. */
  isLike({ plan, members }: ReadLine): boolean {
    const own = this.#line.members;
    return (
      plan === this.plan && members.length === own.length && members.every(({ key }, index) => key === own[index]?.key)
    );
  }

  /** The template of this one's lines and one more that is like them; `undefined` where nothing is to be learned from it. */
  with(line: ReadLine): Template | undefined {
    const varies = line.members.map(
      ({ from, to }, index) => this.#varies[index] || !this.#value(index).equals(line.bytes.subarray(from, to)),
    );
    const next = new Template(line, varies);
    const same =
      next.literals.length === this.literals.length &&
      next.literals.every(({ bytes }, index) => Buffer.from(bytes).equals((this.literals[index] as Literal).bytes));
    return same ? undefined : next;
  }

  #value(index: number): Buffer {
    const { bytes, members } = this.#line;
    return Buffer.from(bytes.subarray(members[index]?.from, members[index]?.to));
  }
}

/** Steps over a value of any kind that nobody reads. */
function stepOverAny(cursor: Cursor): true | undefined {
  const end = hop(cursor.bytes, cursor.at);
  if (end < 0) return undefined;
  cursor.at = end;
  return true;
}
