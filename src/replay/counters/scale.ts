import { countWhile } from '../../base/search.ts';

/** A part of a scale, and how much of an interval lies in it. */
export interface Piece {
  readonly part: number;
  readonly length: number;
}

/**
 * Time cut into parts at ascending points: the sections of a scenario, or the steps of a drawing. Part 0 lies before the first cut,
 * part `i` from cut `i` on. All in whole microseconds.
 */
export type Scale = readonly number[];

/** Cuts that part a stretch of time into equal steps; the first and the last step reach on beyond it. */
export function equalSteps(from: number, to: number, steps: number): Scale {
  return Array.from({ length: steps - 1 }, (_, index) => from + Math.round(((to - from) * (index + 1)) / steps));
}

/** The part in which a point lies; on a cut, the later one. */
export function partAt(scale: Scale, time: number): number {
  return countWhile(scale, (cut) => cut <= time);
}

/** The parts that an interval lies in, in order, with what of it lies in each; at least one, even without length. */
export function piecesOf(scale: Scale, start: number, end: number): Piece[] {
  const first = partAt(scale, start);
  if (first >= scale.length || end <= (scale[first] as number)) return [{ part: first, length: end - start }];
  const pieces: Piece[] = [];
  let at = start;
  for (let part = first; at < end; part++) {
    const to = Math.min(end, scale[part] ?? end);
    if (to > at) pieces.push({ part, length: to - at });
    at = to;
  }
  return pieces;
}

/** A whole amount shared out over pieces by their lengths, in whole numbers of which the sum is the amount, exactly. */
export function shareOut(amount: number, pieces: readonly Piece[]): number[] {
  if (pieces.length === 1) return [amount];
  const whole = pieces.reduce((sum, { length }) => sum + length, 0);
  let lengths = 0;
  let given = 0;
  return pieces.map(({ length }, index) => {
    lengths += length;
    const upToHere =
      index === pieces.length - 1 ? amount : Number((BigInt(amount) * BigInt(lengths)) / BigInt(Math.max(1, whole)));
    const share = upToHere - given;
    given = upToHere;
    return share;
  });
}
