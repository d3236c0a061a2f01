import { Column } from '../base/column.ts';
import { slackUs } from '../base/intervals.ts';
import { getOrCreate } from '../base/order.ts';
import type { Span } from './entry.ts';
import { Lanes, type OpenLane, putInside } from './lanes.ts';
import { toMicroseconds } from './nanoseconds.ts';

/** What spans of one type are called, each name once; with the first line that has it. */
export interface Frame {
  readonly type: Span['type'];
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** Spans in a row: each inside of another that it is part of, or beside the others. */
export interface Lane {
  readonly name: string;
  /** Numbers of spans by start; what holds another comes first. */
  readonly spans: readonly number[];
}

/** The kinds of lanes. What is part of an operation lies in that one's lane if there is room, else in one of its kind. */
const kinds = ['operations', 'round trips and writes', 'sections'] as const;
const kindByType = { op: 0, verify: 1, request: 1, write: 1, publish: 1, section: 2 } as const;

/** Where each span of a track is drawn. Some 30 bytes a span are kept, until all are known and can be laid out. */
export class Layout {
  readonly frames: Frame[] = [];
  readonly #frameByName = new Map<string, number>();
  readonly #start = new Column(Float64Array);
  readonly #end = new Column(Float64Array);
  /** The number of the span that it is part of, plus one. */
  readonly #parent = new Column(Int32Array);
  readonly #frame = new Column(Int32Array);
  readonly #lane = new Column(Int32Array);
  readonly #kind = new Column(Uint8Array);
  #size = 0;
  /** So far spans are moved to fit into each other. */
  #slack = slackUs;
  #lanes: readonly Lane[] | undefined;

  add(span: Span): void {
    const { index, type, start, end } = span;
    this.#size = Math.max(this.#size, index + 1);
    this.#start.set(index, toMicroseconds(start));
    this.#end.set(index, toMicroseconds(end));
    this.#parent.set(index, (span.parent?.index ?? -1) + 1);
    this.#frame.set(index, this.#frameFor(span));
    this.#kind.set(index, kindByType[type]);
    if (span.timed && end % 1_000_000n !== 0n) this.#slack = 0;
  }

  /** All lanes, those of operations first. Nothing can be added any more. */
  lanes(): readonly Lane[] {
    this.#lanes ??= this.#layOut();
    return this.#lanes;
  }

  /** Its number in `lanes`. */
  laneOf(index: number): number {
    this.lanes();
    return this.#lane.get(index);
  }

  /** Microseconds since 1970. */
  startOf(index: number): number {
    return this.#start.get(index);
  }

  /** Microseconds since 1970. */
  endOf(index: number): number {
    return this.#end.get(index);
  }

  /** Its number in `frames`. */
  frameOf(index: number): number {
    return this.#frame.get(index);
  }

  #frameFor({ type, name, unfinished, file, line }: Span): number {
    const shown = unfinished ? `${name} (unfinished)` : name;
    return getOrCreate(this.#frameByName, `${type} ${shown}`, () => {
      return this.frames.push({ type, name: shown, file: file.path, line }) - 1;
    });
  }

  #layOut(): Lane[] {
    const depths = this.#fitIntoParents();
    const order = Array.from({ length: this.#size }, (_, index) => index).sort(
      (left, right) =>
        this.startOf(left) - this.startOf(right) ||
        this.endOf(right) - this.endOf(left) ||
        depths.get(left) - depths.get(right) ||
        left - right,
    );
    const lanesByKind = kinds.map(() => new Lanes(this.#slack));
    const laneBySpan: OpenLane[] = [];
    for (const index of order) {
      const span = { index, start: this.startOf(index), end: this.endOf(index) };
      const within = laneBySpan[this.#parent.get(index) - 1];
      const inside = within && putInside(within, span, this.#slack, (other) => this.#isPartOf(index, other));
      const { lane, placed } = inside
        ? { lane: within, placed: inside }
        : (lanesByKind[this.#kind.get(index)] as Lanes).beside(span);
      laneBySpan[index] = lane;
      this.#start.set(index, placed.start);
      this.#end.set(index, placed.end);
    }
    const lanes = lanesByKind.flatMap(({ all }, kind) => {
      const title = kinds[kind] as string;
      return all.map(({ spans }, count) => ({ name: count === 0 ? title : `${title} ${count + 1}`, spans }));
    });
    for (const [number, { spans }] of lanes.entries()) for (const index of spans) this.#lane.set(index, number);
    return lanes;
  }

  /** Moves what begins or ends outside of what it is part of by no more than clocks are coarse. Gives each one's depth. */
  #fitIntoParents(): Column<Int32Array<ArrayBuffer>> {
    const depths = new Column(Int32Array);
    for (let index = 0; index < this.#size; index++) {
      const chain: number[] = [];
      for (let at = index; at >= 0 && depths.get(at) === 0; at = this.#parent.get(at) - 1) chain.push(at);
      for (const at of chain.reverse()) {
        const parent = this.#parent.get(at) - 1;
        depths.set(at, parent < 0 ? 1 : depths.get(parent) + 1);
        if (parent >= 0) this.#fitInto(parent, at);
      }
    }
    return depths;
  }

  #fitInto(parent: number, index: number): void {
    const [from, to] = [this.startOf(parent), this.endOf(parent)];
    const near = (time: number) => {
      if (time < from && from - time <= this.#slack) return from;
      return time > to && time - to <= this.#slack ? to : time;
    };
    const start = near(this.startOf(index));
    this.#start.set(index, start);
    this.#end.set(index, Math.max(start, near(this.endOf(index))));
  }

  #isPartOf(index: number, other: number): boolean {
    for (let at = this.#parent.get(index) - 1; at >= 0; at = this.#parent.get(at) - 1) if (at === other) return true;
    return false;
  }
}
