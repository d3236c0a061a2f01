import type { Token } from 'stream-json/parser.js';
import { isRecord } from '../field.ts';
import type { LogReader, SourceHead } from '../reader.ts';
import { Collector } from '../sources/collector.ts';
import { headLines } from '../sources/head.ts';
import { JsonBuilder, scalarOf } from '../sources/json-builder.ts';
import { readTokens, type TokenTaker } from '../sources/json-tokens.ts';
import { parseJson } from '../sources/salvage.ts';

/**
 * A JSON array of records, or an object that holds one or several of them, however deep: `{"data": {"events": [{…}]}}`. Read as a stream of
 * tokens, so that memory holds one record and never the document. Records are counted from 1 through all arrays.
 */
export const jsonDocument: LogReader = {
  name: 'json-document',
  needsWhole: true,
  recognises: isDocument,
  async *read(source, context) {
    const collector = new Collector(source, context, 'item');
    for await (const _ of readTokens(source, new RecordFinder(collector))) yield collector.take();
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

/** The way down to the records: an array that holds some makes everything in it an item. */
interface Level {
  readonly array: boolean;
  items: number;
}

class RecordFinder implements TokenTaker {
  readonly #to: Collector;
  readonly #record = new JsonBuilder();
  /** Outside of records: the containers that are open. */
  readonly #levels: Level[] = [];
  #item = 0;

  constructor(collector: Collector) {
    this.#to = collector;
  }

  take(token: Token, invalid: boolean): void {
    if (this.#record.building) this.#build(token, invalid);
    else if (token.name === 'startObject' && this.#levels.at(-1)?.array) {
      this.#nextItem();
      this.#record.take(token);
    } else if (token.name === 'startObject') this.#levels.push({ array: false, items: 0 });
    else if (token.name === 'startArray') this.#levels.push({ array: true, items: 0 });
    else if (token.name === 'endObject' || token.name === 'endArray') this.#levels.pop();
    else if (token.name !== 'keyValue') this.#stray(scalarOf(token));
  }

  fail(reason: string, kind: 'unreadable' | 'torn'): void {
    this.#to.problem(this.#record.building ? this.#item : this.#item + 1, reason, kind);
  }

  #nextItem(): void {
    const level = this.#levels.at(-1);
    if (level) level.items += 1;
    this.#item += 1;
  }

  #build(token: Token, invalid: boolean): void {
    const record = this.#record.take(token) as Record<string, unknown> | undefined;
    if (record === undefined) return;
    if (record.v !== undefined) this.#to.record(record, this.#item, invalid);
    else if (!this.#to.mapping) this.#to.skip();
    else this.#to.map({ line: JSON.stringify(record), record }, this.#item, () => this.#to.skip());
  }

  /** A value that is no object: out of place among records, and in an array of the document's own; of no interest elsewhere. */
  #stray(value: unknown): void {
    const level = this.#levels.at(-1);
    if (value === undefined || !level?.array || (level.items === 0 && this.#levels.length > 1)) return;
    this.#item += 1;
    this.#to.problem(this.#item, `expected an object, got ${JSON.stringify(value)}`);
  }
}
