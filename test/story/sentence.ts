/** Something that happened on a device. */
export interface Happening {
  readonly kind: 'event';
  readonly device: string;
  readonly identity: string | undefined;
  readonly verb: string;
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** Whether the line is in the log, was never written there, stops in the middle, or has no newline. */
  readonly fate: 'kept' | 'lost' | 'torn' | 'unended';
  /** The words after the verb as they came. */
  readonly rest: string;
}

/** A line of a story, taken apart: something that happened, or a setting of the whole run. */
export type Sentence = Happening | { readonly kind: 'setting'; readonly options: ReadonlyMap<string, string> };

/** Takes a line apart; blank lines and those that begin with `#` say nothing. */
export function readLine(line: string): Sentence | undefined {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return undefined;
  if (text.startsWith(':')) return { kind: 'setting', options: partsOf(text.slice(1)).options };
  const fate = fateOf(text);
  const said = fate === 'kept' ? text : text.slice(1).trim();
  const [who = '', verb = ''] = said.split(/\s+/, 2);
  if (verb === '') throw new Error(`story: expected a device and what it does, got ${line}`);
  const [device = '', identity] = who.split('@');
  const rest = said.slice(said.indexOf(verb, who.length) + verb.length).trim();
  return { kind: 'event', device, identity, verb, rest, fate, ...(verb === 'raw' ? nothing : partsOf(rest)) };
}

const nothing = { words: [], options: new Map<string, string>() };

/** Words, and `key=value` pairs; quotes hold blanks together. */
function partsOf(text: string): { words: string[]; options: Map<string, string> } {
  const words: string[] = [];
  const options = new Map<string, string>();
  for (const [part] of text.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)) {
    const [, key, value] = /^([\w.]+)=(.*)$/s.exec(part) ?? [];
    if (key !== undefined && value !== undefined) options.set(key, unquote(value));
    else words.push(unquote(part));
  }
  return { words, options };
}

function unquote(text: string): string {
  return /^(".*"|'.*')$/s.test(text) ? text.slice(1, -1) : text;
}

const fates: Readonly<Record<string, Happening['fate']>> = { '-': 'lost', '~': 'torn', '|': 'unended' };

function fateOf(text: string): Happening['fate'] {
  return fates[text[0] as string] ?? 'kept';
}
