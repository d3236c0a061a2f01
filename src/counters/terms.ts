import { ReplayError } from '../base/errors.ts';
import { byText } from '../base/order.ts';
import type { Term } from '../replay/counters/growing.ts';
import type { CountedKind, Timeline } from '../replay/projections/timeline.ts';

const kinds: readonly CountedKind[] = ['counter', 'request', 'op', 'event'];

/** What a user's name means, and how often it occurs: `null` where nothing here has it. */
export interface ResolvedTerm {
  readonly term: Term | null;
  readonly count: number;
}

/**
 * Finds what a name counts: a counter's count, requests of a kind, operations of a name, events of a type. Where several have
 * it, `counter:`, `request:`, `op:` or `event:` before it says which; otherwise a `ReplayError` does.
 */
export function resolveTerm(text: string, { names }: Timeline): ResolvedTerm {
  const countOf = ({ kind, name }: Term) => names.get(kind)?.get(name);
  const readings = readingsOf(text).flatMap((term) => {
    const count = countOf(term);
    return count === undefined ? [] : [{ term, count }];
  });
  const [only, ...others] = readings;
  if (others.length === 0) return only ?? { term: null, count: 0 };
  const written = readings.map(({ term, count }) => `${term.kind}:${term.name} (${count})`);
  throw new ReplayError(`${text}: several things have this name`, `write ${written.join(' or ')}`);
}

/** All that a name could mean, whether it occurs or not. A name that begins like a prefix is taken as it stands, too. */
function readingsOf(text: string): readonly Term[] {
  const [, kind, name] = /^([a-z]+):(.+)$/s.exec(text) ?? [];
  const named = kinds.filter((known) => known === kind).map((known) => ({ kind: known, name: name as string }));
  return [...named, ...kinds.map((known) => ({ kind: known, name: text }))];
}

/** Names that were perhaps meant: those that hold the asked one, or a part of it, whatever the case. */
export function namesLike(text: string, { names }: Timeline): string[] {
  const asked = text.replace(/^(?:counter|request|op|event):/, '').toLowerCase();
  const all = [...new Set(kinds.flatMap((kind) => [...(names.get(kind)?.keys() ?? [])]))].sort(byText);
  const pieces = asked.split(/[^a-z0-9]+/).filter((piece) => piece.length > 2);
  const score = (name: string) => {
    const known = name.toLowerCase();
    if (pieces.length > 0 && (known.includes(asked) || (known.length > 2 && asked.includes(known))))
      return pieces.length + 1;
    return pieces.filter((piece) => known.includes(piece)).length;
  };
  const scored = all
    .map((name) => ({ name, likeness: score(name) }))
    .filter(({ likeness }) => likeness * 2 > pieces.length);
  return scored
    .sort((left, right) => right.likeness - left.likeness || byText(left.name, right.name))
    .slice(0, 3)
    .map(({ name }) => name);
}
