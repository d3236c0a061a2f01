import { addHash, type Roll, sumOf } from '../../base/roll.ts';
import { hashText } from '../../base/sample.ts';
import type { Replication } from './delivery.ts';

/** How far a snapshot goes with each device. */
type Frontier = Readonly<Record<string, number>>;

/** A list of contents is compared with effects; where it is not just what the frontier claims, all must be there. */
export function doubtUnlessComplete(
  replication: Replication,
  snapshot: string,
  contents: readonly string[] | undefined,
): void {
  const frontier = replication.snapshots.get(snapshot)?.event.frontier;
  if (!contents || !frontier) return;
  const isClaimed = listsWhatIsClaimed(contents, frontier, hashText, (origin) => replication.written.get(origin)?.roll);
  if (!isClaimed) replication.doubtful = true;
}

/** Whether a frontier claims all that another does, and something more. */
export function claimsMore(left: Frontier, right: Frontier): boolean {
  const origins = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const ahead = origins.map((origin) => (left[origin] ?? 0) - (right[origin] ?? 0));
  return ahead.every((steps) => steps >= 0) && ahead.some((steps) => steps > 0);
}

/** Whether a list names just the effects that a frontier claims, as far as is known of them by now. */
export function listsWhatIsClaimed(
  contents: readonly string[],
  frontier: Frontier,
  hash: (effect: string) => number,
  rollOf: (origin: string) => Roll | undefined,
): boolean {
  let claimed = 0;
  let sum = 0;
  for (const [origin, originSeq] of Object.entries(frontier)) {
    const roll = rollOf(origin);
    const ofOrigin = roll && sumOf(roll, originSeq);
    if (ofOrigin === undefined) {
      if (originSeq > 0) return false;
      continue;
    }
    claimed += originSeq;
    sum = addHash(sum, ofOrigin);
  }
  return contents.length === claimed && contents.reduce((total, effect) => addHash(total, hash(effect)), 0) === sum;
}
