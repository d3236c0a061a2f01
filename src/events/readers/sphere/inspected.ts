/** Deeper or longer than this nothing is read: `util.inspect` abbreviates far earlier by itself. */
const deepest = 64;
const longest = 1024 * 1024;

/**
 * Reads what `util.inspect` printed: `{ count: 1, 'a.b': 'x', deep: [Object] }`, on one line or many. Numbers, texts, booleans, lists and
 * objects come back as themselves; what inspect abbreviates or has no JSON for stays the text that it printed. `undefined` where the text
 * is something else, or something follows it. Linear in the length of the text.
 */
export function parseInspected(text: string): unknown {
  if (text.length > longest) return undefined;
  const reader = new InspectedReader(text);
  try {
    const value = reader.value(0);
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error === notInspected) return undefined;
    throw error;
  }
}

const notInspected = Symbol('not the output of util.inspect');

const blank = /\s*/y;
const key = /(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|\[Symbol\([^)]*\)\]|[^\s:,{}[\]'"`]+)(?=:)/y;
const quoted = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`/y;
const more = /\.\.\. \d+ more \w+/y;
const prefix = /(?:<ref \*\d+> )?(?:\[[^\]\n]*\] |[A-Za-z_$][\w$.]*(?:\(\d+\))? )*(?=[{[])/y;
const abbreviation =
  /\[(?:[A-Z]\w*|Circular \*\d+|(?:Function|Class|Getter|class|Getter\/Setter|Setter)\b[^\]\n]*|\w+: [^\]\n]*)\]|<[^>\n]*>/y;
const bare = /[^,{}[\]\n]*[^,{}[\]\n\s]/y;

class InspectedReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#take(blank);
    return this.#at === this.#text.length;
  }

  value(depth: number): unknown {
    if (depth > deepest) throw notInspected;
    this.#take(blank);
    const short = this.#take(abbreviation);
    if (short !== undefined) return short;
    this.#take(prefix);
    if (this.#next('{')) return this.#object(depth);
    if (this.#next('[')) return this.#list(depth);
    const string = this.#take(quoted);
    if (string !== undefined) return this.#joined(unquote(string));
    const word = this.#take(bare);
    if (word === undefined) throw notInspected;
    return fromWord(word);
  }

  #object(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.#closes('}')) {
      const name = this.#take(key);
      if (name === undefined) {
        if (this.#take(more) === undefined) throw notInspected;
      } else {
        this.#at += 1;
        entries.push([/^['"`]/.test(name) ? unquote(name) : name, this.value(depth + 1)]);
      }
      this.#separate('}');
    }
    return Object.fromEntries(entries);
  }

  #list(depth: number): unknown[] {
    const items: unknown[] = [];
    while (!this.#closes(']')) {
      if (this.#take(more) === undefined) items.push(this.value(depth + 1));
      this.#separate(']');
    }
    return items;
  }

  /** A long text is printed in parts: `'…' +` and the next part on a line of its own. */
  #joined(start: string): string {
    let text = start;
    for (let part = this.#take(/ \+\n\s*/y); part !== undefined; part = this.#take(/ \+\n\s*/y)) {
      const string = this.#take(quoted);
      if (string === undefined) throw notInspected;
      text += unquote(string);
    }
    return text;
  }

  #closes(bracket: string): boolean {
    this.#take(blank);
    return this.#next(bracket);
  }

  /** A comma between two entries; none is needed before the closing bracket. */
  #separate(bracket: string): void {
    this.#take(blank);
    if (!this.#next(',') && this.#text[this.#at] !== bracket) throw notInspected;
  }

  #next(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', 0: '\0' };

function unquote(string: string): string {
  return string
    .slice(1, -1)
    .replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|([\s\S]))/gi, (_, byte?: string, unit?: string, character?: string) => {
      if (character !== undefined) return escapes[character] ?? character;
      return String.fromCharCode(Number.parseInt((byte ?? unit) as string, 16));
    });
}

function fromWord(word: string): unknown {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  if (word === 'undefined') return undefined;
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(word) ? Number(word) : word;
}
