import { ReplayError } from '../../base/errors.ts';
import { toMicroseconds } from '../../base/intervals.ts';

/**
 * When a batch of writes is verified: once no write came for a while, after an operation's last write, or when a snapshot is
 * published that claims them. `text` is how the user said it.
 */
export type Batching =
  | { readonly by: 'window'; readonly windowUs: number; readonly text: string }
  | { readonly by: 'op' | 'blocks'; readonly text: string };

/** Reads how to batch: `window=50ms`, `op` or `blocks`. Throws a `ReplayError` for anything else. */
export function parseBatching(given: string): Batching {
  const text = given.trim();
  if (text === 'op' || text === 'blocks') return { by: text, text };
  const { length, unit } = /^window=(?<length>\d{1,9}(?:\.\d{1,6})?)(?<unit>ms|s)$/.exec(text)?.groups ?? {};
  if (length !== undefined)
    return { by: 'window', windowUs: toMicroseconds(Number(length) * (unit === 's' ? 1000 : 1)), text };
  if (text === 'window=0') return { by: 'window', windowUs: 0, text };
  throw new ReplayError(
    `--what-if: expected window=…, op or blocks, got ${given === '' ? 'nothing' : given}`,
    hintFor(text),
  );
}

function hintFor(text: string): string {
  if (text.startsWith('window')) return 'a window has a length in ms or s, such as window=50ms or window=0.5s';
  return 'window=50ms: a batch ends when no write came for so long; op: one batch per operation; blocks: one per snapshot';
}
