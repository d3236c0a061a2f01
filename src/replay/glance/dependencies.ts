import type { Peers } from './peers.ts';

/** Everything of one origin, which is given by its number, up to one of its effects. */
export interface Claim {
  readonly origin: number;
  readonly originSeq: number;
}

/** How far a device got, by the numbers of origins. */
export interface Progress {
  /** The newest effect of each that it wrote or applied. */
  readonly reached: number[];
  /** The newest effect of each that a line of it stands for. */
  readonly claimed: number[];
}

/** No claims. */
export const none: readonly Claim[] = [];

/** What effects of one origin name as their causes, by their numbers; the oldest that may be kept. */
interface Kept {
  readonly causes: Map<number, readonly Claim[]>;
  oldest: number;
}

/**
 * What effects claim: whoever applies one has all that stands before it, all that it names as its causes, and what these claim. Causes are
 * kept until every device has passed the effect.
 */
export class Dependencies {
  readonly #kept: Kept[] = [];

  /** A device writes an effect, which names its causes. Returns what its line is the first to claim of what it has not. */
  write(
    device: Progress,
    { origin, originSeq }: Claim,
    causes: readonly Claim[],
    peers: Peers<Progress>,
  ): readonly Claim[] {
    device.reached[origin] = originSeq;
    if (causes.length === 0) return none;
    this.#kept[origin] ??= { causes: new Map(), oldest: originSeq };
    this.#kept[origin].causes.set(originSeq, causes);
    const first = this.#claim(device, causes);
    this.#forget(origin, peers);
    return first;
  }

  /** A device applies an effect. Returns what its line is the first to claim of what it has not. */
  apply(device: Progress, origin: number, originSeq: number, peers: Peers<Progress>): readonly Claim[] {
    const causes = this.#kept[origin]?.causes.get(originSeq) ?? none;
    const reached = device.reached[origin] ?? 0;
    const isNext = causes.length === 0 && originSeq <= reached + 1;
    const first = isNext ? none : this.#claim(device, [{ origin, originSeq: originSeq - 1 }, ...causes]);
    if (originSeq > reached) {
      device.reached[origin] = originSeq;
      this.#forget(origin, peers);
    }
    return first;
  }

  /** What of these claims a device's line is the first to make, with what follows from them. */
  #claim({ reached, claimed }: Progress, claims: readonly Claim[]): readonly Claim[] {
    const first: Claim[] = [];
    const open = [...claims];
    for (let next = open.pop(); next; next = open.pop()) {
      const { origin, originSeq } = next;
      const before = Math.max(reached[origin] ?? 0, claimed[origin] ?? 0);
      if (originSeq <= before) continue;
      claimed[origin] = originSeq;
      first.push(next);
      const { causes } = this.#kept[origin] ?? {};
      for (let passed = before + 1; causes && passed <= originSeq; passed += 1)
        open.push(...(causes.get(passed) ?? []));
    }
    return first;
  }

  /** Forgets what effects of an origin name which every device has passed. */
  #forget(origin: number, { devices, seen }: Peers<Progress>): void {
    const kept = this.#kept[origin];
    if (kept === undefined || seen.length < devices) return;
    const passed = Math.min(...seen.map(({ reached }) => reached[origin] ?? 0));
    for (; kept.oldest <= passed; kept.oldest += 1) kept.causes.delete(kept.oldest);
  }
}
