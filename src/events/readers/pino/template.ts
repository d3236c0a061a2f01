import type { Cursor, ValueReader } from './cursor.ts';
import type { EventPlan } from './event-plan.ts';
import type { Literal } from './literal.ts';
import { Pattern, type ReadLine, stepOverAny } from './pattern.ts';

interface Slot {
  readonly read: ValueReader;
  readonly key: number;
}

/** A pattern whose lines become the values of their members. */
export class Template extends Pattern {
  readonly plan: EventPlan;
  /** What each key brings: what all lines share, and what the line at hand has in its slots. */
  readonly values: unknown[];
  readonly #slots: readonly Slot[];
  #first: unknown;

  constructor(line: ReadLine, varies: readonly boolean[]) {
    super(line, varies);
    const { plan, values } = line;
    this.plan = plan;
    this.values = [...values, undefined];
    this.#slots = this.varying.map(({ key }) => {
      const reader = plan.members[key]?.reader;
      return reader ? { read: reader, key } : { read: stepOverAny, key: values.length };
    });
  }

  readFirst(cursor: Cursor): boolean {
    this.#first = this.#slots[0]?.read(cursor);
    return this.#first !== undefined;
  }

  readRest(cursor: Cursor, begun: Template): boolean {
    const { literals, values } = this;
    const slots = this.#slots;
    values[(slots[0] as Slot).key] = begun.#first;
    for (let index = 1; index < literals.length; index += 1) {
      const at = (literals[index] as Literal).endAt(cursor, cursor.at);
      if (at < 0) return false;
      cursor.at = at;
      if (index === slots.length) break;
      const { read, key } = slots[index] as Slot;
      const value = read(cursor);
      if (value === undefined) return false;
      values[key] = value;
    }
    return this.mayBe(cursor);
  }
}
