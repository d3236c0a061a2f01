import { jsonParser, type Token } from 'stream-json/parser.js';
import { isRecord } from '../field.ts';
import type { LogReader, SourceHead } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { SourceDamage } from '../sources/damage.ts';
import { headLines } from '../sources/head.ts';
import { parseJson } from '../sources/salvage.ts';

/**
 * A JSON array of records, or an object that holds one or several of them, however deep: `{"data": {"events": [{…}]}}`. Read as a stream of
 * tokens, so that memory holds one record and never the document. Records are counted from 1 through all arrays.
 */
export const jsonDocument: LogReader = {
  name: 'json-document',
  recognises: isDocument,
  async *read(source, context) {
    const collector = new Collector(source, context, 'item');
    const document = new DocumentReader(collector);
    const decoder = new TextDecoder('utf-8');
    try {
      for await (const chunk of source.chunks()) {
        if (!document.push(decoder.decode(chunk, { stream: true }))) break;
        yield collector.take();
      }
      document.end('the document ends inside of it');
    } catch (error) {
      if (!(error instanceof SourceDamage)) throw error;
      document.end(error.message);
    }
    yield collector.take();
  },
};

/** Keys that a log line has and a document around log lines has not. */
const lineKeys = ['v', 'level', 'time', 'ts', 'msg'];

function isDocument(head: SourceHead): boolean {
  const lines = headLines(head);
  const first = lines[0]?.trim() ?? '';
  if (first.startsWith('[')) return /^\[\s*(?:[{\]]|$)/.test(first);
  if (first === '{') return /\[\s*\{/.test(head.text);
  const key = /^\{\s*"([^"]*)"\s*:\s*[[{]/.exec(first)?.[1];
  if (key === undefined || lineKeys.includes(key)) return false;
  const value = parseJson(first);
  if (value === undefined) return /\[\s*(?:\{|$)/.test(first) || lines.length > 1;
  return lines.length === 1 && isRecord(value) && !lineKeys.some((name) => name in value) && holdsRecords(value);
}

function holdsRecords(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isRecord);
  return isRecord(value) && Object.values(value).some(holdsRecords);
}

const packed = new Set(['stringValue', 'nullValue', 'trueValue', 'falseValue']);

type Container = Record<string, unknown> | unknown[];

/** The way down to the records: an array that holds some makes everything in it an item. */
interface Level {
  readonly array: boolean;
  items: number;
}

class DocumentReader {
  readonly #to: Collector;
  readonly #parse = jsonParser({ streamValues: false }) as (text: string) => { readonly values?: readonly Token[] };
  /** Outside of records: the containers that are open. */
  readonly #levels: Level[] = [];
  /** Inside of a record: its containers that are open, the record itself first. */
  readonly #open: Container[] = [];
  readonly #keys: string[] = [];
  #item = 0;
  #invalid = false;
  #begun = false;
  #ended = false;

  constructor(collector: Collector) {
    this.#to = collector;
  }

  /** Takes more text. Answers false once nothing more can be read. */
  push(text: string): boolean {
    this.#invalid ||= text.includes('\ufffd');
    // A parser that fails forgets the tokens of the piece at hand: with pieces that end where objects end, no whole record is among them.
    for (let start = 0; start < text.length; ) {
      const brace = text.indexOf('}', start);
      const end = brace < 0 ? text.length : brace + 1;
      try {
        for (const token of this.#parse(text.slice(start, end)).values ?? []) this.#take(token);
      } catch {
        this.#fail('the document is not JSON from here on; the items before are used', 'unreadable');
        return false;
      }
      start = end;
    }
    return true;
  }

  /** The end of the input. `reason` says what is wrong where the document is not at its end. */
  end(reason: string): void {
    if (this.#ended || (this.#begun && this.#levels.length === 0)) return;
    this.#fail(`cut off: ${reason}; the items before are used`, 'torn');
  }

  #fail(reason: string, kind: 'unreadable' | 'torn'): void {
    this.#ended = true;
    this.#to.problem(this.#open.length > 0 ? this.#item : this.#item + 1, reason, kind);
  }

  #take(token: Token): void {
    this.#begun = true;
    if (token.name === 'startObject') this.#start({});
    else if (token.name === 'startArray') this.#start([]);
    else if (token.name === 'endObject' || token.name === 'endArray') this.#end();
    else if (token.name === 'keyValue') this.#keys[Math.max(0, this.#open.length - 1)] = token.value;
    else if (token.name === 'numberValue') this.#scalar(exactNumber(token.value));
    else if (packed.has(token.name)) this.#scalar((token as { value?: unknown }).value);
  }

  #start(container: Container): void {
    const level = this.#levels.at(-1);
    if (this.#open.length > 0) this.#put(container);
    else if (!level?.array || Array.isArray(container)) {
      this.#levels.push({ array: Array.isArray(container), items: 0 });
      return;
    } else {
      level.items += 1;
      this.#item += 1;
    }
    this.#open.push(container);
  }

  #end(): void {
    const container = this.#open.pop();
    if (container === undefined) this.#levels.pop();
    else if (this.#open.length === 0) this.#record(container as Record<string, unknown>);
  }

  #scalar(value: unknown): void {
    const level = this.#levels.at(-1);
    if (this.#open.length > 0) this.#put(value);
    else if (level?.array && (level.items > 0 || this.#levels.length === 1)) {
      this.#item += 1;
      this.#to.problem(this.#item, `expected an object, got ${JSON.stringify(value)}`);
    }
  }

  #put(value: unknown): void {
    const container = this.#open.at(-1) as Container;
    const key = this.#keys[this.#open.length - 1] as string;
    if (Array.isArray(container)) container.push(value);
    else if (key !== '__proto__') container[key] = value;
  }

  #record(record: Record<string, unknown>): void {
    if (record.v !== undefined) this.#to.record(record, this.#item, this.#invalid);
    else if (!this.#to.mapping) this.#to.skip();
    else this.#to.map({ line: JSON.stringify(record), record }, this.#item, () => this.#to.skip());
  }
}

/** A number whose fraction is lost in a double is no number at all: as an amount it would pass for a whole one. */
function exactNumber(text: string): number {
  const number = Number(text);
  return Number.isInteger(number) && /\.\d*[1-9]/.test(text) && !/e/i.test(text) ? Number.NaN : number;
}
