const perMillisecond = 1_000_000n;
const digits = 6;

/** The latest moment that is believed, in 2255: microseconds up to it are safe integers. */
const latestMs = Math.floor(Number.MAX_SAFE_INTEGER / 1000);

/** Whether a log's time can be believed. */
export function isMoment(timeMs: number | null): timeMs is number {
  return timeMs !== null && timeMs >= 0 && timeMs <= latestMs;
}

/** A log's time in nanoseconds since 1970, exactly as its decimals say; `undefined` for one that is absent or absurd. */
export function momentOf(timeMs: number | null): bigint | undefined {
  return isMoment(timeMs) ? exactly(timeMs) : undefined;
}

/** A duration in nanoseconds; one below zero counts as none. */
export function durationOf(durationMs: number): bigint {
  return exactly(Math.min(latestMs, Math.max(0, durationMs)));
}

/** Nanoseconds as milliseconds with the decimals that there are: `1748642400123.25`. */
export function formatMilliseconds(nanoseconds: bigint): string {
  const fraction = String(nanoseconds % perMillisecond)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return `${nanoseconds / perMillisecond}${fraction && `.${fraction}`}`;
}

/** Nanoseconds as whole microseconds, rounded, so that what lies within something still does. */
export function toMicroseconds(nanoseconds: bigint): number {
  return Number((nanoseconds + 500n) / 1000n);
}

/** By the decimals and not by multiplication, which would add digits that no log has. What is left of a nanosecond is dropped. */
function exactly(milliseconds: number): bigint {
  if (Number.isInteger(milliseconds)) return BigInt(milliseconds) * perMillisecond;
  const text = String(milliseconds);
  if (text.includes('e')) return 0n;
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * perMillisecond + BigInt(fraction.slice(0, digits).padEnd(digits, '0'));
}
