import type { Token } from 'stream-json/parser.js';
import { isRecord } from '../../field.ts';
import { JsonBuilder, scalarOf } from '../../sources/json-builder.ts';
import type { TokenTaker } from '../../sources/json-tokens.ts';
import { listOf } from './attributes.ts';
import type { Resource, Timeline } from './timeline.ts';

/** What an open container of a document holds. */
type Place = 'resources' | 'resource' | 'scopes' | 'scope' | 'spans' | 'elsewhere';

interface Level {
  readonly place: Place;
  /** The newest key, where it is an object. */
  key: string;
}

/** Where a resource's spans are, by scope; the second is what it was called before OTLP 0.15. */
const scopeKeys = ['scopeSpans', 'instrumentationLibrarySpans'];

/** Hands over the spans of one request that is whole in memory: a line of the collector's file exporter. Says whether it had any. */
export function findSpans(
  request: Readonly<Record<string, unknown>>,
  at: number,
  invalid: boolean,
  to: Timeline,
): boolean {
  let found = false;
  for (const entry of listOf(request.resourceSpans).filter(isRecord)) {
    const resource = to.resource();
    to.describe(resource, entry.resource);
    for (const scope of scopeKeys.flatMap((key) => listOf(entry[key])).filter(isRecord)) {
      for (const span of listOf(scope.spans)) {
        to.span(span, resource, at, invalid);
        found = true;
      }
    }
  }
  return found;
}

/** Finds the spans in a document of any size, and numbers them from 1; memory holds one at a time. What is not on the way to them is passed over. */
export class SpanFinder implements TokenTaker {
  readonly #to: Timeline;
  readonly #problem: (at: number, reason: string, kind: 'unreadable' | 'torn') => void;
  readonly #levels: Level[] = [];
  readonly #value = new JsonBuilder();
  #resource: Resource;
  #item = 0;

  constructor(to: Timeline, problem: (at: number, reason: string, kind: 'unreadable' | 'torn') => void) {
    this.#to = to;
    this.#problem = problem;
    this.#resource = to.resource();
  }

  take(token: Token, invalid: boolean): void {
    const level = this.#levels.at(-1);
    if (this.#value.building || this.#isWanted(token, level)) this.#build(token, level?.place === 'spans', invalid);
    else if (token.name === 'startObject' || token.name === 'startArray') this.#enter(token.name, level);
    else if (token.name === 'endObject' || token.name === 'endArray') this.#levels.pop();
    else if (token.name === 'keyValue' && level) level.key = token.value;
    else if (level?.place === 'spans' && scalarOf(token) !== undefined) this.#span(scalarOf(token), invalid);
  }

  fail(reason: string, kind: 'unreadable' | 'torn'): void {
    this.#problem(this.#item + 1, reason, kind);
  }

  #isWanted({ name }: Token, level: Level | undefined): boolean {
    if (name !== 'startObject' && name !== 'startArray') return false;
    return level?.place === 'spans' || (level?.place === 'resource' && level.key === 'resource');
  }

  #build(token: Token, span: boolean, invalid: boolean): void {
    const value = this.#value.take(token);
    if (value === undefined) return;
    if (span) this.#span(value, invalid);
    else this.#to.describe(this.#resource, value);
  }

  #span(value: unknown, invalid: boolean): void {
    this.#item += 1;
    this.#to.span(value, this.#resource, this.#item, invalid);
  }

  #enter(opened: 'startObject' | 'startArray', level: Level | undefined): void {
    const place = opened === 'startArray' ? listIn(level) : objectIn(level);
    if (place === 'resource') this.#resource = this.#to.resource();
    this.#levels.push({ place, key: '' });
  }
}

function listIn(level: Level | undefined): Place {
  if (level?.key === 'resourceSpans' && level.place === 'elsewhere') return 'resources';
  if (level?.place === 'resource' && scopeKeys.includes(level.key)) return 'scopes';
  return level?.place === 'scope' && level.key === 'spans' ? 'spans' : 'elsewhere';
}

function objectIn(level: Level | undefined): Place {
  if (level?.place === 'resources') return 'resource';
  return level?.place === 'scopes' ? 'scope' : 'elsewhere';
}
