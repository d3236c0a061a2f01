import { Beyond } from './beyond.ts';
import { type Changes, noChange } from './changes.ts';
import type { EffectsUnderWay } from './effects-under-way.ts';
import type { EndedEffects } from './ended-effects.ts';
import type { TokenBook } from './token-book.ts';

/** Devices of one identity that are wiped, and then know none of its effects, or that take over a snapshot, and know all that this claims. */
export class Recovery {
  readonly #effects: EffectsUnderWay;
  readonly #changes: Changes;
  readonly #tokens: TokenBook;
  readonly #ended: EndedEffects;

  constructor(effects: EffectsUnderWay, changes: Changes, tokens: TokenBook, ended: EndedEffects) {
    this.#effects = effects;
    this.#changes = changes;
    this.#tokens = tokens;
    this.#ended = ended;
  }

  /** A device is wiped: what it knew did not come everywhere after all. */
  wipe(device: number): void {
    const effects = this.#effects;
    const bit = 1 << device;
    for (const effect of effects.kept()) {
      const knew = effects.isKnownTo(effect, device);
      if (!knew && effects.mayHaveHeard(effect, device))
        throw new Beyond('an arrival before a clear that was not applied');
      let changes = 0;
      for (let change = effects.firstChange(effect); change !== noChange; change = this.#changes.nextOf(change)) {
        if (this.#changes.isDoneOn(change, bit) !== knew) {
          throw new Beyond('an effect before a clear that was not booked');
        }
        this.#changes.undo(change, bit);
        changes += 1;
      }
      if (knew) effects.unlearn(effect, device, 1 + changes);
    }
    this.#ended.reopen();
  }

  /**
   * A device takes over a snapshot, by a line at a place in its order. `claims`: how far the snapshot goes, by device. `isWiped`: whether the device
   * has nothing else. Returns which tokens are to come by the snapshot, and which to go (`false`).
   */
  takeOver(device: number, place: number, claims: readonly number[], isWiped: boolean): Map<number, boolean> {
    if (isWiped && this.#ended.isBeyond(claims)) throw new Beyond('a snapshot that lacks what is forgotten');
    const taken = [...this.#effects.kept()].filter(
      (effect) => !this.#effects.isKnownTo(effect, device) && this.#effects.isClaimed(effect, claims),
    );
    const bit = 1 << device;
    const touched = isWiped ? this.#tokens.numbers() : this.#touchedBy(taken);
    const heldBefore = new Map([...touched].map((token) => [token, !isWiped && this.#tokens.isHeld(token, bit)]));
    const ended = this.#learn(taken, device, place);
    const heldNow = [...heldBefore.keys()].map((token): [number, boolean] => [token, this.#tokens.isHeld(token, bit)]);
    for (const effect of ended) this.#ended.add(effect);
    return new Map(heldNow.filter(([token, isHeld]) => isHeld !== heldBefore.get(token)));
  }

  /** A device comes to know effects without a line about any. Returns those that came everywhere by that. */
  #learn(taken: readonly number[], device: number, place: number): readonly number[] {
    const ended: number[] = [];
    const step = (effect: number) => this.#effects.step(effect) && ended.push(effect);
    const pass = (change: number) => {
      if (this.#changes.isDoneOn(change, 1 << device)) return;
      this.#changes.pass(change, 1 << device);
      step(this.#changes.effectOf(change));
    };
    for (const effect of taken) this.#effects.learn(effect, device, place);
    for (const effect of taken) {
      step(effect);
      for (const change of this.#changesBy(effect)) {
        pass(change);
        const death = this.#tokens.endOf(this.#changes.tokenOf(change));
        // What was spent there before it came does not come alive.
        if (death !== noChange && this.#effects.isKnownTo(this.#changes.effectOf(death), device)) pass(death);
      }
    }
    return ended;
  }

  *#touchedBy(effects: readonly number[]): Generator<number> {
    for (const effect of effects) for (const change of this.#changesBy(effect)) yield this.#changes.tokenOf(change);
  }

  #changesBy(effect: number): Iterable<number> {
    return this.#changes.from(this.#effects.firstChange(effect));
  }
}
