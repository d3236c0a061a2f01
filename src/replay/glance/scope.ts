import type { Mentions } from '../../base/mentions.ts';
import { Names } from '../../events/columns/names.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import { itemsAt, outputWidth } from './write-row.ts';

/** Where more than this is in dispute, it is so nearly everywhere. */
const mostSought = 256;

/** What a `write` line says, as places in its batch; 0 where it says nothing of that. */
interface Written {
  readonly effect: number;
  readonly cid: number;
  readonly inputs: number;
  readonly outputs: number;
}

/**
 * What is looked at closely of one identity: effects that are open, those that are through and are sought or touch a token of these, and
 * the tokens of them all. Grows while writes pass.
 */
export class Scope {
  readonly #book: Book;
  /** The tokens of what is open, by their numbers. */
  readonly #tokens: ReadonlySet<number>;
  /** The hashes of all that is in dispute from the beginning. */
  readonly #hashes: readonly number[];
  /** Effects that are through, what they spend of others, and what is made by all that are picked. */
  readonly #kin = new Names();
  readonly #strange = new Names();
  readonly #made = new Names();
  /** The content ids of effects that are picked. */
  readonly #cids = new Names();

  constructor(book: Book) {
    this.#book = book;
    this.#tokens = book.disputed();
    const { effects, tokens, sought } = book;
    this.#hashes = [
      ...[...effects.open()].map((effect) => effects.names.hashOf(effect)),
      ...[...this.#tokens].map((token) => tokens.names.hashOf(token)),
      ...sought.hashes(),
    ];
  }

  /** Whether anything that is looked at may be among what was mentioned somewhere. */
  isIn(mentions: Mentions): boolean {
    if (this.#hashes.length > mostSought) return true;
    return [...this.#hashes, ...this.#kin.hashes(), ...this.#cids.hashes()].some((hash) => mentions.mayHave(hash));
  }

  /** Whether an effect is open, or is looked at with one that is. */
  isOpen(words: Int32Array, effect: number): boolean {
    return this.#book.find(words, effect) >= 0 || this.#kin.find(words, effect) >= 0 || this.#isSought(words, effect);
  }

  isDisputed(words: Int32Array, token: number): boolean {
    if (this.#book.sought.seeksToken(words, token)) return true;
    return this.#tokens.size > 0 && this.#tokens.has(this.#book.tokens.names.find(words, token));
  }

  /** Whether a token's life has gone by the book, which says what it needs to, though an effect that is picked spends it. */
  isStrange(words: Int32Array, token: number): boolean {
    return this.#strange.find(words, token) >= 0;
  }

  /** Whether a line verifies an effect that is picked, by its own id or that of its content. */
  isVerified(words: Int32Array, effect: number, cid: number): boolean {
    return (effect !== 0 && this.isOpen(words, effect)) || (cid !== 0 && this.#cids.find(words, cid) >= 0);
  }

  /** Takes what a device writes, if that bears on what is open. Returns whether it does. */
  takes(words: Int32Array, { effect, cid, inputs, outputs }: Written): boolean {
    const isOpen = this.#book.find(words, effect) >= 0;
    if (!isOpen && !this.#isSought(words, effect) && !this.#touchesDispute(words, inputs, outputs)) return false;
    const spent = spentAt(words, inputs);
    const made = madeAt(words, outputs, this.#book);
    if (!isOpen) {
      add(this.#kin, words, effect);
      for (const token of spent) {
        if (!this.isDisputed(words, token) && this.#made.find(words, token) < 0) add(this.#strange, words, token);
      }
    }
    for (const token of made) add(this.#made, words, token);
    if (cid !== 0) add(this.#cids, words, cid);
    return true;
  }

  #touchesDispute(words: Int32Array, inputs: number, outputs: number): boolean {
    for (let index = itemsAt(words, inputs); index > 0; index -= 1) {
      if (this.isDisputed(words, words[inputs + index] as number)) return true;
    }
    for (let index = itemsAt(words, outputs) - 1; index >= 0; index -= 1) {
      const at = outputs + 1 + index * outputWidth;
      if (this.#book.owns(words, words[at + 3] as number) && this.isDisputed(words, words[at] as number)) return true;
    }
    return false;
  }

  #isSought(words: Int32Array, effect: number): boolean {
    return this.#book.sought.seeksEffect(words, effect);
  }
}

/** The places of the tokens that an effect spends. */
function spentAt(words: Int32Array, inputs: number): readonly number[] {
  return Array.from({ length: itemsAt(words, inputs) }, (_, index) => words[inputs + 1 + index] as number);
}

/** The places of the tokens that an effect makes for its own identity. */
function madeAt(words: Int32Array, outputs: number, book: Book): readonly number[] {
  const made: number[] = [];
  for (let index = 0; index < itemsAt(words, outputs); index += 1) {
    const at = outputs + 1 + index * outputWidth;
    if (book.owns(words, words[at + 3] as number)) made.push(words[at] as number);
  }
  return made;
}

/** Adds a text that may be there already. */
function add(names: Names, words: Int32Array, at: number): void {
  if (names.numberOf(words, at) < 0) throw new Beyond('a long id');
}
