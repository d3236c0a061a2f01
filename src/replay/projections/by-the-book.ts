import { type Amount, add, equal, isZero, negate, zero } from '../../base/amount.ts';
import type { Effect, Passage, Replication } from './delivery.ts';
import { contentsOf } from './unwritten.ts';

/** Whether an effect went by the book everywhere: it is durable, and every device knows it and booked just what it says. */
export function isByTheBook(replication: Replication, effect: Effect, devices: number): boolean {
  const { write, durable, passages } = effect;
  if (passages.length !== devices || (write ? replication.verifies && !durable : replication.unwritten.halted))
    return false;
  if (!mayBeThrough(passages)) return false;
  const changes = changesOf(replication, effect);
  if (!changes || !isConserved(replication, effect, changes)) return false;
  return passages.every(
    (passage) => isNewest(passage) && wentByTheBook(passage, changes) && hadInputs(replication, effect, passage),
  );
}

/** Whether the device knew what made each token that the effect spends before it knew the effect. */
function hadInputs({ tokens }: Replication, effect: Effect, passage: Passage): boolean {
  const since = firstLine(passage);
  const isOfDevice = ({ replica, phase }: Passage) => replica === passage.replica && phase === passage.phase;
  return (contentsOf(effect).inputs ?? []).every((tokenId) => {
    const made = tokens.get(tokenId)?.birth.passages.find(isOfDevice);
    return made !== undefined && firstLine(made) < since;
  });
}

/** The position of the first line by which a device knew an effect that went by the book there. */
export function firstLine({ written, applied, deduplicated, moved }: Passage): number {
  let first = Math.min(written?.position ?? Number.POSITIVE_INFINITY, applied[0]?.position ?? Number.POSITIVE_INFINITY);
  if (deduplicated) first = Math.min(first, deduplicated.position);
  for (const { position } of moved) first = Math.min(first, position);
  return first;
}

/** Whether the device was not cleared since. As many such passages as there are devices are one of each. */
function isNewest({ replica, phase }: Passage): boolean {
  return phase === replica.phases.length - 1;
}

/** Asked of every line about an effect, before all that costs more: whether each device knows it and booked as much as the others. */
function mayBeThrough(passages: Effect['passages']): boolean {
  const number = passages[0]?.moved.length;
  for (const { written, applied, moved } of passages) {
    if ((!written && applied.length === 0) || moved.length !== number) return false;
  }
  return true;
}

/** What an effect changes of one token. */
export interface Change {
  readonly coin: string;
  readonly delta: Amount;
  /** The passage that was last found to book it, so that one that books it twice is told. */
  by?: Passage;
}

/** What the effect must change on each device, by token; `undefined` where it spends a token of unknown worth, or brings one that another makes. */
function changesOf({ identity, tokens }: Replication, effect: Effect): Map<string, Change> | undefined {
  const changes = new Map<string, Change>();
  const { inputs = [], outputs = [] } = contentsOf(effect);
  for (const { tokenId, coin, amount, owner } of outputs) {
    if (effect.write === null && tokens.get(tokenId)?.birth !== effect) return undefined;
    if ((owner === undefined || owner === identity) && !isZero(amount)) changes.set(tokenId, { coin, delta: amount });
  }
  for (const tokenId of inputs) {
    const token = tokens.get(tokenId);
    if (!token || token.end || changes.has(tokenId)) return undefined;
    changes.set(tokenId, { coin: token.coin, delta: negate(token.amount) });
  }
  return changes;
}

/** A transfer of one identity's own tokens that puts out what it takes in, or a mint. Anything else is judged at the end; what nobody wrote, by nobody. */
function isConserved({ tokens }: Replication, { write }: Effect, changes: ReadonlyMap<string, Change>): boolean {
  if (!write) return true;
  const { inputs = [], outputs = [], kind } = write.event;
  if (kind === 'receive') return false;
  if (inputs.length === 0) return true;
  const sums = new Map<string, Amount>();
  const book = (coin: string, amount: Amount) => sums.set(coin, add(sums.get(coin) ?? zero, amount));
  for (const tokenId of inputs) {
    const token = tokens.get(tokenId);
    if (token && changes.has(tokenId)) book(token.coin, token.amount);
  }
  for (const { coin, amount } of outputs) book(coin, negate(amount));
  return kind === 'transfer' && [...sums.values()].every(isZero);
}

/** Whether a device wrote or applied the effect, refused it never, and booked each of these changes by one line, and no other. */
export function wentByTheBook(passage: Passage, changes: ReadonlyMap<string, Change>): boolean {
  const { written, applied, skipped, rejected, moved } = passage;
  if ((!written && applied.length === 0) || skipped || rejected || moved.length !== changes.size) return false;
  for (const { event } of moved) {
    const change = changes.get(event.tokenId);
    if (change?.coin !== event.coin || !equal(change.delta, event.delta) || change.by === passage) return false;
    change.by = passage;
  }
  return true;
}
