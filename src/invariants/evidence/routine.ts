import { type Amount, isZero, negate } from '../../base/amount.ts';
import type { Effect, Passage, Phase } from '../../replay/projections/delivery.ts';
import { type Change, wentByTheBook } from '../../replay/projections/settlement.ts';
import type { DeliveryChain } from './delivery-chain.ts';
import type { TokenLines } from './identity-log.ts';
import type { TokenLife } from './token-lives.ts';

/**
 * What went plainly by the book, so that invariants look at what is in dispute and not at everything. It only ever says
 * that nothing is to be found: whatever it does not vouch for is examined in full, and no answer depends on it.
 *
 * A device is plain where it was never cleared, took over no snapshot and applied no head for its ancestors: then it knows
 * an effect by the effect's own lines alone. An effect is plain on such a device where the device wrote or applied it and
 * booked each change that it says, once, and no other.
 */
export class Routine {
  private readonly chain: DeliveryChain;
  private readonly places: ReadonlyMap<Effect, number>;
  /** By plain device, by the effect's place: the first line by which the device knew the effect; `NaN` where it is not plain there. */
  private readonly known = new Map<string, Float64Array>();

  constructor(chain: DeliveryChain) {
    this.chain = chain;
    this.places = new Map(chain.effects.map((effect, place) => [effect, place]));
    const plain = chain.devices.filter((device) => isPlainDevice(chain, device));
    for (const device of plain) this.known.set(device, new Float64Array(chain.effects.length).fill(Number.NaN));
    for (const [effect, place] of this.places) {
      const changes = changesOf(chain, effect);
      for (const passage of changes ? effect.passages : []) {
        const known = this.known.get(passage.replica.device);
        if (changes && known && wentByTheBook(passage, changes)) known[place] = firstLine(passage);
      }
    }
  }

  /** Whether the effect is plain on the device: known there, in its one phase, and booked as it says. */
  covers(effect: Effect, device: string): boolean {
    return !Number.isNaN(this.knownSince(effect, this.known.get(device)));
  }

  /**
   * The lines on a device of the tokens whose lives must be looked at, and of what those were spent for; of all tokens where
   * the device is not plain. Any other token there was made by one effect, and retired by one known later or not at all, both
   * of them plain, and no other line moves it.
   */
  doubtfulLines(device: string, phase: number): TokenLines {
    const known = this.known.get(device);
    if (!known) return this.chain.tokenLines(device, phase);
    const deviating = this.chain.effects.filter((_, place) => Number.isNaN(known[place]));
    const doubtful = new Set(this.chain.phases(device)[0]?.uncaused.keys());
    for (const effect of deviating) {
      for (const { event } of this.chain.passage(effect, device, phase)?.moved ?? []) doubtful.add(event.tokenId);
    }
    for (const life of this.chain.tokens.values()) if (!this.isPlain(life, known)) doubtful.add(life.tokenId);
    const movers = new Set(deviating);
    for (const tokenId of [...doubtful]) {
      for (const { write } of this.chain.tokens.get(tokenId)?.retirements ?? []) {
        for (const successor of write?.event.outputs ?? []) doubtful.add(successor.tokenId);
      }
    }
    for (const tokenId of doubtful) {
      const { births = [], retirements = [] } = this.chain.tokens.get(tokenId) ?? {};
      for (const effect of [...births, ...retirements]) movers.add(effect);
    }
    const inOrder = this.chain.effects.filter((effect) => movers.has(effect));
    return this.chain.linesOf(doubtful, device, phase, inOrder);
  }

  private isPlain({ births, retirements, amount }: TokenLife, known: Float64Array): boolean {
    const [birth] = births;
    const [retirement] = retirements;
    if (!birth || births.length > 1 || retirements.length > 1 || !amount || amount.units <= 0n) return false;
    const since = this.knownSince(birth, known);
    return retirement ? since < this.knownSince(retirement, known) : !Number.isNaN(since);
  }

  private knownSince(effect: Effect, known: Float64Array | undefined): number {
    return known?.[this.places.get(effect) ?? -1] ?? Number.NaN;
  }
}

function isPlainDevice(chain: DeliveryChain, device: string): boolean {
  const [phase, later] = chain.phases(device) as [Phase, Phase | undefined];
  if (later || phase.imports.length > 0 || phase.restored.size > 0) return false;
  return !chain.impliesAny(device, phase);
}

/** What the effect says that it changes, by token; `undefined` where it does not say it plainly. */
function changesOf(chain: DeliveryChain, { write }: Effect): ReadonlyMap<string, Change> | undefined {
  if (!write) return undefined;
  const changes = new Map<string, Change>();
  const isFirst = (tokenId: string, coin: string, delta: Amount) =>
    !changes.has(tokenId) && changes.set(tokenId, { coin, delta });
  for (const { tokenId, coin, amount, owner } of write.event.outputs ?? []) {
    const isOwn = owner === undefined || owner === chain.identity;
    if (isOwn && !isZero(amount) && !isFirst(tokenId, coin, amount)) return undefined;
  }
  for (const tokenId of write.event.inputs ?? []) {
    const life = chain.tokens.get(tokenId);
    if (!life?.amount || life.coin === null || !isFirst(tokenId, life.coin, negate(life.amount))) return undefined;
  }
  return changes;
}

/** The position of the first line by which a plain device knew an effect that is plain there. */
function firstLine({ written, applied, deduplicated, moved }: Passage): number {
  const known = written ?? applied[0];
  let first = Math.min(known?.position ?? Number.POSITIVE_INFINITY, applied[0]?.position ?? Number.POSITIVE_INFINITY);
  if (deduplicated) first = Math.min(first, deduplicated.position);
  for (const { position } of moved) first = Math.min(first, position);
  return first;
}
