import { type Amount, isZero } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import { enrol, newRoll, type Roll, sizeOf, standsAt } from '../../base/roll.ts';
import { hashText } from '../../base/sample.ts';
import { hasName, seeName } from '../../base/seen.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { Mark } from '../mark.ts';
import { isByTheBook } from './by-the-book.ts';
import type { Effect, Passage, Replication } from './delivery.ts';
import { imply } from './implications.ts';
import { contentsOf, isFirstMove, noteBrought, noteForgotten } from './unwritten.ts';

/** A token of the identity while it lives, or while its end is not settled. */
export interface LiveToken {
  readonly coin: string;
  readonly amount: Amount;
  readonly birth: Effect;
  /** The settled effect that spent it. */
  end: Effect | null;
  /** How many effects that make it, spend it or move it are not settled. */
  open: number;
}

/** Everything of one origin up to `originSeq`, claimed by a line of the device. */
export interface Claimed {
  readonly originSeq: number;
  readonly by: Mark<HistoryEvent>;
}

/** What a token is worth. */
export interface Worth {
  readonly coin: string;
  readonly amount: Amount;
}

/** How many things were looked at and forgotten, so that a report counts them all the same. */
export interface Forgotten {
  effects: number;
  changes: number;
  spent: number;
  transfers: number;
}

/**
 * Forgets what nobody will ask about again, so that memory is bounded by what lives and not by the length of the log.
 * An effect is settled once it is durable, and every device of its identity applied it and booked just what it says; it
 * is forgotten once the tokens that it made are spent by settled effects, and no open one touches its tokens. Whatever does not go by the book stays. Where
 * something forgotten turns out to matter, `replication.doubtful` says so, and the run is read again with all retained.
 *
 * An effect that nobody wrote says nothing: it goes by the book where each device booked the same. Whether they did is asked once, when it is `ripe`.
 */
export function settle(replication: Replication, effect: Effect, devices: number, ripe = false): void {
  // One that nobody named before was not waited for.
  if (replication.replicas.size > devices) replication.doubtful = true;
  if (effect.settled || (effect.write === null && !ripe) || !isByTheBook(replication, effect, devices)) return;
  effect.settled = true;
  if (effect.write === null) replication.unwritten.settled++;
  const touched = tokensOf(replication, effect);
  for (const tokenId of contentsOf(effect).inputs ?? []) {
    const token = replication.tokens.get(tokenId);
    if (token) token.end = effect;
  }
  for (const token of touched) token.open--;
  for (const { birth, end } of touched) {
    forgetIfOver(replication, birth);
    if (end) forgetIfOver(replication, end);
  }
  forgetIfOver(replication, effect);
}

/** The tokens of the identity that an effect makes or spends, as far as they are known, each once. */
function tokensOf({ tokens }: Replication, effect: Effect): ReadonlySet<LiveToken> {
  const { inputs = [], outputs = [] } = contentsOf(effect);
  return new Set([...outputs.map(({ tokenId }) => tokenId), ...inputs].flatMap((tokenId) => tokens.get(tokenId) ?? []));
}

/** Takes down which tokens an effect brings to life, and how many effects its device wrote. */
export function noteWriting(replication: Replication, effect: Effect, { event }: Mark<ReplayEvent<'write'>>): void {
  const { identity, tokens, written, seen, namedUnmade } = replication;
  const of = getOrCreate(written, event.device, nothingWritten);
  // What has a number, or a name, that was there before may be compared with something forgotten.
  if (event.originSeq <= of.highest || seeName(seen, event.effect)) replication.doubtful = true;
  // Applied before it was written, by a line that names it wrongly: what that line claimed nobody could know.
  if (effect.passages.some(({ applied }) => applied.length > 0)) replication.loose = true;
  of.highest = Math.max(of.highest, event.originSeq);
  if (event.originSeq === sizeOf(of.roll) + 1) enrol(of.roll, hashText(event.effect));
  for (const tokenId of event.inputs ?? []) {
    if (tokens.has(tokenId)) continue;
    // Spent before it is made, or never made: what the effect has to do with the token is seen by the end alone.
    replication.loose = true;
    namedUnmade.add(tokenId);
    doubtIfForgotten(replication, tokenId);
  }
  for (const { tokenId, coin, amount, owner } of event.outputs ?? []) {
    if (owner !== undefined && owner !== identity) continue;
    if (seeName(seen, tokenId)) replication.doubtful = true;
    tokens.set(tokenId, { coin, amount, birth: effect, end: null, open: Number(namedUnmade.has(tokenId)) });
  }
  for (const token of tokensOf(replication, effect)) token.open++;
}

/** A line of an effect that moves a token which is none of its own keeps the token's life. What is its own, one says that was written. */
export function noteMove(
  replication: Replication,
  effect: Effect,
  { tokenId, coin, delta }: ReplayEvent<'balance'>,
): void {
  const { tokens, namedUnmade } = replication;
  const token = tokens.get(tokenId);
  const isWritten = effect.write !== null;
  if (token === undefined) {
    doubtIfForgotten(replication, tokenId);
    if (!isWritten && delta.units > 0n) noteBrought(replication, effect, { tokenId, coin, amount: delta });
    else namedUnmade.add(tokenId);
  } else if (token.birth !== effect) {
    const isOwn = isWritten ? effect.write?.event.inputs?.includes(tokenId) : !isFirstMove(effect, tokenId);
    if (!isOwn) token.open++;
  }
}

