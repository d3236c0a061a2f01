import { Column } from '../../../base/column.ts';
import { dequeue, enqueue, lengthOf, newQueue } from '../../../base/queue.ts';
import { Names } from '../../../events/columns/names.ts';
import { Beyond } from '../beyond.ts';

/** No name. */
export const nameless = -1;

/** Names by number, each for as long as somebody holds it. */
export class HeldNames {
  readonly #names = new Names();
  readonly #holders = new Column(Int32Array);

  /** The number of the name at a place; `nameless` where there is none, or nobody holds it. */
  find(words: Int32Array, at: number): number {
    return at === 0 ? nameless : this.#names.find(words, at);
  }

  /** Holds the name at a place once more. Returns its number; `nameless` where there is none. */
  hold(words: Int32Array, at: number): number {
    if (at === 0) return nameless;
    const name = this.#names.numberOf(words, at);
    if (name < 0) throw new Beyond('a long name');
    this.#holders.set(name, this.#holders.get(name) + 1);
    return name;
  }

  /** Holds it once less. */
  drop(name: number): void {
    if (name === nameless) return;
    const holders = this.#holders.get(name) - 1;
    this.#holders.set(name, holders);
    if (holders === 0) this.#names.remove(name);
  }

  text(name: number): string {
    return this.#names.text(name);
  }
}

/** The names that were remembered last, as `Remembered` in the projection of verifications has them. */
export class RecentNames {
  readonly #names: HeldNames;
  readonly #most: number;
  readonly #has = new Column(Uint8Array);
  /** Each is held as long as it stands here, also when it was forgotten before its time. */
  readonly #order = newQueue<number>();

  constructor(names: HeldNames, most: number) {
    this.#names = names;
    this.#most = most;
  }

  has(name: number): boolean {
    return name !== nameless && this.#has.get(name) === 1;
  }

  remember(words: Int32Array, at: number): void {
    if (this.has(this.#names.find(words, at))) return;
    const name = this.#names.hold(words, at);
    this.#has.set(name, 1);
    enqueue(this.#order, name);
    if (lengthOf(this.#order) <= this.#most) return;
    const oldest = dequeue(this.#order) as number;
    this.forget(oldest);
    this.#names.drop(oldest);
  }

  forget(name: number): void {
    if (name !== nameless) this.#has.set(name, 0);
  }

  /** All of them as texts. */
  texts(): string[] {
    const { items, head } = this.#order;
    const all = items.slice(head).filter((name) => this.has(name));
    return [...new Set(all)].map((name) => this.#names.text(name));
  }
}
