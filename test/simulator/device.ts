import type { LogWriter } from './log-writer.ts';
import { type Change, decimalsOf, type Effect, formatAmount, type Token } from './model.ts';

/** What a `balance` line names as its cause. */
export interface Cause {
  readonly effect?: string;
  readonly snapshot?: string;
  readonly opId?: string;
}

/** How a device writes a delta: trimmed, with all decimals, or as a number where that is exact. */
export type AmountStyle = 'plain' | 'padded' | 'number';

/** One replica: what it has applied, which tokens live on it, and what is still under way to or from it. */
export class Device {
  readonly name: string;
  readonly identity: string;
  readonly log: LogWriter;
  readonly amountStyle: AmountStyle;
  /** Its own effects, by `originSeq` − 1. Survives everything: the replicated log of the others has it. */
  readonly written: Effect[] = [];
  readonly applied = new Set<Effect>();
  /** Applied with an `applied` line since it last started from nothing. */
  readonly appliedByLine = new Set<Effect>();
  /** A `received` line was written, and nothing since. */
  readonly waiting = new Set<Effect>();
  /** Held before a wipe and not yet given back. */
  readonly owedAgain = new Set<Effect>();
  /** What a fault took away for good: everybody believes that this device has it. */
  readonly lost = new Set<Effect>();
  readonly live = new Map<string, Token>();
  readonly born = new Set<string>();
  readonly retired = new Set<string>();
  /** Tokens that a fault hides from what the device shows, though its ledger has them. */
  readonly hidden = new Set<string>();
  readonly unverified: Effect[] = [];
  /** A fault was put here: the device no longer publishes, recovers, or takes heads, any of which would blur the fault. */
  faulted = false;
  ended = false;
  endedQuiescent = false;
  /** Changes what the next commit moves; a fault sets it, the commit takes it off. */
  tamper?: ((changes: readonly Change[]) => readonly Change[]) | undefined;
  readonly #heads = new Set<Effect>();
  readonly #referenced = new Set<Effect>();
  readonly #reached = new Map<string, number>();

  constructor(name: string, identity: string, log: LogWriter, amountStyle: AmountStyle) {
    this.name = name;
    this.identity = identity;
    this.log = log;
    this.amountStyle = amountStyle;
  }

