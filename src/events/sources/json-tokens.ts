import type { Token } from 'stream-json/parser.js';
import type { LogSource } from '../reader.ts';
import { SourceDamage } from './damage.ts';

/** Takes a JSON document apart, token by token. */
export interface TokenTaker {
  /** `invalid`: bytes that are not UTF-8 were met in the document so far. */
  take(token: Token, invalid: boolean): void;
  /** Nothing more will come, and the document is not at its end. */
  fail(reason: string, kind: 'unreadable' | 'torn'): void;
}

/** Reads a JSON document as a stream of tokens, so that memory never holds it. Yields after each chunk of the source. */
export async function* readTokens(source: LogSource, taker: TokenTaker): AsyncGenerator<void> {
  // Most logs are no such documents.
  const { jsonParser } = await import('stream-json/parser.js');
  const parse = jsonParser({ streamValues: false }) as Parse;
  const document = new Tokens(taker, parse);
  const decoder = new TextDecoder('utf-8');
  const strict = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of source.chunks()) {
      document.invalid ||= !isDecoded(strict, chunk);
      if (!document.push(decoder.decode(chunk, { stream: true }))) return;
      yield;
    }
    document.end('the document ends inside of it');
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
    document.end(error.message);
  }
}

/** Whether the next chunk goes on as UTF-8: a text that holds U+FFFD may be one in which it was written so. */
function isDecoded(strict: InstanceType<typeof TextDecoder>, chunk: Uint8Array): boolean {
  try {
    strict.decode(chunk, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The tokens of the next piece of a text. */
type Parse = (text: string) => { readonly values?: readonly Token[] };

class Tokens {
  readonly #to: TokenTaker;
  readonly #parse: Parse;
  #depth = 0;
  #begun = false;
  /** Whether bytes were met that are not UTF-8. */
  invalid = false;

  constructor(taker: TokenTaker, parse: Parse) {
    this.#to = taker;
    this.#parse = parse;
  }

  /** Takes more text. Answers false once nothing more can be read. */
  push(text: string): boolean {
    // A parser that fails forgets the tokens of the piece at hand: with pieces that end where objects end, no whole record is among them.
    for (let start = 0; start < text.length; ) {
      const brace = text.indexOf('}', start);
      const end = brace < 0 ? text.length : brace + 1;
      let tokens: readonly Token[];
      try {
        tokens = this.#parse(text.slice(start, end)).values ?? [];
      } catch {
        this.#to.fail('the document is not JSON from here on; the items before are used', 'unreadable');
        return false;
      }
      for (const token of tokens) this.#take(token);
      start = end;
    }
    return true;
  }

  /** The end of the input. `reason` says what is wrong where the document is not at its end. */
  end(reason: string): void {
    if (this.#begun && this.#depth === 0) return;
    this.#to.fail(`cut off: ${reason}; the items before are used`, 'torn');
  }

  #take(token: Token): void {
    this.#begun = true;
    if (token.name === 'startObject' || token.name === 'startArray') this.#depth += 1;
    else if (token.name === 'endObject' || token.name === 'endArray') this.#depth -= 1;
    this.#to.take(token, this.invalid);
  }
}