/** A token that is gone is moved or spent once more: its life matters after all. */
export function doubtIfForgotten(replication: Replication, tokenId: string): void {
  const { tokens, seen } = replication;
  if (!tokens.has(tokenId) && hasName(seen, tokenId)) replication.doubtful = true;
}

/** What an origin wrote, so far. */
export interface Written {
  highest: number;
  /** Its effects in their order, as far as none is missing. */
  readonly roll: Roll;
}

function nothingWritten(): Written {
  return { highest: 0, roll: newRoll() };
}

/** Whether the effect is not in memory because it was forgotten: every effect of its origin up to there was written. */
export function isForgotten(
  { effects, written }: Replication,
  { effect, origin, originSeq }: { effect: string; origin: string; originSeq: number },
): boolean {
  const seen = written.get(origin);
  return !effects.has(effect) && seen !== undefined && standsAt(seen.roll, originSeq, hashText(effect));
}

/** A token that a snapshot brings, and that is not known to live, may be one that was spent and forgotten. */
export function isAlive({ tokens }: Replication, tokenId: string): boolean {
  return tokens.get(tokenId)?.end === null;
}

/** Forgets an effect once the tokens that it made are spent, and nothing that touches its tokens is open. */
export function forgetIfOver(replication: Replication, effect: Effect): void {
  const { tokens, identity, unwritten } = replication;
  if (!effect.settled || !replication.effects.has(effect.effect)) return;
  if (effect.write === null && unwritten.newest.get(effect.origin ?? '') === effect) return;
  const { inputs = [], outputs = [] } = contentsOf(effect);
  const made = outputs.filter(({ owner }) => owner === undefined || owner === identity);
  const isOver = ({ end, open }: LiveToken) => end !== null && open === 0;
  if (!inputs.every((tokenId) => (tokens.get(tokenId)?.open ?? 0) === 0)) return;
  const areOver = made.every(({ tokenId, amount }) => {
    const token = tokens.get(tokenId);
    return isZero(amount) || (token !== undefined && isOver(token));
  });
  if (areOver) forget(replication, effect, made);
}

function forget(replication: Replication, effect: Effect, made: readonly { readonly tokenId: string }[]): void {
  const { identity, effects, byCid, tokens, sent, forgotten } = replication;
  const { inputs = [], outputs = [] } = contentsOf(effect);
  const { cid } = effect.write?.event ?? {};
  effects.delete(effect.effect);
  if (cid !== undefined) byCid.delete(cid);
  forgotten.effects++;
  if (effect.write === null) noteForgotten(replication, effect);
  else if (inputs.length > 0) forgotten.transfers++;
  forgotten.spent += inputs.length;
  for (const { tokenId, coin, amount, owner } of outputs) {
    if (owner !== undefined && owner !== identity) sent.set(tokenId, { coin, amount });
  }
  for (const { tokenId } of made) {
    const end = tokens.get(tokenId)?.end;
    // What nobody wrote does not say any more that it spent this.
    if (end?.write === null && effects.has(end.effect)) forgotten.spent++;
    for (const passage of end?.passages ?? []) {
      const rest = passage.moved.filter(({ event }) => event.tokenId !== tokenId);
      if (rest.length < passage.moved.length) forgotten.changes++;
      passage.moved = rest;
    }
    if (wasMovedOtherwise(replication, tokenId)) replication.doubtful = true;
    tokens.delete(tokenId);
  }
  for (const passage of effect.passages) summarise(replication, effect, passage);
}

/** Whether a snapshot, or nothing that is named, moved the token on a device on top of the effects that made and spent it. */
function wasMovedOtherwise({ replicas }: Replication, tokenId: string): boolean {
  for (const { phases } of replicas.values()) {
    for (const { restored, uncaused } of phases) {
      if (uncaused.has(tokenId)) return true;
      for (const tokens of restored.values()) if (tokens.has(tokenId)) return true;
    }
  }
  return false;
}

/** Keeps of a passage what says something about other effects: that the device booked so far, and what a head stands for. */
function summarise(replication: Replication, effect: Effect, passage: Passage): void {
  const phase = passage.replica.phases[passage.phase];
  const line = passage.written ?? passage.applied[0];
  if (!phase || !line) return;
  replication.forgotten.changes += passage.moved.length;
  if (passage.moved.length > 0) phase.booked = Math.max(phase.booked, line.position);
  if (passage.applied[0]?.event.headsOnly !== true || effect.origin === null) return;
  imply(replication, phase, effect.origin, { originSeq: effect.originSeq, by: line });
  for (const id of effect.write?.event.deps ?? []) {
    const dependency = replication.effects.get(id);
    if (dependency?.origin) imply(replication, phase, dependency.origin, { originSeq: dependency.originSeq, by: line });
    // It is forgotten, so that nobody knows what else it stood for.
    else replication.loose = true;
  }
}
