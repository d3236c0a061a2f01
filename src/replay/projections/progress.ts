import { getOrCreate } from '../../base/order.ts';
import { hasName } from '../../base/seen.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { Mark } from '../mark.ts';
import type { Effect, Phase, Replication } from './delivery.ts';
import type { Claimed } from './settlement.ts';

/** How far a device got with one origin by its own lines. */
export interface Progress {
  highest: number;
  /** The lines by which it passed something that it did not have by then, in their order: whatever of it never came is owed since. */
  readonly leaps: Claimed[];
}

/**
 * Takes down that a device wrote an effect, or applied it for itself alone: what stands before it and did not come is owed from here on.
 * What an effect that did not come depends on is owed, too: where effects name causes, such a leap is left to those who know the end.
 */
export function noteProgress(replication: Replication, effect: Effect, phase: Phase, line: Mark<HistoryEvent>): void {
  const { origin, originSeq } = effect;
  if (origin === null) return;
  const progress = getOrCreate(phase.progress, origin, noProgress);
  const leaps = line.event.type !== 'write' && leap(progress, originSeq - 1, line);
  progress.highest = Math.max(progress.highest, originSeq);
  const { deps = [] } = effect.write?.event ?? {};
  if (deps.length > 0) replication.hasDeps = true;
  if (replication.hasDeps && (leaps || !deps.every((id) => hasCome(replication, phase, id)))) replication.loose = true;
}

/** Whether an effect is no further than the device got with its origin. */
function hasCome(replication: Replication, { progress }: Phase, id: string): boolean {
  const effect = replication.effects.get(id);
  if (effect === undefined) return hasName(replication.seen, id);
  return effect.origin !== null && effect.originSeq <= (progress.get(effect.origin)?.highest ?? 0);
}

function noProgress(): Progress {
  return { highest: 0, leaps: [] };
}

/** Everything up to a number is claimed by a line. Returns whether that is more than was there. */
function leap(progress: Progress, originSeq: number, by: Mark<HistoryEvent>): boolean {
  if (originSeq <= progress.highest) return false;
  progress.leaps.push({ originSeq, by });
  progress.highest = originSeq;
  return true;
}