  /** Effects that nothing applied here follows. */
  get heads(): readonly Effect[] {
    return [...this.#heads];
  }

  /** Whether the effect is here, or is believed to be. */
  has(effect: Effect): boolean {
    return this.applied.has(effect) || this.lost.has(effect);
  }

  /** Effects of the origin that are not here yet, in their order. */
  pendingFrom(origin: Device): Effect[] {
    let reached = this.#reached.get(origin.name) ?? 0;
    while (reached < origin.written.length && this.has(origin.written[reached] as Effect)) reached++;
    this.#reached.set(origin.name, reached);
    return origin.written.slice(reached).filter((effect) => !this.has(effect));
  }

  /**
   * What the effect causally follows and the device lacks, nearest last. What a fault took away is left out, but what
   * comes before that is not: the loss of one effect must not make another one owed.
   */
  missingBefore(effect: Effect): Effect[] {
    const order: Effect[] = [];
    const seen = new Set<Effect>([effect]);
    const open: { effect: Effect; next: number }[] = [{ effect, next: 0 }];
    // Written as a loop: a chain of some thousand effects would overflow the stack.
    for (let top = open[0]; top !== undefined; top = open[open.length - 1]) {
      const parent = top.effect.parents[top.next++];
      if (parent === undefined) {
        open.pop();
        if (top.effect !== effect && !this.lost.has(top.effect)) order.push(top.effect);
      } else if (!seen.has(parent)) {
        seen.add(parent);
        if (!this.applied.has(parent)) open.push({ effect: parent, next: 0 });
      }
    }
    return order;
  }

  /** Which balances the effect moves here, whatever came before it. Order does not matter: what is retired once never comes alive. */
  changesOf(effect: Effect): Change[] {
    const changes: Change[] = [];
    for (const { tokenId, coin } of effect.inputs) {
      const held = this.live.get(tokenId);
      if (held !== undefined) changes.push({ tokenId, coin, delta: -held.amount });
    }
    for (const { tokenId, coin, amount, owner } of effect.outputs) {
      if (owner !== this.identity || this.born.has(tokenId) || this.retired.has(tokenId)) continue;
      changes.push({ tokenId, coin, delta: amount });
    }
    return changes;
  }

  /** Applies an effect and writes the balance lines that it causes. */
  commit(effect: Effect, opId?: string): void {
    const tamper = this.tamper;
    this.tamper = undefined;
    const changes = this.changesOf(effect);
    this.mark(effect);
    for (const change of tamper?.(changes) ?? changes)
      this.move(change, { effect: effect.id, ...(opId ? { opId } : {}) });
  }

  /** Takes effects over from a snapshot and writes the balance lines for what is different afterwards. */
  adopt(effects: readonly Effect[], snapshot: string): void {
    const net = new Map<string, Change>();
    const before = new Map(this.live);
    for (const effect of effects) {
      if (this.applied.has(effect)) continue;
      for (const { tokenId, coin, delta } of this.changesOf(effect)) {
        net.set(tokenId, { tokenId, coin, delta: (net.get(tokenId)?.delta ?? 0n) + delta });
        this.#hold(tokenId, coin, delta);
      }
      this.mark(effect);
    }
    this.live.clear();
    for (const [tokenId, token] of before) this.live.set(tokenId, token);
    for (const change of net.values()) if (change.delta !== 0n) this.move(change, { snapshot });
  }

  /** Counts the effect as applied, without a line. */
  mark(effect: Effect): void {
    if (this.applied.has(effect)) return;
    this.applied.add(effect);
    this.waiting.delete(effect);
    this.owedAgain.delete(effect);
    for (const parent of effect.parents) {
      this.#referenced.add(parent);
      this.#heads.delete(parent);
    }
    if (!this.#referenced.has(effect)) this.#heads.add(effect);
    for (const { tokenId } of effect.inputs) this.retired.add(tokenId);
    for (const { tokenId, owner } of effect.outputs) if (owner === this.identity) this.born.add(tokenId);
  }

  /** The effect is no longer among what the device builds on, though its ledger still has what it did. */
  forgetHead(effect: Effect): void {
    this.#heads.delete(effect);
    for (const parent of effect.parents) this.#heads.add(parent);
  }

  /** One balance line, and what it does to the ledger. */
  move({ tokenId, coin, delta }: Change, cause: Cause): void {
    this.#hold(tokenId, coin, delta);
    this.log.emit('balance', { tokenId, coin, delta: this.#showDelta(coin, delta), ...cause }, 'balance changed');
  }

  /** Wipes the state: what was here is to be given back. */
  clear(): void {
    this.log.emit('clear', {}, 'local state wiped', 40);
    for (const effect of this.applied) this.owedAgain.add(effect);
    for (const part of [this.applied, this.appliedByLine, this.waiting, this.live, this.born, this.retired])
      part.clear();
    for (const part of [this.#heads, this.#referenced, this.#reached]) part.clear();
  }

  #hold(tokenId: string, coin: string, delta: bigint): void {
    const amount = (this.live.get(tokenId)?.amount ?? 0n) + delta;
    if (amount === 0n) this.live.delete(tokenId);
    else this.live.set(tokenId, { tokenId, coin, amount, owner: this.identity });
  }

  #showDelta(coin: string, delta: bigint): string | number {
    const decimals = decimalsOf(coin);
    const unit = 10n ** BigInt(decimals);
    const whole = Number(delta / unit);
    if (this.amountStyle === 'number' && delta % unit === 0n && Number.isSafeInteger(whole)) return whole;
    return formatAmount(delta, decimals, this.amountStyle === 'padded');
  }
}
