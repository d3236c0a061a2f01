import { type Amount, isZero, negate } from '../../base/amount.ts';
import type { Effect, Phase } from '../../replay/projections/delivery.ts';
import { type Change, wentByTheBook } from '../../replay/projections/settlement.ts';
import type { DeliveryChain } from './delivery-chain.ts';
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
  /** By plain device, the effects that are not plain there. */
  private readonly deviating: ReadonlyMap<string, ReadonlySet<Effect>>;

  constructor(chain: DeliveryChain) {
    this.chain = chain;
    this.deviating = deviations(chain);
  }

  /** Whether the effect is plain on the device: known there, in its one phase, and booked as it says. */
  covers(effect: Effect, device: string): boolean {
    return this.deviating.get(device)?.has(effect) === false;
  }

  /**
   * The tokens on a device whose life must be looked at, with those that are named in the look; `null` for all of them.
   * The others were made by one effect, and retired by one later or not at all, both plain there, and no other line moves them.
   */
  doubtfulTokens(device: string): ReadonlySet<string> | null {
    const deviating = this.deviating.get(device);
    if (!deviating) return null;
    const doubtful = new Set<string>();
    for (const effect of deviating) {
      for (const { event } of effect.passages.get(device)?.[0]?.moved ?? []) doubtful.add(event.tokenId);
    }
    for (const tokenId of this.chain.phases(device)[0]?.uncaused.keys() ?? []) doubtful.add(tokenId);
    for (const life of this.chain.tokens.values()) {
      if (!this.isPlain(life, device)) doubtful.add(life.tokenId);
    }
    for (const tokenId of [...doubtful]) {
      for (const { write } of this.chain.tokens.get(tokenId)?.retirements ?? []) {
        for (const successor of write?.event.outputs ?? []) doubtful.add(successor.tokenId);
      }
    }
    return doubtful;
  }

  private isPlain({ births, retirements, amount }: TokenLife, device: string): boolean {
    const [birth] = births;
    const [retirement] = retirements;
    if (!birth || births.length > 1 || retirements.length > 1 || birth === retirement) return false;
    if (!amount || amount.units <= 0n || !this.covers(birth, device)) return false;
    if (!retirement) return true;
    return this.covers(retirement, device) && firstLine(birth, device) < firstLine(retirement, device);
  }
}

function deviations(chain: DeliveryChain): ReadonlyMap<string, ReadonlySet<Effect>> {
  const plain = chain.devices.filter((device) => isPlainDevice(chain, device));
  const deviating = new Map(plain.map((device) => [device, new Set<Effect>()]));
  for (const effect of chain.effects) {
    const changes = changesOf(chain, effect);
    for (const [device, effects] of deviating) {
      const passage = effect.passages.get(device)?.[0];
      if (!changes || !passage || !wentByTheBook(passage, changes)) effects.add(effect);
    }
  }
  return deviating;
}

function isPlainDevice(chain: DeliveryChain, device: string): boolean {
  const phases = chain.phases(device);
  const [phase, later] = phases as [Phase, Phase | undefined];
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
function firstLine({ passages }: Effect, device: string): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { written, applied, deduplicated, moved } of passages.get(device) ?? []) {
    for (const line of [written, applied[0], deduplicated, ...moved]) first = Math.min(first, line?.position ?? first);
  }
  return first;
}
