/**
 * What the sums need of a plain operation, as numbers: its own, and behind them those of each of its trips, in the order of their lines. Times are in
 * microseconds, and NaN where a line has none.
 */
export const figure = {
  /** The number of its name. */
  name: 0,
  ok: 1,
  wallUs: 2,
  endUs: 3,
  writes: 4,
  /** Trips, retries among them; retries; and first attempts at a verify. */
  trips: 5,
  retries: 6,
  verifies: 7,
  /** The time in its trips, and the time in which any of them was under way, as far as they lie within it. */
  tripsUs: 8,
  unionUs: 9,
  firstTrip: 10,
} as const;

/** The figures of a trip. `kind`: its number. */
export const tripFigure = { kind: 0, attempt: 1, durationUs: 2, endUs: 3, count: 4 } as const;

/** How many figures an operation of so many trips has. */
export function figuresOf(trips: number): number {
  return figure.firstTrip + trips * tripFigure.count;
}
