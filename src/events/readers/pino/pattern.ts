import type { Cursor } from './cursor.ts';
import { type EventPlan, header } from './event-plan.ts';
import { hop } from './hop.ts';
import { Literal } from './literal.ts';

/** A member's key, by its index, -1 for one that is not known, and where its value stands. */
export interface Place {
  readonly key: number;
  readonly from: number;
  readonly to: number;
}

/** A line that was read member by member: what a pattern is learned from. */
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

/**
 * What lines of one writer have in common, byte by byte, and between it the values that vary, its slots. A line that agrees has the
 * same members in the same order, so that reading these values is reading the line.
 */
export abstract class Pattern {
  /** The bytes before each slot, and those behind the last. */
  readonly literals: readonly Literal[];
  /** The members whose values are the slots, in their order. */
  protected readonly varying: readonly Place[];
  readonly #line: ReadLine;
  readonly #varies: readonly boolean[];

  constructor(line: ReadLine, varies: readonly boolean[]) {
    const { bytes, members } = line;
    this.#line = line;
    this.#varies = varies;
    this.varying = members.filter((_, index) => varies[index]);
    const starts = [0, ...this.varying.map(({ to }) => to)];
    const ends = [...this.varying.map(({ from }) => from), bytes.length];
    this.literals = starts.map((start, index) => new Literal(bytes.subarray(start, ends[index])));
  }

  /** Reads the first slot, alike for all patterns that begin alike, and keeps its value. False where it does not fit. */
  abstract readFirst(cursor: Cursor): boolean;

  /** Reads on behind the first slot, of which another pattern, or this one, has the value. True where the line agrees to its end; the cursor is then behind it. */
  abstract readRest(cursor: Cursor, begun: Pattern): boolean;

  /** Whether lines of both agree up to and with their first slot. */
  beginsLike(other: Pattern): boolean {
    const [own] = this.literals;
    const [literal] = other.literals;
    return (
      own !== undefined &&
      literal !== undefined &&
      Buffer.from(own.bytes).equals(literal.bytes) &&
      this.#first === other.#first
    );
  }

  /** Whether a line has the same members in the same order. */
  isLike({ plan, members }: ReadLine): boolean {
    const own = this.#line.members;
    return (
      plan === this.#line.plan &&
      members.length === own.length &&
      members.every(({ key }, index) => key === own[index]?.key)
    );
  }

  /** Which members vary between this pattern's lines and one more that is like them. */
  variesWith(line: ReadLine): readonly boolean[] {
    return line.members.map(
      ({ from, to }, index) => this.#varies[index] || !this.#value(index).equals(line.bytes.subarray(from, to)),
    );
  }

  /** Whether both agree with the same lines. */
  equals({ literals }: Pattern): boolean {
    return (
      literals.length === this.literals.length &&
      literals.every(({ bytes }, index) => Buffer.from(bytes).equals((this.literals[index] as Literal).bytes))
    );
  }

  /** Whether a line that agreed may be read so: of a number with a fraction the slow lane sees that digits were lost, by looking for it in the whole line. */
  protected mayBe(cursor: Cursor): boolean {
    const { numericAmount, strange } = this.#line;
    return !((numericAmount || cursor.numericAmount) && (strange || cursor.strange));
  }

  /** What reads the first slot: of a member that is not known, anything. */
  get #first(): unknown {
    const key = this.varying[0]?.key;
    return key === undefined ? undefined : (this.#line.plan.members[key]?.reader ?? key);
  }

  #value(index: number): Buffer {
    const { bytes, members } = this.#line;
    return Buffer.from(bytes.subarray(members[index]?.from, members[index]?.to));
  }
}

/**
 * Which members of a line vary, before there is another to compare it with: those of a header that no two lines share, and what an event says
 * in texts and numbers; of what is a word or a flag it is found out. What is no scalar is read anew each time, so that no two events share it.
 */
export function variesAtFirst({ plan, members, values }: ReadLine): readonly boolean[] {
  return members.map(
    ({ key }) =>
      typeof values[key] === 'object' || ownOfLine.has(key) || volatile.has(plan.members[key]?.form?.kind ?? ''),
  );
}

const ownOfLine: ReadonlySet<number> = new Set([header.seq, header.time, header.mono, header.opId]);
const volatile: ReadonlySet<string> = new Set(['string', 'amount', 'whole', 'number']);

/** Steps over a value of any kind that nobody reads. */
export function stepOverAny(cursor: Cursor): true | undefined {
  const end = hop(cursor.bytes, cursor.at);
  if (end < 0) return undefined;
  cursor.at = end;
  return true;
}
