import { Heap } from './heap.ts';

/** A span as it is put into a lane: by its number, with its times in µs. */
export interface Placeable {
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

/** Spans that are drawn in one row, each inside of another or beside it, never across its edge. */
export interface OpenLane {
  readonly number: number;
  /** Everything that was put there. */
  readonly spans: number[];
  /** What is open at the newest start, the innermost last. */
  readonly open: Placeable[];
  /** The end of what was closed last. */
  until: number;
}

/**
 * Lanes of one kind. Spans come by start; each is put into the first lane that is free. Where clocks are coarse, one that
 * begins up to `slack` before the lane is free is moved to there.
 */
export class Lanes {
  readonly all: OpenLane[] = [];
  readonly #slack: number;
  readonly #busy = new Heap<OpenLane>((left, right) => endOf(left) - endOf(right) || left.number - right.number);
  readonly #free = new Heap<OpenLane>((left, right) => left.number - right.number);

  constructor(slack: number) {
    this.#slack = slack;
  }

  /** Puts a span beside the others. */
  beside(span: Placeable): { readonly lane: OpenLane; readonly placed: Placeable } {
    for (let lane = this.#busy.least; lane && endOf(lane) <= span.start + this.#slack; lane = this.#busy.least) {
      this.#busy.take();
      this.#free.add(lane);
    }
    const lane = this.#free.take() ?? this.#add();
    const until = lane.open.length > 0 ? Math.max(lane.until, endOf(lane)) : lane.until;
    lane.open.length = 0;
    const placed = put(lane, span, until);
    this.#busy.add(lane);
    return { lane, placed };
  }

  #add(): OpenLane {
    const lane: OpenLane = { number: this.all.length, spans: [], open: [], until: 0 };
    this.all.push(lane);
    return lane;
  }
}

/** Puts a span inside of the innermost one of a lane that holds it, if that is a span which it is part of and nothing is in the way. */
export function putInside(
  lane: OpenLane,
  span: Placeable,
  slack: number,
  isPartOf: (index: number) => boolean,
): Placeable | undefined {
  const open = lane.open.length;
  let kept = open;
  for (; kept > 0; kept--) {
    const { index, end } = lane.open[kept - 1] as Placeable;
    if (end > span.start && (isPartOf(index) || end > span.start + slack)) break;
  }
  const innermost = lane.open[kept - 1];
  // The outermost one of a lane is never closed here: the lane would be free without anybody knowing.
  if (!innermost || !isPartOf(innermost.index) || span.end > innermost.end) return undefined;
  const closed = lane.open.splice(kept).map(({ end }) => end);
  return put(lane, span, Math.max(innermost.start, lane.until, ...closed));
}

function put(lane: OpenLane, span: Placeable, earliest: number): Placeable {
  const start = Math.max(span.start, earliest);
  const placed = { index: span.index, start, end: Math.max(span.end, start) };
  lane.until = earliest;
  lane.spans.push(span.index);
  lane.open.push(placed);
  return placed;
}

function endOf({ open }: OpenLane): number {
  return open[0]?.end ?? 0;
}
