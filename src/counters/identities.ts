import { ReplayError } from '../base/errors.ts';
import type { Timeline } from '../replay/projections/timeline.ts';
import type { IdentityAnswer, IdentityTerm, LostWindow } from '../results-top.ts';
import { namesLike, resolveTerm } from './terms.ts';

/** Two sums that a user says are equal. */
export interface Identity {
  readonly text: string;
  readonly left: readonly string[];
  readonly right: readonly string[];
}

type Side = IdentityAnswer['left'];

/** What may be missing from the logs, and could make a side greater than it looks. */
export interface Missing {
  readonly lost: readonly LostWindow[];
  /** Places of missing or unreadable lines, and processes whose log was cut off. */
  readonly holes: number;
  readonly cutOff: number;
}

/** Reads `a + b == c`. Throws a `ReplayError` for what is no identity; names may hold anything but ` + ` and `==`. */
export function parseIdentity(text: string): Identity {
  const sides = text.split('==').map((side) => side.split(/\s\+\s/).map((term) => term.trim()));
  const [left, right] = sides;
  if (sides.length !== 2 || !left || !right || sides.flat().includes('')) {
    throw new ReplayError(
      `--check: expected an identity such as 'a == b' or 'a + b == c', got ${text.trim() || 'nothing'}`,
      'a side is a name, a whole number, or several with + between; blanks stand around a +',
    );
  }
  return { text: text.trim().replace(/\s+/g, ' '), left, right };
}

/**
 * Holds an identity against what was counted. A difference is a violation only if no line that is missing could explain it:
 * a side can have counted more than is seen, never less. Throws a `ReplayError` where a name has several meanings.
 */
export function judgeIdentity({ text, left, right }: Identity, timeline: Timeline, missing: Missing): IdentityAnswer {
  const sides = { left: sideOf(left, timeline), right: sideOf(right, timeline) };
  const difference = sides.right.count - sides.left.count;
  const answer = (verdict: IdentityAnswer['verdict'], reason: string | null): IdentityAnswer => ({
    ...{ identity: text, verdict, ...sides, difference, reason },
  });
  const absent = [...sides.left.terms, ...sides.right.terms].filter(({ kind }) => kind === null);
  if (absent.length > 0) return answer('not-checked', absent.map(({ term }) => absence(term, timeline)).join('; '));
  if (difference === 0) return answer('held', null);
  const smaller = difference > 0 ? sides.left : sides.right;
  const excuse = excuseOf(smaller, missing);
  return excuse === null ? answer('violated', null) : answer('not-checked', excuse);
}

function sideOf(terms: readonly string[], timeline: Timeline): Side {
  const counted = terms.map((term): IdentityTerm => {
    if (/^\d{1,15}$/.test(term)) return { term, kind: 'number', count: Number(term) };
    const { term: found, count } = resolveTerm(term, timeline);
    return { term, kind: found?.kind ?? null, count };
  });
  return { count: counted.reduce((sum, { count }) => sum + count, 0), terms: counted };
}

function absence(term: string, timeline: Timeline): string {
  const like = namesLike(term, timeline);
  return `${term} does not occur${like.length === 0 ? '' : `; there is ${like.join(', ')}`}`;
}

/** What could have made the side that falls short greater; `null` where nothing could. */
function excuseOf({ terms }: Side, { lost, holes, cutOff }: Missing): string | null {
  if (terms.every(({ kind }) => kind === 'number')) return null;
  const excuses = [
    ...(lost.length > 0 && terms.some(({ kind }) => kind === 'counter')
      ? [
          `${numbered(lost.length, 'process')} ended without a last dump of ${lost.length === 1 ? 'its' : 'their'} counters`,
        ]
      : []),
    ...(holes > 0 ? [`lines are missing or cannot be read in ${numbered(holes, 'place')}`] : []),
    ...(cutOff > 0 ? [`${numbered(cutOff, 'process')} left a log without an end`] : []),
  ];
  return excuses.length === 0 ? null : `what is short could be where nothing was logged: ${excuses.join('; ')}`;
}

function numbered(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : noun.endsWith('s') ? 'es' : 's'}`;
}
