import { Names } from '../../events/columns/names.ts';
import { Beyond } from './beyond.ts';

/** Effects and tokens of which something was said that does not go by the book, and of which a book may know nothing any more: to be looked up by their ids. */
export class Sought {
  private readonly effects = new Names();
  private readonly tokens = new Names();

  get isEmpty(): boolean {
    return this.effects.size + this.tokens.size === 0;
  }

  /** The first hashes of them all. */
  hashes(): readonly number[] {
    return [...this.effects.hashes(), ...this.tokens.hashes()];
  }

  seekEffect(words: Int32Array, at: number): void {
    add(this.effects, words, at);
  }

  seekToken(words: Int32Array, at: number): void {
    add(this.tokens, words, at);
  }

  seeksEffect(words: Int32Array, at: number): boolean {
    return this.effects.size > 0 && this.effects.find(words, at) >= 0;
  }

  seeksToken(words: Int32Array, at: number): boolean {
    return this.tokens.size > 0 && this.tokens.find(words, at) >= 0;
  }
}

function add(names: Names, words: Int32Array, at: number): void {
  if (names.numberOf(words, at) < 0) throw new Beyond('a long id');
}
