import type { Amount } from '../../base/amount.ts';
import { hasName, seeName } from '../../base/seen.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Effect, Passage, Phase, Replication } from './delivery.ts';

/** Effects of which nobody logged the writing, as of a device without a log. What they do is known by balance lines alone. */
export interface Unwritten {
  /** Those that every device applied, while balance lines of them may still come. */
  readonly ripening: Effect[];
  /** By origin, the effect that was named last: a report tells of it, so it is kept. */
  readonly newest: Map<string, Effect>;
  settled: number;
  forgotten: number;
  /** Whether one was booked before it was named, or written after that: then no more of them are settled. */
  halted: boolean;
}

/** None yet. */
export function noneUnwritten(): Unwritten {
  return { ripening: [], newest: new Map(), settled: 0, forgotten: 0, halted: false };
}

/** How many more effects come to every device before each is expected to have booked one: lines of devices are read by turns. */
const effectsToRipen = 1024;

/** A line names the origin of an effect for the first time. Returns the effect of that origin of which this was said last before. */
export function noteNamed(replication: Replication, effect: Effect, origin: string): Effect | undefined {
  const { unwritten, written, seen } = replication;
  const { newest } = unwritten;
  const { originSeq } = effect;
  // Another one may have its number, by which devices passed it.
  if (originSeq <= (written.get(origin)?.highest ?? 0) || seeName(seen, numbered(origin, originSeq)))
    replication.doubtful = true;
  // It was booked before, so that it is older than it seems.
  if (effect.passages.length > 0) {
    unwritten.halted = true;
    return undefined;
  }
  const before = newest.get(origin);
  newest.set(origin, effect);
  return before;
}

/** A device writes an effect, which may have been named before: whatever was made of such effects may be wrong. */
export function noteWritten(
  replication: Replication,
  { origin, write }: Effect,
  { device, originSeq }: ReplayEvent<'write'>,
): void {
  const { unwritten, seen } = replication;
  if (unwritten.newest.has(device) && hasName(seen, numbered(device, originSeq))) replication.doubtful = true;
  if (origin === null || write !== null) return;
  unwritten.halted = true;
  if (unwritten.settled > 0) replication.doubtful = true;
}

/** An effect by its number. */
function numbered(origin: string, originSeq: number): string {
  return `${originSeq} of ${origin}`;
}

/** A device applied an effect that nobody wrote. Returns an effect that has ripened by that. */
export function ripen({ unwritten }: Replication, effect: Effect, devices: number): Effect | undefined {
  if (effect.passages.length !== devices || !effect.passages.every(isPlainlyApplied)) return undefined;
  unwritten.ripening.push(effect);
  return unwritten.ripening.length > effectsToRipen ? unwritten.ripening.shift() : undefined;
}

/** Whether it is by itself that a device had the effect, and not by another one that stands for it. */
function isPlainlyApplied({ applied }: Passage): boolean {
  return applied.length > 0 && applied.every(({ event }) => event.headsOnly !== true);
}

/** An effect that nobody wrote brings a token to a device. */
export function noteBrought(replication: Replication, effect: Effect, token: Made): void {
  const { tokens, seen, namedUnmade } = replication;
  const { tokenId, coin, amount } = token;
  if (seeName(seen, tokenId)) replication.doubtful = true;
  tokens.set(tokenId, { coin, amount, birth: effect, end: null, open: 1 + Number(namedUnmade.has(tokenId)) });
}

/** Whether a line of balance is the first by which the effect moves its token, wherever that was. */
export function isFirstMove({ passages }: Effect, tokenId: string): boolean {
  let lines = 0;
  for (const { moved } of passages) for (const { event } of moved) if (event.tokenId === tokenId) lines++;
  return lines === 1;
}

/** Takes down that an effect is forgotten: which devices knew of one that nobody wrote. */
export function noteForgotten(replication: Replication, { effect, passages }: Effect): void {
  replication.unwritten.forgotten++;
  if (seeName(replication.seen, effect)) replication.doubtful = true;
  for (const { replica, phase } of passages) (replica.phases[phase] as Phase).knewUnwritten = true;
}

/** A token that an effect makes. */
export interface Made {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: Amount;
  readonly owner?: string | undefined;
}

/** What an effect spends and makes. */
export interface Contents {
  readonly inputs?: readonly string[] | undefined;
  readonly outputs?: readonly Made[] | undefined;
}

/** What an effect says, or, where nobody wrote it, what one device booked of it. */
export function contentsOf({ write, passages }: Effect): Contents {
  if (write) return write.event;
  const moved = passages[0]?.moved ?? [];
  const inputs: string[] = [];
  const outputs: Made[] = [];
  for (const { event } of moved) {
    const { tokenId, coin, delta } = event;
    if (delta.units > 0n) outputs.push({ tokenId, coin, amount: delta });
    else inputs.push(tokenId);
  }
  return { inputs, outputs };
}
