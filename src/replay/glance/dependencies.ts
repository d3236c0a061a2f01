import { Column } from '../../base/column.ts';
import { dequeue, enqueue, newQueue, type Queue } from '../../base/queue.ts';
import { has, newSeen, see } from '../../base/seen.ts';
import { Names } from '../../events/columns/names.ts';
import { secondHash } from '../../events/columns/texts.ts';
import { Beyond } from './beyond.ts';
import { itemsAt } from './write-row.ts';

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

const none: readonly Claim[] = [];

/** An effect that not every device has passed, and what of such effects it names as its causes. */
interface Kept {
  readonly name: number;
  readonly originSeq: number;
  readonly causes: readonly Claim[];
}

/**
 * What effects claim: whoever applies one has all that stands before it, all that it names as its causes, and what these claim. Effects are
 * kept until every device has passed them.
 */
export class Dependencies {
  readonly #names = new Names();
  readonly #origins = new Column(Int32Array);
  readonly #numbers = new Column(Int32Array);
  /** Since the first effect that names its causes. */
  readonly #written = newSeen();
  readonly #kept: Queue<Kept>[] = [];
  /** Whether any effect names its causes. */
  haveCauses = false;

  /** A device writes an effect, with the list of its causes. Returns what its line is the first to claim of what it has not. */
  write(
    device: Progress,
    { origin, originSeq }: Claim,
    words: Int32Array,
    { effect, causes: list }: { readonly effect: number; readonly causes: number },
    devices: readonly Progress[],
  ): readonly Claim[] {
    const causes = this.#find(words, list);
    if (this.haveCauses) see(this.#written, words[effect] as number, secondHash(words, effect));
    const name = this.#names.numberOf(words, effect);
    this.#origins.set(name, origin);
    this.#numbers.set(name, originSeq);
    enqueue(this.#keptOf(origin), { name, originSeq, causes });
    device.reached[origin] = originSeq;
    const first = this.#claim(device, causes);
    this.#forget(origin, devices);
    return first;
  }

  /** A device applies an effect. Returns what its line is the first to claim of what it has not. */
  apply(device: Progress, origin: number, originSeq: number, devices: readonly Progress[]): readonly Claim[] {
    const { items, head } = this.#keptOf(origin);
    const causes = items[head + originSeq - (items[head]?.originSeq ?? 0)]?.causes ?? none;
    const reached = device.reached[origin] ?? 0;
    const isNext = causes.length === 0 && originSeq <= reached + 1;
    const first = isNext ? none : this.#claim(device, [{ origin, originSeq: originSeq - 1 }, ...causes]);
    if (originSeq > reached) {
      device.reached[origin] = originSeq;
      this.#forget(origin, devices);
    }
    return first;
  }

  /** What of these claims a device's line is the first to make, with what follows from them. */
  #claim({ reached, claimed }: Progress, claims: readonly Claim[]): readonly Claim[] {
    if (claims.length === 0) return none;
    const first: Claim[] = [];
    const open = [...claims];
    for (let next = open.pop(); next; next = open.pop()) {
      const { origin, originSeq } = next;
      const before = Math.max(reached[origin] ?? 0, claimed[origin] ?? 0);
      if (originSeq <= before) continue;
      claimed[origin] = originSeq;
      first.push(next);
      for (const { causes } of this.#between(origin, before, originSeq)) open.push(...causes);
    }
    return first;
  }

  /** Forgets effects of an origin that each of these devices has passed. */
  #forget(origin: number, devices: readonly Progress[]): void {
    const kept = this.#keptOf(origin);
    for (let next = kept.items[kept.head]; next; next = kept.items[kept.head]) {
      const { name, originSeq } = next;
      if (!devices.every(({ reached }) => (reached[origin] ?? 0) >= originSeq)) return;
      this.#names.remove(name);
      dequeue(kept);
    }
  }

  /** What a list names, as far as it is kept. */
  #find(words: Int32Array, list: number): readonly Claim[] {
    const count = itemsAt(words, list);
    if (count === 0) return none;
    this.haveCauses = true;
    const claims: Claim[] = [];
    for (let index = 1; index <= count; index += 1) {
      const at = words[list + index] as number;
      const name = this.#names.find(words, at);
      if (name >= 0) claims.push({ origin: this.#origins.get(name), originSeq: this.#numbers.get(name) });
      else if (!has(this.#written, words[at] as number, secondHash(words, at))) {
        throw new Beyond('a cause that nobody wrote before');
      }
    }
    return claims;
  }

  /** The kept effects of an origin behind one number and up to another. They follow one another without a gap. */
  #between(origin: number, after: number, upTo: number): readonly Kept[] {
    const { items, head } = this.#keptOf(origin);
    const oldest = items[head];
    if (!oldest) return [];
    const begin = head + Math.max(0, after + 1 - oldest.originSeq);
    return items.slice(begin, head + Math.max(0, upTo + 1 - oldest.originSeq));
  }

  #keptOf(origin: number): Queue<Kept> {
    let kept = this.#kept[origin];
    if (kept === undefined) {
      kept = newQueue();
      this.#kept[origin] = kept;
    }
    return kept;
  }
}
