import type { Token } from 'stream-json/parser.js';

type Container = Record<string, unknown> | unknown[];

/** Builds one object or list from its tokens, and is then ready for the next: memory holds one, and never the document around it. */
export class JsonBuilder {
  readonly #open: Container[] = [];
  readonly #keys: string[] = [];

  /** Whether a value has begun and not ended. */
  get building(): boolean {
    return this.#open.length > 0;
  }

  /** Takes the next token, of which the first opens the value. Answers the value with the token that closes it. */
  take(token: Token): unknown {
    if (token.name === 'startObject') this.#open.push(this.#put({}));
    else if (token.name === 'startArray') this.#open.push(this.#put([]));
    else if (token.name === 'keyValue') this.#keys[this.#open.length - 1] = token.value;
    else if (token.name === 'endObject' || token.name === 'endArray') {
      const container = this.#open.pop();
      return this.building ? undefined : container;
    } else {
      const value = scalarOf(token);
      if (value !== undefined) this.#put(value);
    }
    return undefined;
  }

  #put<Value>(value: Value): Value {
    const container = this.#open.at(-1);
    const key = this.#keys[this.#open.length - 1] as string;
    if (Array.isArray(container)) container.push(value);
    else if (container && key !== '__proto__') container[key] = value;
    return value;
  }
}

/** What a token says that is a whole value by itself; `undefined` for one that opens, closes or names something. */
export function scalarOf(token: Token): unknown {
  if (token.name === 'numberValue') return exactNumber(token.value);
  if (token.name === 'stringValue' || token.name === 'nullValue') return token.value;
  if (token.name === 'trueValue' || token.name === 'falseValue') return token.value;
  return undefined;
}

/** A number whose fraction is lost in a double is no number at all: as an amount it would pass for a whole one. */
function exactNumber(text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && /\.\d*[1-9]/.test(text) && !/e/i.test(text) ? Number.NaN : number;
}
