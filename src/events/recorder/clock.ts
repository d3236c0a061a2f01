/** Milliseconds on the monotonic clock, for durations; its zero means nothing. */
export function now(): number {
  return performance.now();
}

/** Milliseconds as they are written: to the microsecond, since more digits are noise and bytes. */
export function milliseconds(value: number): number {
  return Math.round(value * 1000) / 1000;
}
